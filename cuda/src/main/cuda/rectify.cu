// Rectifiers with options, and with slopes that are learnt: a warp takes a row.
#include "axes.cuh"
#include "rows.cuh"

// y = x above a threshold, but at most `most`, else a slope times what x is beyond the threshold.
// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) relu_forward(
    const float* x, int stride, float* y, int rows, int width, float slope, float threshold,
    float most) {
  for_each_element(rows, width, [&](size_t row, int column) {
    float value = x[row * stride + column];
    float below = slope == 0.0f ? 0.0f : slope * (value - threshold);
    float above = value > most ? most : value;
    y[row * width + column] = value > threshold ? above : below;
  });
}

// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) relu_backward(
    const float* x, int stride, const float* dy, float* dx, int rows, int width, float slope,
    float threshold, float most) {
  for_each_element(rows, width, [&](size_t row, int column) {
    float value = x[row * stride + column];
    float above = value < most ? 1.0f : 0.0f;
    size_t i = row * width + column;
    dx[i] = dy[i] * (value > threshold ? above : slope);
  });
}

// y = x above 0, else a slope times x; `axes` says which slope an element has. With dy, its gradient, which
// at 0 is none. Grid: ceil(positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) prelu(
    const float* x, int stride, const float* slopes, const float* dy, float* y, int positions,
    int rows, int width, Axes axes) {
  for_each_element(positions * rows, width, [&](unsigned row, int column) {
    float value = x[(size_t)row * stride + column];
    float slope = slopes[place_of(axes, row / rows * width + column)];
    size_t i = (size_t)row * width + column;
    if (dy) {
      y[i] = dy[i] * (value > 0.0f ? 1.0f : (value == 0.0f ? 0.0f : slope));
    } else {
      y[i] = value > 0.0f ? value : slope * value;
    }
  });
}

// The slopes' gradients: a warp has a slope, and its lanes the elements that share it. `own` says which
// element of a sample is a slope's first, `shared` how far from it the others are.
// Grid: ceil(slopes / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) prelu_slopes(
    const float* x, int stride, const float* dy, float* gradient, int slopes, int sharing, int rows,
    int width, Axes own, Axes shared) {
  int slope = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (slope >= slopes) {
    return;
  }
  unsigned first = place_of(own, slope);
  float sum = 0.0f;
#pragma unroll 1
  for (int i = threadIdx.x % WARP; i < sharing * rows; i += WARP) {
    unsigned element = first + place_of(shared, i / rows);
    size_t row = (size_t)(element / width) * rows + i % rows;
    unsigned column = element % width;
    float value = x[row * stride + column];
    sum += (value > 0.0f ? 0.0f : value) * dy[row * width + column];
  }
  sum = warp_sum(sum);
  if (threadIdx.x % WARP == 0) {
    gradient[slope] = sum;
  }
}
