// Pooling over the steps of a sequence or the places of a picture, a warp a row. Rows are [steps][rows], a
// picture's steps being its rows one after another.
#include "rows.cuh"
#include "windows.cuh"

// Windows that slide, or one that has all; CudaPooling.java passes these fields in this order.
struct Pooling {
  const float* x;   // [steps][rows], with a stride
  float* y;         // [places][rows] without gaps
  int* steps;       // the step that each largest value came from, the first of equals
  const float* dy;
  float* dx;        // [steps][rows] without gaps
  int stride;
  int rows;
  int width;
  Window down;
  Window across;
};

static __device__ __forceinline__ float input(const Pooling& s, int step, int row, int column) {
  return s.x[((size_t)step * s.rows + row) * s.stride + column];
}

static __device__ __forceinline__ int places(const Pooling& s) {
  return s.down.count * s.across.count;
}

static __device__ __forceinline__ int steps(const Pooling& s) {
  return s.down.steps * s.across.steps;
}

// Calls use(step) for the steps of the window at a place.
template <class Use>
static __device__ __forceinline__ void for_each_step(const Pooling& s, int place, Use use) {
  int down = place / s.across.count;
  int across = place % s.across.count;
#pragma unroll 1
  for (int r = first_of(s.down, down); r < end_of(s.down, down); r++) {
#pragma unroll 1
    for (int c = first_of(s.across, across); c < end_of(s.across, across); c++) {
      use(r * s.across.steps + c);
    }
  }
}

// Calls use(place) for the places whose windows have a step.
template <class Use>
static __device__ __forceinline__ void for_each_place(const Pooling& s, int step, Use use) {
  int r = step / s.across.steps;
  int c = step % s.across.steps;
#pragma unroll 1
  for (int down = first_with(s.down, r); down < end_with(s.down, r); down++) {
#pragma unroll 1
    for (int across = first_with(s.across, c); across < end_with(s.across, c); across++) {
      use(down * s.across.count + across);
    }
  }
}

// Grid: ceil(places * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) max_pool_forward(Pooling s) {
  for_each_element(places(s) * s.rows, s.width, [&](unsigned at, int column) {
    int row = at % s.rows;
    int best_step = NONE_THERE;
    float best = 0.0f;
    for_each_step(s, at / s.rows, [&](int step) {
      float value = input(s, step, row, column);
      if (best_step == NONE_THERE || value > best || value != value) {  // a NaN stays one
        best = value;
        best_step = step;
      }
    });
    s.y[(size_t)at * s.width + column] = best;
    s.steps[(size_t)at * s.width + column] = best_step;
  });
}

// Grid: ceil(steps * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) max_pool_backward(Pooling s) {
  for_each_element(steps(s) * s.rows, s.width, [&](unsigned at, int column) {
    int step = at / s.rows;
    int row = at % s.rows;
    float sum = 0.0f;
    for_each_place(s, step, [&](int place) {
      size_t from = ((size_t)place * s.rows + row) * s.width + column;
      sum += s.steps[from] == step ? s.dy[from] : 0.0f;
    });
    s.dx[(size_t)at * s.width + column] = sum;
  });
}

// How many steps of the window at a place exist.
static __device__ __forceinline__ float inside(const Pooling& s, int place) {
  int down = place / s.across.count;
  int across = place % s.across.count;
  int rows = end_of(s.down, down) - first_of(s.down, down);
  return rows * (end_of(s.across, across) - first_of(s.across, across));
}

// Steps beyond the input do not count. Grid: ceil(places * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) average_pool_forward(Pooling s) {
  for_each_element(places(s) * s.rows, s.width, [&](unsigned at, int column) {
    int row = at % s.rows;
    float sum = 0.0f;
    for_each_step(s, at / s.rows, [&](int step) { sum += input(s, step, row, column); });
    s.y[(size_t)at * s.width + column] = sum / inside(s, at / s.rows);
  });
}

// Grid: ceil(steps * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) average_pool_backward(Pooling s) {
  for_each_element(steps(s) * s.rows, s.width, [&](unsigned at, int column) {
    int row = at % s.rows;
    float sum = 0.0f;
    for_each_place(s, at / s.rows, [&](int place) {
      sum += s.dy[((size_t)place * s.rows + row) * s.width + column] / inside(s, place);
    });
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
    for (int step = 0; step < steps(s); step++) {
      equals += input(s, step, row, column) == best ? 1.0f : 0.0f;
    }
#pragma unroll 1
    for (int step = 0; step < steps(s); step++) {
      float value = input(s, step, row, column);
      s.dx[((size_t)step * s.rows + row) * s.width + column] =
          value == best ? s.dy[at] / equals : 0.0f;
    }
  });
}
