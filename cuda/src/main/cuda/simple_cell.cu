// SimpleRNN, step by step: h_t = f(x_t * kernel + h_{t-1} * recurrent kernel + bias).
#include "function.cuh"
#include "recurrent.cuh"

// SimpleCell.java passes these fields in this order, here and below.
struct SimpleForward {
  const float* before;    // h_{t-1}
  const float* kernel;    // the recurrent kernel [units][units]
  const float* bias;      // [units] or null
  float* sums;            // [rows][units]: the inputs' part, which becomes the sum
  float* state;           // h_t
  const float* mask;      // [rows]: 0 where the step is masked, null where none is
  const float* products;  // [rows][units]: of states that are dropped, see gate_drops.cu, or null
  int stride;             // of the states' rows
  int rows;
  int units;
  int inner;              // units, 0 where states before are zero or products are there
  int f;
};

// The sum goes on where the inputs' part ends. Grid: [ceil(rows / 32), ceil(units / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) simple_forward(SimpleForward s) {
  for_each_sum(
      s.before, s.stride, s.rows, s.kernel, s.units, s.units, s.inner,
      [&](int row, int unit) {
        size_t at = (size_t)row * s.units + unit;
        return s.products ? s.sums[at] + s.products[at] : s.sums[at];
      },
      [&](int row, int unit, float sum) {
        if (is_masked(s.mask, row)) {
          s.state[(size_t)row * s.stride + unit] = s.before[(size_t)row * s.stride + unit];
          return;
        }
        float z = sum + (s.bias ? s.bias[unit] : 0.0f);
        s.sums[(size_t)row * s.units + unit] = z;
        s.state[(size_t)row * s.stride + unit] = function(s.f, z);
      });
}

struct SimpleBackward {
  const float* next;      // gradients by the sums of the step after
  const float* kernel;    // the recurrent kernel [units][units]
  const float* above;     // gradients by h_t from the layer above, or null
  const float* sums;      // [rows][units]
  const float* state;     // h_t
  float* carried;         // gradients by h_t past steps that are masked; becomes h_{t-1}'s; or null
  float* gradients;       // by the sums, [rows][units]
  const float* mask;      // [rows]: 0 where the step is masked, null where none is
  const float* products;  // [rows][units]: gradients by states that are dropped, or null
  int stride;             // of the states' rows
  int rows;
  int units;
  int inner;              // units, 0 where nothing comes after or products are there
  int f;
};

// Grid: [ceil(rows / 32), ceil(units / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) simple_backward(SimpleBackward s) {
  for_each_state(
      s.next, s.units, s.rows, s.kernel, s.units, s.units, s.inner,
      [&](int row, int unit, float sum) {
        size_t at = (size_t)row * s.units + unit;
        float gradient = (s.products ? s.products[at] : sum) + (s.above ? s.above[at] : 0.0f);
        bool later = s.inner > 0 || s.products;
        if (s.mask && passes_masked(s.carried + at, gradient, later, s.mask[row])) {
          s.gradients[at] = 0.0f;
          return;
        }
        float y = s.state[(size_t)row * s.stride + unit];
        s.gradients[at] = gradient * slope(s.f, s.sums[at], y);
      });
}
