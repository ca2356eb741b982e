// What is done to single elements, where no product takes them along: a warp takes a row.
#include "draws.cuh"
#include "function.cuh"
#include "rows.cuh"

// y = f(x): rows of `width` values, x with a stride, y without gaps. Grid: ceil(rows / 4), 128
// threads.
extern "C" __global__ void __launch_bounds__(128) apply_function(
    const float* x, int stride, float* y, int rows, int width, int f) {
  for_each_element(rows, width, [&](size_t row, int column) {
    y[row * width + column] = function(f, x[row * stride + column]);
  });
}

// dx = dy . f'(x); dx may be dy. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) function_backward(
    const float* dy, const float* x, int stride, const float* y, float* dx, int rows, int width,
    int f) {
  for_each_element(rows, width, [&](size_t row, int column) {
    size_t i = row * width + column;
    dx[i] = dy[i] * slope(f, x[row * stride + column], y[i]);
  });
}

// y = x * slope + offset, with one slope above 0 and one elsewhere. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) line_forward(
    const float* x, int stride, float* y, int rows, int width, float above, float below,
    float offset) {
  for_each_element(rows, width, [&](size_t row, int column) {
    float value = x[row * stride + column];
    y[row * width + column] = value * (value > 0.0f ? above : below) + offset;
  });
}

// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) line_backward(
    const float* x, int stride, const float* dy, float* dx, int rows, int width, float above,
    float below) {
  for_each_element(rows, width, [&](size_t row, int column) {
    size_t i = row * width + column;
    dx[i] = dy[i] * (x[row * stride + column] > 0.0f ? above : below);
  });
}

// y = x, times `scale`, or 0 where a hash says so; rows are [positions][rows], x has a stride. What
// is dropped is a function of the key (of seed and layer), the update, the row's place in the batch,
// the position, unless all lose the same, and the column: the CPU's, see DropRate.java. y may be x.
// Grid: ceil(positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) drop(
    const Batch* batch, const float* x, int stride, float* y, int positions, int rows, int width,
    unsigned long long key, int threshold, float scale, int same_at_all) {
  unsigned long long of_update = combined(key, update_of(batch));
  for_each_element(positions * rows, width, [&](unsigned row, int column) {
    unsigned draw = same_at_all ? 0 : row / rows;
    unsigned hash = drawn(of_update, row % rows, draw, column);
    float value = x[(size_t)row * stride + column];
    y[(size_t)row * width + column] = (int)hash < threshold ? 0.0f : value * scale;
  });
}
