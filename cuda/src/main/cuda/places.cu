// Layers that put values at other places, a warp a row. Rows are [positions][rows].
#include "axes.cuh"
#include "rows.cuh"

// y = the values of each sample with its sizes in another order, or some of them: y is
// [y_positions][rows][y_width] without gaps, x [..][rows] with rows of x_width and a stride; `axes` says how far
// behind the element `first` of x an element of y is.
// Grid: ceil(y_positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) permute(
    const float* x, int stride, int x_width, float* y, int y_positions, int y_width, int rows,
    int first, Axes axes) {
  for_each_element(y_positions * rows, y_width, [&](unsigned row, int column) {
    unsigned from = first + place_of(axes, row / rows * y_width + column);
    size_t at = (size_t)(from / x_width) * rows + row % rows;
    y[(size_t)row * y_width + column] = x[at * stride + from % x_width];
  });
}

// The other way round: y, without gaps, takes the values of x, whose places `axes` says from `first` on, and
// keeps its others. Grid: ceil(x_positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) put(
    const float* x, int stride, int x_positions, int x_width, float* y, int y_width, int rows,
    int first, Axes axes) {
  for_each_element(x_positions * rows, x_width, [&](unsigned row, int column) {
    unsigned to = first + place_of(axes, row / rows * x_width + column);
    size_t at = (size_t)(to / y_width) * rows + row % rows;
    y[at * y_width + to % y_width] = x[(size_t)row * stride + column];
  });
}

// y = 0, [rows][width]. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) clear_rows(float* y, int rows, int width) {
  for_each_element(rows, width, [&](size_t row, int column) { y[row * width + column] = 0.0f; });
}

// A picture each of whose places is one of another's, or zeros; a sequence is a picture of one column.
// CudaPicked.java passes these fields in this order.
struct Picked {
  const float* x;  // [in_rows * in_columns][rows], with a stride; on the way back [out..], without gaps
  float* y;        // [out_rows * out_columns][rows] without gaps; on the way back [in..]
  int stride;
  int rows;
  int width;
  int in_rows;
  int in_columns;
  int out_rows;
  int out_columns;
  int before_rows;     // how many there are before the input's first; less than 0 if it is left out
  int before_columns;
  int times_rows;      // how often each is there
  int times_columns;
};

// Grid: ceil(out_rows * out_columns * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) pick(Picked s) {
  for_each_element(s.out_rows * s.out_columns * s.rows, s.width, [&](unsigned at, int column) {
    int place = at / s.rows;
    int r = place / s.out_columns - s.before_rows;
    int c = place % s.out_columns - s.before_columns;
    float value = 0.0f;
    if (r >= 0 && r < s.in_rows * s.times_rows && c >= 0 && c < s.in_columns * s.times_columns) {
      size_t from = (size_t)(r / s.times_rows * s.in_columns + c / s.times_columns) * s.rows;
      value = s.x[(from + at % s.rows) * s.stride + column];
    }
    s.y[(size_t)at * s.width + column] = value;
  });
}

// The sum of the gradients of all places that took a value, first to last.
// Grid: ceil(in_rows * in_columns * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) pick_backward(Picked s) {
  for_each_element(s.in_rows * s.in_columns * s.rows, s.width, [&](unsigned at, int column) {
    int place = at / s.rows;
    int first_row = place / s.in_columns * s.times_rows + s.before_rows;
    int first_column = place % s.in_columns * s.times_columns + s.before_columns;
    int end_row = min(first_row + s.times_rows, s.out_rows);
    int end_column = min(first_column + s.times_columns, s.out_columns);
    float sum = 0.0f;
#pragma unroll 1
    for (int r = max(first_row, 0); r < end_row; r++) {
#pragma unroll 1
      for (int c = max(first_column, 0); c < end_column; c++) {
        size_t from = (size_t)(r * s.out_columns + c) * s.rows + at % s.rows;
        sum += s.x[from * s.stride + column];
      }
    }
    s.y[(size_t)at * s.width + column] = sum;
  });
}

// The steps of samples as samples of their own: y[p][row * steps + t] = x[t * parts + p][row], x with a
// stride, y without gaps. Grid: ceil(steps * parts * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) take_apart(
    const float* x, int stride, float* y, int steps, int parts, int rows, int width) {
  for_each_element(steps * parts * rows, width, [&](unsigned at, int column) {
    unsigned t = at % steps;
    unsigned row = at / steps % rows;
    size_t from = (size_t)(t * parts + at / steps / rows) * rows + row;
    y[(size_t)at * width + column] = x[from * stride + column];
  });
}

// The other way round. Grid: ceil(steps * parts * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) put_together(
    const float* x, int stride, float* y, int steps, int parts, int rows, int width) {
  for_each_element(steps * parts * rows, width, [&](unsigned at, int column) {
    unsigned position = at / rows;
    size_t from = ((size_t)(position % parts) * rows + at % rows) * steps + position / parts;
    y[(size_t)at * width + column] = x[from * stride + column];
  });
}

// The softmax along an axis before the last, whose `size` elements are `apart` positions from one another: a
// lane goes along it. Grid: ceil(positions / size * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) softmax_over(
    const float* x, int stride, float* y, int size, int apart, int positions, int rows, int width) {
  for_each_element(positions / size * rows, width, [&](unsigned at, int column) {
    unsigned group = at / rows;
    size_t first = (size_t)(group / apart * apart * size + group % apart) * rows + at % rows;
    size_t step = (size_t)apart * rows;
    float most = x[first * stride + column];
#pragma unroll 1
    for (int i = 1; i < size; i++) {
      most = fmaxf(most, x[(first + i * step) * stride + column]);
    }
    float sum = 0.0f;
#pragma unroll 1
    for (int i = 0; i < size; i++) {
      float e = expf(x[(first + i * step) * stride + column] - most);
      y[(first + i * step) * width + column] = e;
      sum += e;
    }
#pragma unroll 1
    for (int i = 0; i < size; i++) {
      y[(first + i * step) * width + column] /= sum;
    }
  });
}

// dx_i = y_i * (dy_i - sum_j dy_j * y_j). Grid: ceil(positions / size * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) softmax_over_backward(
    const float* dy, const float* y, float* dx, int size, int apart, int positions, int rows,
    int width) {
  for_each_element(positions / size * rows, width, [&](unsigned at, int column) {
    unsigned group = at / rows;
    size_t first = (size_t)(group / apart * apart * size + group % apart) * rows + at % rows;
    size_t step = (size_t)apart * rows * width;
    size_t begin = first * width + column;
    float along = 0.0f;
#pragma unroll 1
    for (int i = 0; i < size; i++) {
      along += dy[begin + i * step] * y[begin + i * step];
    }
#pragma unroll 1
    for (int i = 0; i < size; i++) {
      dx[begin + i * step] = y[begin + i * step] * (dy[begin + i * step] - along);
    }
  });
}
