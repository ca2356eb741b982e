// Matrix products of whole layers.
#include "activation.cuh"
#include "gemm.cuh"

// C = f(A * B + bias): A [m, k], B [k, n], bias [n] or null. A dense layer, or all inputs of a
// recurrent one.
// Grid: [ceil(m / 32), ceil(n / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) gemm_forward(
    const float* a, int a_stride, const float* b, const float* bias, float* c, int c_stride, int m,
    int n, int k, int f) {
  __shared__ Tiles tiles;
  Sums sums = tile_product<true, false, false>(tiles, a, a_stride, m, b, n, n, 0, k);
  for_each_output(m, n, [&](int i, int j, int row, int column) {
    float z = sums.of[i][j] + (bias ? bias[column] : 0.0f);
    c[(size_t)row * c_stride + column] = activate(f, z);
  });
}

// C = A * B' + D: A [m, k], B [n, k], D [m, n] or null; C may be D. The gradient by a layer's
// inputs, written or added to that of another layer which reads them.
// Grid: [ceil(m / 32), ceil(n / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) gemm_backward(
    const float* a, int a_stride, const float* b, int b_stride, const float* d, float* c, int m,
    int n, int k) {
  __shared__ Tiles tiles;
  Sums sums = tile_product<true, true, false>(tiles, a, a_stride, m, b, b_stride, n, 0, k);
  for_each_output(m, n, [&](int i, int j, int row, int column) {
    size_t at = (size_t)row * n + column;
    c[at] = sums.of[i][j] + (d ? d[at] : 0.0f);
  });
}

// partial[slice] = A' * B over the slice's rows: A [k, m] and, for the gradient of a bias, one more
// column of ones; B [k, n]. Weights' gradients, the long inner dimension cut into gridDim.z slices
// that `sum_slices` adds up in their order. What is written is part of a matrix with rows of `width`
// and `count` values a slice; `bias` is the row for the sums of B from the first that is written, 0
// for none. Grid: [ceil((m + (bias > 0)) / 32), ceil(n / 64), slices].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) gemm_weights(
    const float* a, int a_stride, const float* b, int b_stride, float* partial, int m, int n, int k,
    int bias, int width, int count) {
  int each = (k + gridDim.z - 1) / gridDim.z;
  int begin = blockIdx.z * each;
  __shared__ Tiles tiles;
  Sums sums = tile_product<false, false, true>(
      tiles, a, a_stride, m, b, b_stride, n, begin, min(k, begin + each));
  float* mine = partial + (size_t)blockIdx.z * count;
  for_each_output(bias > 0 ? m + 1 : m, n, [&](int i, int j, int row, int column) {
    mine[(size_t)(row < m ? row : bias) * width + column] = sums.of[i][j];
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
