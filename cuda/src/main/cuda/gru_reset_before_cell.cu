// GRU with reset before, step by step: C = f(a + (R . h_{t-1}) * the third part of the recurrent
// kernel), h_t = C + Z . (h_{t-1} - C). A step is two products, one after the other, there and back.
// Sums lie in Keras's order: z, r, h.
#include "function.cuh"
#include "recurrent.cuh"

static const int RESET_GATES = 3;  // z, r, h
static const int RESET_R = 1;
static const int RESET_C = 2;

// GruResetBeforeCell.java passes these fields in this order; of each kernel here.
struct GruResetBefore {
  const float* before;    // h_{t-1}, zeros at the first step
  const float* kernel;    // the recurrent kernel [units][3 units]
  const float* bias;      // [3 units] or null
  float* sums;            // [rows][3 units]: the inputs' part, which becomes what functions are taken of
  float* reset;           // R . h_{t-1}, [rows][units]
  float* state;           // h_t
  const float* next;      // gradients by the sums of the step after, [rows][3 units]
  const float* above;     // gradients by h_t from the layer above, or null
  float* later;           // gradients by h_t past the sums of the step after; becomes h_{t-1}'s
  float* gradients;       // by the sums, [rows][3 units]
  const float* mask;      // [rows]: 0 where the step is masked, null where none is
  const float* products;  // of states that Z and R drop, [rows][3 units], on the way back gradients by
                          // them, [rows][units]; see gate_drops.cu; or null
  const float* factors;   // of what the candidate drops of R . h_{t-1}, or null
  int factor_stride;      // of their rows
  int stride;             // of the states' rows
  int rows;
  int units;
  int first;              // 1 at the first step
  int last;               // 1 at the last step, which nothing comes after
  int f;
  int gate;               // the gates' activation
};

// What the candidate is left with of a value.
static __device__ __forceinline__ float left_of(
    const float* factors, int stride, int row, int unit, float value) {
  return factors ? value * factors[(size_t)row * stride + unit] : value;
}

// Z's and R's sums, and the state that R leaves. Grid: [ceil(rows / 32), ceil(units / 16)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) gru_reset_forward(GruResetBefore s) {
  int width = RESET_GATES * s.units;
  for_each_unit<RESET_C>(
      s.before, s.stride, s.rows, s.kernel, width, s.units, s.first || s.products ? 0 : s.units,
      [&](int row, int unit, float* of) {
        float z = 0.0f;
#pragma unroll
        for (int g = 0; g < RESET_C; g++) {
          int column = g * s.units + unit;
          float* sum = s.sums + (size_t)row * width + column;
          float states = s.products ? s.products[(size_t)row * width + column] : of[g * GEMM_THREADS];
          z = *sum + states + (s.bias ? s.bias[column] : 0.0f);
          *sum = z;
        }
        float r = function(s.gate, z);
        float before = s.before[(size_t)row * s.stride + unit];
        float left = left_of(s.factors, s.factor_stride, row, unit, before);
        s.reset[(size_t)row * s.units + unit] = r * left;
      });
}

// The candidate and the state. Grid: [ceil(rows / 32), ceil(units / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) gru_candidate_forward(GruResetBefore s) {
  int width = RESET_GATES * s.units;
  int c = RESET_C * s.units;
  for_each_sum(
      s.reset, s.units, s.rows, s.kernel + c, width, s.units, s.first ? 0 : s.units,
      [&](int row, int unit) { return s.sums[(size_t)row * width + c + unit]; },
      [&](int row, int unit, float sum) {
        float* sums = s.sums + (size_t)row * width + unit;
        float before = s.before[(size_t)row * s.stride + unit];
        if (is_masked(s.mask, row)) {
          s.state[(size_t)row * s.stride + unit] = before;
          return;
        }
        float a = sum + (s.bias ? s.bias[c + unit] : 0.0f);
        sums[c] = a;
        float value = function(s.f, a);
        float z = function(s.gate, sums[0]);
        s.state[(size_t)row * s.stride + unit] = value + z * (before - value);
      });
}

// Gradients by Z's sum and the candidate's. Grid: [ceil(rows / 32), ceil(units / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) gru_candidate_backward(GruResetBefore s) {
  int width = RESET_GATES * s.units;
  int c = RESET_C * s.units;
  for_each_state(
      s.next, width, s.rows, s.kernel, width, s.units, s.last || s.products ? 0 : c,
      [&](int row, int unit, float sum) {
        size_t at = (size_t)row * s.units + unit;
        const float* sums = s.sums + (size_t)row * width + unit;
        float* gradients = s.gradients + (size_t)row * width + unit;
        float dh = (s.products ? s.products[at] : sum) + (s.above ? s.above[at] : 0.0f);
        if (!s.last) {
          dh += s.later[at];
        }
        if (is_masked(s.mask, row)) {
          s.later[at] = dh;
          gradients[0] = 0.0f;
          gradients[c] = 0.0f;
          return;
        }
        float z = function(s.gate, sums[0]);
        float value = function(s.f, sums[c]);
        float before = s.before[(size_t)row * s.stride + unit];
        s.later[at] = dh * z;
        gradients[0] = dh * (before - value) * slope(s.gate, sums[0], z);
        gradients[c] = dh * (1.0f - z) * slope(s.f, sums[c], value);
      });
}

// Gradients by R's sum. Grid: [ceil(rows / 32), ceil(units / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) gru_reset_backward(GruResetBefore s) {
  int width = RESET_GATES * s.units;
  int c = RESET_C * s.units;
  for_each_state(
      s.gradients + c, width, s.rows, s.kernel + c, width, s.units, s.units,
      [&](int row, int unit, float sum) {
        size_t at = (size_t)row * width + RESET_R * s.units + unit;
        float z = s.sums[at];
        float r = function(s.gate, z);
        float before = s.before[(size_t)row * s.stride + unit];
        float d = left_of(s.factors, s.factor_stride, row, unit, sum);
        s.later[(size_t)row * s.units + unit] += d * r;
        s.gradients[at] = d * before * slope(s.gate, z, r);
      });
}
