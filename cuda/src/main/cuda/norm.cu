// Normalizations of vectors, y = gamma . n + beta, a warp a row; and of features by given statistics.
#include "rows.cuh"
#include "warp.cuh"

// What n is: a row less its mean, divided by the root of its variance and epsilon; a row divided by the root
// of its mean square and epsilon; a row divided by its length.
enum VectorNorm { OF_LAYER = 0, OF_ROOT_MEAN_SQUARE = 1, OF_LENGTH = 2 };

// `limit` is an epsilon or, where n has length 1, what a row is multiplied by at most.
static __device__ __forceinline__ float factor_of(
    int kind, float squares, int width, float limit) {
  if (kind != OF_LENGTH) {
    return 1.0f / sqrtf(squares / width + limit);
  }
  float factor = 1.0f / sqrtf(squares);
  return factor > limit ? limit : factor;  // a NaN stays one
}

// `normalized` takes n, and `factors` what each row was multiplied by. gamma and beta may be null.
// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) norm_forward(
    const float* x, int stride, float* normalized, float* factors, const float* gamma,
    const float* beta, float* y, int rows, int width, int kind, float limit) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row >= rows) {
    return;
  }
  int lane = threadIdx.x % WARP;
  const float* from = x + (size_t)row * stride;
  float* n = normalized + (size_t)row * width;
  float mean = 0.0f;
  float rest = 0.0f;  // what rounding has left of the mean, which would shift the whole row
  if (kind == OF_LAYER) {
    float sum = 0.0f;
    for (int c = lane; c < width; c += WARP) {
      sum += from[c];
    }
    mean = warp_sum(sum) / width;
    for (int c = lane; c < width; c += WARP) {
      rest += from[c] - mean;
    }
    rest = warp_sum(rest) / width;
  }
  float squares = 0.0f;
  for (int c = lane; c < width; c += WARP) {
    float d = from[c] - mean - rest;
    squares += d * d;
  }
  float factor = factor_of(kind, warp_sum(squares), width, limit);
  for (int c = lane; c < width; c += WARP) {
    float d = (from[c] - mean - rest) * factor;
    n[c] = d;
    y[(size_t)row * width + c] = (gamma ? gamma[c] * d : d) + (beta ? beta[c] : 0.0f);
  }
  if (lane == 0) {
    factors[row] = factor;
  }
}

// dx = (dn - mean(dn) - n . mean(dn . n)) * factor, dn = dy . gamma; without the first mean where n has none
// taken off, and with the sum in place of the second where n has length 1. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) norm_backward(
    const float* dy, const float* normalized, const float* factors, const float* gamma, float* dx,
    int rows, int width, int kind, float limit) {
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
  float mean = kind == OF_LAYER ? warp_sum(sum) / width : 0.0f;
  float share = warp_sum(dot) / (kind == OF_LENGTH ? 1 : width);
  if (kind == OF_LENGTH && factors[row] >= limit) {
    share = 0.0f;  // its factor is a constant
  }
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

// y = (x - mean) / deviation or, if it inverts, x * deviation + mean; with `back` the gradient by x, x being
// that by y. Which of the means, and variances, an element has goes with its position and its column. Rows
// are [positions][rows]. Grid: ceil(positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) standardize(
    const float* x, int stride, const float* means, const float* variances, float* y, int positions,
    int rows, int width, int by_position, int by_column, int inverts, int back) {
  for_each_element(positions * rows, width, [&](unsigned row, int column) {
    int place = row / rows * by_position + column * by_column;
    float mean = means[place];
    float deviation = fmaxf(sqrtf(variances[place]), 1e-7f);
    float factor = inverts ? deviation : 1.0f / deviation;
    float value = x[(size_t)row * stride + column];
    if (back) {
      value *= factor;
    } else {
      value = inverts ? fmaf(value, factor, mean) : (value - mean) * factor;
    }
    y[(size_t)row * width + column] = value;
  });
}
