// Layers that move values, a warp a row. Rows are [positions][rows].
#include "rows.cuh"

// The same values of each sample in another shape: y is [y_positions][rows][y_width] without gaps, x
// [..][rows] with rows of x_width and a stride. Grid: ceil(y_positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) reshape(
    const float* x, int stride, int x_width, float* y, int y_positions, int y_width, int rows) {
  for_each_element(y_positions * rows, y_width, [&](unsigned row, int column) {
    unsigned value = row / rows * y_width + column;
    size_t from = (size_t)(value / x_width) * rows + row % rows;
    y[(size_t)row * y_width + column] = x[from * stride + value % x_width];
  });
}

// y[p] = x at all positions. Grid: ceil(positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) repeat(
    const float* x, int stride, float* y, int positions, int width, int rows) {
  for_each_element(positions * rows, width, [&](unsigned row, int column) {
    y[(size_t)row * width + column] = x[(size_t)(row % rows) * stride + column];
  });
}

// dx = the sum of dy over all positions, first to last. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) repeat_backward(
    const float* dy, float* dx, int positions, int width, int rows) {
  for_each_element(rows, width, [&](unsigned row, int column) {
    float sum = 0.0f;
    for (int p = 0; p < positions; p++) {
      sum += dy[((size_t)p * rows + row) * width + column];
    }
    dx[(size_t)row * width + column] = sum;
  });
}
