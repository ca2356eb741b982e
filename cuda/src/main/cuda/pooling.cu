// Pooling over the steps of a sequence, a warp a row. Rows are [steps][rows].
#include "rows.cuh"

// A window that slides over the steps, or all steps as one; CudaPooling.java passes these fields in
// this order.
struct Pooling {
  const float* x;   // [steps][rows], with a stride
  float* y;         // [count][rows] without gaps
  int* places;      // the step that each largest value came from, the first of equals
  const float* dy;
  float* dx;        // [steps][rows] without gaps
  int stride;
  int rows;
  int width;
  int steps;
  int count;        // of windows
  int size;
  int strides;
  int before;       // the steps by which the first window reaches beyond the beginning
};

static __device__ __forceinline__ int first_of(const Pooling& s, int window) {
  int first = window * s.strides - s.before;
  return first < 0 ? 0 : first;
}

static __device__ __forceinline__ int end_of(const Pooling& s, int window) {
  int end = window * s.strides - s.before + s.size;
  return end > s.steps ? s.steps : end;
}

// The windows that have a step: [first, end).
static __device__ __forceinline__ int first_with(const Pooling& s, int step) {
  int beyond = step + s.before - s.size;  // the last window's begin that does not reach it
  return beyond < 0 ? 0 : beyond / s.strides + 1;
}

static __device__ __forceinline__ int end_with(const Pooling& s, int step) {
  int end = (step + s.before) / s.strides + 1;
  return end > s.count ? s.count : end;
}

static __device__ __forceinline__ float input(const Pooling& s, int step, int row, int column) {
  return s.x[((size_t)step * s.rows + row) * s.stride + column];
}

// Grid: ceil(count * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) max_pool_forward(Pooling s) {
  for_each_element(s.count * s.rows, s.width, [&](unsigned at, int column) {
    int window = at / s.rows;
    int row = at % s.rows;
    int place = first_of(s, window);
    float best = input(s, place, row, column);
#pragma unroll 1
    for (int step = place + 1; step < end_of(s, window); step++) {
      float value = input(s, step, row, column);
      if (value > best || value != value) {  // a NaN stays one
        best = value;
        place = step;
      }
    }
    s.y[(size_t)at * s.width + column] = best;
    s.places[(size_t)at * s.width + column] = place;
  });
}

// Grid: ceil(steps * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) max_pool_backward(Pooling s) {
  for_each_element(s.steps * s.rows, s.width, [&](unsigned at, int column) {
    int step = at / s.rows;
    int row = at % s.rows;
    float sum = 0.0f;
#pragma unroll 1
    for (int window = first_with(s, step); window < end_with(s, step); window++) {
      size_t from = ((size_t)window * s.rows + row) * s.width + column;
      sum += s.places[from] == step ? s.dy[from] : 0.0f;
    }
    s.dx[(size_t)at * s.width + column] = sum;
  });
}

// Steps beyond the sequence do not count. Grid: ceil(count * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) average_pool_forward(Pooling s) {
  for_each_element(s.count * s.rows, s.width, [&](unsigned at, int column) {
    int window = at / s.rows;
    int row = at % s.rows;
    int first = first_of(s, window);
    int end = end_of(s, window);
    float sum = 0.0f;
#pragma unroll 1
    for (int step = first; step < end; step++) {
      sum += input(s, step, row, column);
    }
    s.y[(size_t)at * s.width + column] = sum / (end - first);
  });
}

// Grid: ceil(steps * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) average_pool_backward(Pooling s) {
  for_each_element(s.steps * s.rows, s.width, [&](unsigned at, int column) {
    int step = at / s.rows;
    int row = at % s.rows;
    float sum = 0.0f;
#pragma unroll 1
    for (int window = first_with(s, step); window < end_with(s, step); window++) {
      float share = end_of(s, window) - first_of(s, window);
      sum += s.dy[((size_t)window * s.rows + row) * s.width + column] / share;
    }
    s.dx[(size_t)at * s.width + column] = sum;
  });
}

// The gradient of the largest of all steps: equals share it. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) global_max_backward(Pooling s) {
  for_each_element(s.rows, s.width, [&](unsigned row, int column) {
    size_t at = (size_t)row * s.width + column;
    float best = s.y[at];
    float equals = 0.0f;
#pragma unroll 1
    for (int step = 0; step < s.steps; step++) {
      equals += input(s, step, row, column) == best ? 1.0f : 0.0f;
    }
#pragma unroll 1
    for (int step = 0; step < s.steps; step++) {
      float value = input(s, step, row, column);
      s.dx[((size_t)step * s.rows + row) * s.width + column] =
          value == best ? s.dy[at] / equals : 0.0f;
    }
  });
}
