// Layer normalization: y = gamma . n + beta, n being a row less its mean, divided by the root of its
// variance and epsilon. A warp takes a row.
#include "warp.cuh"

// `normalized` takes n, and `factors` what each row was multiplied by. gamma and beta may be null.
// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) norm_forward(
    const float* x, int stride, float* normalized, float* factors, const float* gamma,
    const float* beta, float* y, int rows, int width, float epsilon) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row >= rows) {
    return;
  }
  int lane = threadIdx.x % WARP;
  const float* from = x + (size_t)row * stride;
  float* n = normalized + (size_t)row * width;
  float sum = 0.0f;
  for (int c = lane; c < width; c += WARP) {
    sum += from[c];
  }
  float mean = warp_sum(sum) / width;
  float rest = 0.0f;  // what rounding has left of the mean, which would shift the whole row
  for (int c = lane; c < width; c += WARP) {
    rest += from[c] - mean;
  }
  rest = warp_sum(rest) / width;
  float squares = 0.0f;
  for (int c = lane; c < width; c += WARP) {
    float d = from[c] - mean - rest;
    squares += d * d;
  }
  float factor = 1.0f / sqrtf(warp_sum(squares) / width + epsilon);
  for (int c = lane; c < width; c += WARP) {
    float d = (from[c] - mean - rest) * factor;
    n[c] = d;
    y[(size_t)row * width + c] = (gamma ? gamma[c] * d : d) + (beta ? beta[c] : 0.0f);
  }
  if (lane == 0) {
    factors[row] = factor;
  }
}

// dx = (dn - mean(dn) - n . mean(dn . n)) * factor, dn = dy . gamma. Grid: ceil(rows / 4), 128
// threads.
extern "C" __global__ void __launch_bounds__(128) norm_backward(
    const float* dy, const float* normalized, const float* factors, const float* gamma, float* dx,
    int rows, int width) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row >= rows) {
    return;
  }
  int lane = threadIdx.x % WARP;
  size_t first = (size_t)row * width;
  float sum = 0.0f;
  float dot = 0.0f;
  for (int c = lane; c < width; c += WARP) {
    float d = gamma ? dy[first + c] * gamma[c] : dy[first + c];
    sum += d;
    dot += d * normalized[first + c];
  }
  float mean = warp_sum(sum) / width;
  float share = warp_sum(dot) / width;
  for (int c = lane; c < width; c += WARP) {
    float d = gamma ? dy[first + c] * gamma[c] : dy[first + c];
    dx[first + c] = (d - mean - normalized[first + c] * share) * factors[row];
  }
}

// partial[slice] = the slice's part of the sums over rows of dy . n, if `scale` is 1, and of dy, if
// `center` is, side by side; `sum_slices` adds the slices up in their order.
// Grid: [ceil(width / 128), slices], 128 threads.
extern "C" __global__ void __launch_bounds__(128) norm_weights(
    const float* dy, const float* normalized, float* partial, int rows, int width, int scale,
    int center) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= width) {
    return;
  }
  int each = (rows + gridDim.y - 1) / gridDim.y;
  int end = min(rows, (int)(blockIdx.y + 1) * each);
  float gamma = 0.0f;
  float beta = 0.0f;
  for (int row = blockIdx.y * each; row < end; row++) {
    float d = dy[(size_t)row * width + c];
    gamma += d * normalized[(size_t)row * width + c];
    beta += d;
  }
  float* mine = partial + (size_t)blockIdx.y * (scale + center) * width;
  if (scale) {
    mine[c] = gamma;
  }
  if (center) {
    mine[scale * width + c] = beta;
  }
}
