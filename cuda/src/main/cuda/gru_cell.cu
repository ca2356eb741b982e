// GRU with reset after, step by step: C = f(a + R . b), h_t = C + Z . (h_{t-1} - C), a being the
// third sum of inputs and b that of states, each with a bias of its own. Sums lie in Keras's order:
// z, r, h.
#include "function.cuh"
#include "recurrent.cuh"

static const int GRU_GATES = 3;
static const int GRU_R = 1;
static const int GRU_C = 2;

// GruCell.java passes these fields in this order, here and below.
struct GruForward {
  const float* before;    // h_{t-1}, zeros at the first step
  const float* kernel;    // the recurrent kernel [units][3 units]
  const float* bias;      // [2][3 units] or null
  float* sums;            // [rows][3 units]: the inputs' part, which becomes what functions are taken of
  float* b;               // [rows][units]
  float* state;           // h_t
  const float* mask;      // [rows]: 0 where the step is masked, null where none is
  const float* products;  // [rows][3 units]: of states that gates drop, see gate_drops.cu, or null
  int stride;             // of the states' rows
  int rows;
  int units;
  int inner;              // units, 0 where states before are zero or products are there
  int f;
  int gate;               // the gates' activation
};

// Grid: [ceil(rows / 32), ceil(units / 16)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) gru_forward(GruForward s) {
  int width = GRU_GATES * s.units;
  for_each_unit<GRU_GATES>(
      s.before, s.stride, s.rows, s.kernel, width, s.units, s.inner,
      [&](int row, int unit, float* of) {
        float before = s.before[(size_t)row * s.stride + unit];
        if (is_masked(s.mask, row)) {
          s.state[(size_t)row * s.stride + unit] = before;
          return;
        }
        float value = 0.0f;
        float z = 0.0f;
#pragma unroll 1
        for (int g = 0; g < GRU_GATES; g++) {
          int column = g * s.units + unit;
          float* sum = s.sums + (size_t)row * width + column;
          float inputs = *sum + (s.bias ? s.bias[column] : 0.0f);
          float product = s.products ? s.products[(size_t)row * width + column] : of[g * GEMM_THREADS];
          float states = product + (s.bias ? s.bias[width + column] : 0.0f);
          if (g == GRU_R) {
            z = value;
          } else if (g == GRU_C) {  // `value` is R
            s.b[(size_t)row * s.units + unit] = states;
            states *= value;
          }
          *sum = inputs + states;
          value = function(g == GRU_C ? s.f : s.gate, inputs + states);
        }
        s.state[(size_t)row * s.stride + unit] = value + z * (before - value);
      });
}

struct GruBackward {
  const float* next;      // gradients by the states' sums of the step after, [rows][3 units]
  const float* kernel;    // the recurrent kernel [units][3 units]
  const float* above;     // gradients by h_t from the layer above, or null
  const float* before;    // h_{t-1}
  const float* sums;      // [rows][3 units]
  const float* b;         // [rows][units]
  float* later;           // gradients by h_t past the gates of the step after; becomes h_{t-1}'s
  float* gradients;       // by the inputs' sums, [rows][3 units]
  float* of_states;       // by the states' sums, [rows][3 units]
  const float* mask;      // [rows]: 0 where the step is masked, null where none is
  const float* products;  // [rows][units]: gradients by states that gates drop, or null
  int stride;             // of the states' rows
  int rows;
  int units;
  int inner;              // 3 units, 0 where nothing comes after or products are there
  int f;
  int gate;
};

// Grid: [ceil(rows / 32), ceil(units / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) gru_backward(GruBackward s) {
  __shared__ Own value[GRU_GATES];
  int width = GRU_GATES * s.units;
  for_each_state(
      s.next, width, s.rows, s.kernel, width, s.units, s.inner,
      [&](int row, int unit, float sum) {
        size_t at = (size_t)row * s.units + unit;
        size_t first = (size_t)row * width + unit;
        float dh = (s.products ? s.products[at] : sum) + (s.above ? s.above[at] : 0.0f);
        if (s.inner > 0 || s.products) {
          dh += s.later[at];
        }
        if (is_masked(s.mask, row)) {
          s.later[at] = dh;
#pragma unroll 1
          for (int g = 0; g < GRU_GATES; g++) {
            s.gradients[first + g * s.units] = 0.0f;
            s.of_states[first + g * s.units] = 0.0f;
          }
          return;
        }
#pragma unroll 1
        for (int g = 0; g < GRU_GATES; g++) {
          value[g][threadIdx.x] = function(g == GRU_C ? s.f : s.gate, s.sums[first + g * s.units]);
        }
        float z = value[0][threadIdx.x];
        float r = value[GRU_R][threadIdx.x];
        float c = value[GRU_C][threadIdx.x];
        float before = s.before[(size_t)row * s.stride + unit];
        s.later[at] = dh * z;
        float d = dh * (1.0f - z);
#pragma unroll 1
        for (int g = GRU_C; g >= 0; g--) {
          int f = g == GRU_C ? s.f : s.gate;
          float of_sum = d * slope(f, s.sums[first + g * s.units], value[g][threadIdx.x]);
          s.gradients[first + g * s.units] = of_sum;
          s.of_states[first + g * s.units] = g == GRU_C ? of_sum * r : of_sum;
          d = g == GRU_C ? of_sum * s.b[at] : dh * (before - c);
        }
      });
}
