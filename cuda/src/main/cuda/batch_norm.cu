// Batch normalization: y = x * factor + shift, where factor is gamma over the deviation of a feature in the
// batch, over samples and positions, and shift is beta less the mean times the factor. Sums over rows are cut
// into slices, each by one thread a feature, that are joined in their order.
#include "masked.cuh"
#include "rows.cuh"

// partial[slice] = the slice's mean of each feature and, behind all of these, its sum of squared distances
// from that and, behind these, how many rows there are: those that `mask` counts, [rows], or all of null.
// Grid: [ceil(width / 128), slices], 128 threads.
extern "C" __global__ void __launch_bounds__(128) measure_features(
    const float* x, int stride, const float* mask, float* partial, int rows, int width) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= width) {
    return;
  }
  int each = (rows + gridDim.y - 1) / gridDim.y;
  int begin = min(rows, (int)blockIdx.y * each);
  int end = min(rows, begin + each);
  float mean = 0.0f;
  float spread = 0.0f;
  int count = 0;
  for (int row = begin; row < end; row++) {
    if (!is_masked(mask, row)) {
      mean += x[(size_t)row * stride + c];
      count++;
    }
  }
  if (count > 0) {
    mean /= count;
  }
  for (int row = begin; row < end; row++) {
    if (!is_masked(mask, row)) {
      float distance = x[(size_t)row * stride + c] - mean;
      spread += distance * distance;
    }
  }
  float* mine = partial + (size_t)blockIdx.y * 3 * width;
  mine[c] = mean;
  mine[width + c] = spread;
  mine[2 * width + c] = count;
}

// What a feature is multiplied by and what is added then, its mean, 1 over its deviation, and of how many
// rows these are, at least 1: one behind the other, `width` of each.
static __device__ __forceinline__ void write_features(
    float* features, int width, int c, const float* gamma, const float* beta, float mean,
    float variance, float epsilon, float count) {
  float inverse = 1.0f / sqrtf(variance + epsilon);
  float factor = gamma ? gamma[c] * inverse : inverse;
  features[c] = factor;
  features[width + c] = (beta ? beta[c] : 0.0f) - mean * factor;
  features[2 * width + c] = mean;
  features[3 * width + c] = inverse;
  features[4 * width + c] = fmaxf(count, 1.0f);
}

// Joins the slices (Chan et al. 1979) and has the moving statistics, means and then variances, follow.
// Grid: ceil(width / 256).
extern "C" __global__ void __launch_bounds__(256) join_features(
    const float* partial, int slices, float* moving, const float* gamma, const float* beta,
    float* features, int width, float epsilon, float momentum, float rest) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= width) {
    return;
  }
  float count = 0.0f;
  float mean = 0.0f;
  float spread = 0.0f;
  for (int s = 0; s < slices; s++) {
    const float* other = partial + (size_t)s * 3 * width;
    float more = other[2 * width + c];
    if (more > 0.0f) {
      float apart = other[c] - mean;
      float share = more / (count + more);
      mean += apart * share;
      spread += other[width + c] + apart * apart * count * share;
      count += more;
    }
  }
  float variance = count > 0.0f ? spread / count : 0.0f;
  moving[c] = moving[c] * momentum + mean * rest;
  moving[width + c] = moving[width + c] * momentum + variance * rest;
  write_features(features, width, c, gamma, beta, mean, variance, epsilon, count);
}

// The same by the moving statistics. Grid: ceil(width / 256).
extern "C" __global__ void __launch_bounds__(256) take_moving(
    const float* moving, const float* gamma, const float* beta, float* features, int width,
    float epsilon) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c < width) {
    write_features(features, width, c, gamma, beta, moving[c], moving[width + c], epsilon, 1.0f);
  }
}

// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) batch_norm_forward(
    const float* x, int stride, const float* features, float* y, int rows, int width) {
  for_each_element(rows, width, [&](size_t row, int c) {
    y[row * width + c] = x[row * stride + c] * features[c] + features[width + c];
  });
}

// partial[slice] = the slice's sums of dy . n, n being (x - mean) over the deviation, and of dy.
// Grid: [ceil(width / 128), slices], 128 threads.
extern "C" __global__ void __launch_bounds__(128) measure_back(
    const float* x, int stride, const float* dy, const float* features, float* partial, int rows,
    int width) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= width) {
    return;
  }
  int each = (rows + gridDim.y - 1) / gridDim.y;
  int end = min(rows, (int)(blockIdx.y + 1) * each);
  float mean = features[2 * width + c];
  float stretched = 0.0f;
  float sum = 0.0f;
  for (int row = blockIdx.y * each; row < end; row++) {
    float d = dy[(size_t)row * width + c];
    stretched += d * (x[(size_t)row * stride + c] - mean);
    sum += d;
  }
  float* mine = partial + (size_t)blockIdx.y * 2 * width;
  mine[c] = stretched * features[3 * width + c];
  mine[width + c] = sum;
}

// dx = factor * (dy - mean(dy) - n . mean(dy . n)), `sums` being those of dy . n and of dy; without them the
// statistics are constants, as they are to rows that `mask` does not count. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) batch_norm_backward(
    const float* x, int stride, const float* dy, const float* features, const float* sums,
    const float* mask, float* dx, int rows, int width) {
  for_each_element(rows, width, [&](size_t row, int c) {
    size_t i = row * width + c;
    float d = dy[i];
    if (sums && !is_masked(mask, row)) {
      float count = features[4 * width + c];
      float n = (x[row * stride + c] - features[2 * width + c]) * features[3 * width + c];
      d -= sums[width + c] / count + n * (sums[c] / count);
    }
    dx[i] = d * features[c];
  });
}
