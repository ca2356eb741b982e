// Matrix products, row-major with strides. A block computes a tile of 32 x 64 outputs, 128 threads
// with 4 x 4 of them each, and walks the inner dimension 16 at a time through shared memory. Each
// output has one order of summation, so two runs give the same bits.
#include "activation.cuh"

static const int TILE_M = 32;
static const int TILE_N = 64;
static const int TILE_K = 16;
static const int EACH = 4;
static const int GEMM_THREADS = (TILE_M / EACH) * (TILE_N / EACH);

// An operand as its tile sees it: element (o, k) of outer index o and inner index k. INNER says that
// k is the index that runs along memory, so that neighbouring threads load neighbours. With ONES
// there is one more outer index, whose elements are all 1.
template <bool INNER, bool ONES, int OUTER_TILE>
static __device__ __forceinline__ void load_tile(
    float (*tile)[OUTER_TILE + 1], const float* matrix, int stride, int outer, int outer_begin,
    int inner_begin, int inner_end) {
#pragma unroll
  for (int i = 0; i < OUTER_TILE * TILE_K / GEMM_THREADS; i++) {
    int e = threadIdx.x + i * GEMM_THREADS;
    int o = outer_begin + (INNER ? e / TILE_K : e % OUTER_TILE);
    int k = inner_begin + (INNER ? e % TILE_K : e / OUTER_TILE);
    float value = 0.0f;
    if (k < inner_end && o < outer) {
      value = INNER ? matrix[(size_t)o * stride + k] : matrix[(size_t)k * stride + o];
    } else if (ONES && k < inner_end && o == outer) {
      value = 1.0f;
    }
    tile[k - inner_begin][o - outer_begin] = value;
  }
}

struct Sums {
  float of[EACH][EACH];
};

template <bool A_INNER, bool B_INNER, bool ONES>
__device__ __forceinline__ Sums tile_product(
    const float* a, int a_stride, int m, const float* b, int b_stride, int n, int begin, int end) {
  __shared__ float a_tile[TILE_K][TILE_M + 1];
  __shared__ float b_tile[TILE_K][TILE_N + 1];
  int tm = threadIdx.x / (TILE_N / EACH);
  int tn = threadIdx.x % (TILE_N / EACH);
  Sums sums = {};
  for (int k0 = begin; k0 < end; k0 += TILE_K) {
    load_tile<A_INNER, ONES, TILE_M>(a_tile, a, a_stride, m, blockIdx.x * TILE_M, k0, end);
    load_tile<B_INNER, false, TILE_N>(b_tile, b, b_stride, n, blockIdx.y * TILE_N, k0, end);
    __syncthreads();
#pragma unroll
    for (int k = 0; k < TILE_K; k++) {
#pragma unroll
      for (int i = 0; i < EACH; i++) {
#pragma unroll
        for (int j = 0; j < EACH; j++) {
          sums.of[i][j] +=
              a_tile[k][tm + i * (TILE_M / EACH)] * b_tile[k][tn + j * (TILE_N / EACH)];
        }
      }
    }
    __syncthreads();
  }
  return sums;
}

// Calls use(i, j, row, column) for the outputs of this thread that exist.
template <class Use>
static __device__ __forceinline__ void for_each_output(int m, int n, Use use) {
  int row = blockIdx.x * TILE_M + threadIdx.x / (TILE_N / EACH);
  int column = blockIdx.y * TILE_N + threadIdx.x % (TILE_N / EACH);
#pragma unroll
  for (int i = 0; i < EACH; i++) {
#pragma unroll
    for (int j = 0; j < EACH; j++) {
      int r = row + i * (TILE_M / EACH);
      int c = column + j * (TILE_N / EACH);
      if (r < m && c < n) {
        use(i, j, r, c);
      }
    }
  }
}

// C = f(A * B + bias): A [m, k], B [k, n], bias [n] or null. One step forward, or a dense layer.
// Grid: [ceil(m / 32), ceil(n / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS) gemm_forward(
    const float* a, int a_stride, const float* b, const float* bias, float* c, int c_stride, int m,
    int n, int k, int f) {
  Sums sums = tile_product<true, false, false>(a, a_stride, m, b, n, n, 0, k);
  for_each_output(m, n, [&](int i, int j, int row, int column) {
    float z = sums.of[i][j] + (bias ? bias[column] : 0.0f);
    c[(size_t)row * c_stride + column] = activate(f, z);
  });
}

// C = (A * B' + D) . f'(Y): A [m, k], B [n, k], D [m, n] or null, Y [m, n] the layer's outputs or
// null. One step back through time; without D and Y, the gradient by a layer's inputs. k may be 0.
// Grid: [ceil(m / 32), ceil(n / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS) gemm_backward(
    const float* a, int a_stride, const float* b, int b_stride, const float* d, const float* y,
    int y_stride, float* c, int m, int n, int k, int f) {
  Sums sums = tile_product<true, true, false>(a, a_stride, m, b, b_stride, n, 0, k);
  for_each_output(m, n, [&](int i, int j, int row, int column) {
    size_t at = (size_t)row * n + column;
    float gradient = sums.of[i][j] + (d ? d[at] : 0.0f);
    c[at] = y ? gradient * derivative(f, y[(size_t)row * y_stride + column]) : gradient;
  });
}

// partial[slice] = A' * B over the slice's rows: A [k, m] and, for the gradient of a bias, one more
// column of ones, which counts if `ones` is 1; B [k, n]. Weights' gradients, the long inner
// dimension cut into gridDim.z slices that `sum_slices` adds up in their order.
// Grid: [ceil((m + ones) / 32), ceil(n / 64), slices].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS) gemm_weights(
    const float* a, int a_stride, const float* b, float* partial, int m, int n, int k, int ones) {
  int each = (k + gridDim.z - 1) / gridDim.z;
  int begin = blockIdx.z * each;
  Sums sums =
      tile_product<false, false, true>(a, a_stride, m, b, n, n, begin, min(k, begin + each));
  int rows = m + ones;
  float* mine = partial + (size_t)blockIdx.z * rows * n;
  for_each_output(rows, n, [&](int i, int j, int row, int column) {
    mine[(size_t)row * n + column] = sums.of[i][j];
  });
}

// gradient = the sum of the slices' partial sums, first to last. Grid: ceil(count / 256).
extern "C" __global__ void __launch_bounds__(256) sum_slices(
    const float* partial, float* gradient, int count, int slices) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    float sum = partial[i];
    for (int s = 1; s < slices; s++) {
      sum += partial[(size_t)s * count + i];
    }
    gradient[i] = sum;
  }
}
