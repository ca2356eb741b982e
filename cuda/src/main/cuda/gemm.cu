// Matrix products, row-major with strides. A block computes a tile of 32 x 64 outputs, 128 threads
// with 4 x 4 of them each, and walks the inner dimension 16 at a time through shared memory, where
// two tiles take turns: the next is on its way while one is multiplied. Each output has one order
// of summation, so two runs give the same bits.
#include "activation.cuh"

static const int TILE_M = 32;
static const int TILE_N = 64;
static const int TILE_K = 16;
static const int EACH = 4;
static const int GEMM_THREADS = (TILE_M / EACH) * (TILE_N / EACH);
static const int PAD = 4;  // keeps rows of a tile on 16 bytes

// An operand's part of a tile, on its way from memory: element (o, k) of outer index o and inner
// index k. INNER says that k is the index that runs along memory, so that neighbouring threads load
// neighbours. With ONES there is one more outer index, whose elements are all 1.
template <bool INNER, bool ONES, int OUTER_TILE>
struct Part {
  static const int COUNT = OUTER_TILE * TILE_K / GEMM_THREADS;
  static const int STEP_O = INNER ? GEMM_THREADS / TILE_K : 0;
  static const int STEP_K = INNER ? 0 : GEMM_THREADS / OUTER_TILE;

  const float* from;
  size_t stride;
  int k;           // this thread's first inner index
  int outer_left;  // outer indices from this thread's first on
  float of[COUNT];

  __device__ __forceinline__ Part(
      const float* matrix, int stride, int outer, int outer_begin, int inner_begin)
      : stride(stride) {
    int o = outer_begin + my_o();
    k = inner_begin + my_k();
    outer_left = outer - o;
    from = INNER ? matrix + (size_t)o * stride + k : matrix + (size_t)k * stride + o;
  }

  static __device__ __forceinline__ int my_o() {
    return INNER ? threadIdx.x / TILE_K : threadIdx.x % OUTER_TILE;
  }

  static __device__ __forceinline__ int my_k() {
    return INNER ? threadIdx.x % TILE_K : threadIdx.x / OUTER_TILE;
  }

  // Loads the tile at hand and moves on to the next.
  __device__ __forceinline__ void load(int end) {
    int left = end - k;
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
      bool inside = i * STEP_K < left;
      float value = 0.0f;
      if (inside && i * STEP_O < outer_left) {
        value = from[i * (INNER ? STEP_O : STEP_K) * stride];
      } else if (ONES && inside && i * STEP_O == outer_left) {
        value = 1.0f;
      }
      of[i] = value;
    }
    k += TILE_K;
    from += INNER ? TILE_K : TILE_K * stride;
  }

  __device__ __forceinline__ void store(float (*tile)[OUTER_TILE + PAD]) {
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
      tile[my_k() + i * STEP_K][my_o() + i * STEP_O] = of[i];
    }
  }
};

struct Sums {
  float of[EACH][EACH];
};

// A thread has neighbouring rows, which it reads at once, and columns in pairs that are half a tile
// apart, so that a warp reads, and writes, neighbours.
static __device__ __forceinline__ int my_row(int i) {
  return threadIdx.x / (TILE_N / EACH) * EACH + i;
}

static __device__ __forceinline__ int my_column(int j) {
  return threadIdx.x % (TILE_N / EACH) * 2 + j % 2 + j / 2 * (TILE_N / 2);
}

template <bool A_INNER, bool B_INNER, bool ONES>
__device__ __forceinline__ Sums tile_product(
    const float* a, int a_stride, int m, const float* b, int b_stride, int n, int begin, int end) {
  __shared__ __align__(16) float a_tiles[2][TILE_K][TILE_M + PAD];
  __shared__ __align__(16) float b_tiles[2][TILE_K][TILE_N + PAD];
  Part<A_INNER, ONES, TILE_M> a_part(a, a_stride, m, blockIdx.x * TILE_M, begin);
  Part<B_INNER, false, TILE_N> b_part(b, b_stride, n, blockIdx.y * TILE_N, begin);
  Sums sums = {};
  a_part.load(end);
  b_part.load(end);
  a_part.store(a_tiles[0]);
  b_part.store(b_tiles[0]);
  __syncthreads();
  int turn = 0;
  for (int k0 = begin; k0 < end; k0 += TILE_K) {
    bool more = k0 + TILE_K < end;
    if (more) {  // on its way while the tile at hand is multiplied
      a_part.load(end);
      b_part.load(end);
    }
#pragma unroll
    for (int k = 0; k < TILE_K; k++) {
      float4 four = *(const float4*)&a_tiles[turn][k][my_row(0)];
      float x[EACH] = {four.x, four.y, four.z, four.w};
#pragma unroll
      for (int j = 0; j < EACH; j += 2) {
        float2 y = *(const float2*)&b_tiles[turn][k][my_column(j)];
#pragma unroll
        for (int i = 0; i < EACH; i++) {
          sums.of[i][j] += x[i] * y.x;
          sums.of[i][j + 1] += x[i] * y.y;
        }
      }
    }
    if (more) {
      turn = 1 - turn;
      a_part.store(a_tiles[turn]);
      b_part.store(b_tiles[turn]);
      __syncthreads();
    }
  }
  return sums;
}

// Calls use(i, j, row, column) for the outputs of this thread that exist.
template <class Use>
static __device__ __forceinline__ void for_each_output(int m, int n, Use use) {
#pragma unroll
  for (int i = 0; i < EACH; i++) {
#pragma unroll
    for (int j = 0; j < EACH; j++) {
      int r = blockIdx.x * TILE_M + my_row(i);
      int c = blockIdx.y * TILE_N + my_column(j);
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
