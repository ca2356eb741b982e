// LSTM, step by step: c_t = F . c_{t-1} + I . G, h_t = O . f(c_t), the gates I, F and O being
// functions of sums like those of a SimpleRNN, and G that of the fourth. Sums lie in Keras's order:
// i, f, g, o.
#include "function.cuh"
#include "recurrent.cuh"

static const int LSTM_GATES = 4;
static const int LSTM_I = 0;
static const int LSTM_F = 1;
static const int LSTM_G = 2;
static const int LSTM_O = 3;

// LstmCell.java passes these fields in this order, here and below.
struct LstmForward {
  const float* before;    // h_{t-1}
  const float* kernel;    // the recurrent kernel [units][4 units]
  const float* bias;      // [4 units] or null
  const float* c_before;  // c_{t-1}, [rows][units]
  float* sums;            // [rows][4 units]: the inputs' part, which becomes the sums
  float* c;               // c_t, [rows][units]
  float* state;           // h_t
  const float* mask;      // [rows]: 0 where the step is masked, null where none is
  const float* products;  // [rows][4 units]: of states that gates drop, see gate_drops.cu, or null
  int stride;             // of the states' rows
  int rows;
  int units;
  int inner;              // units, 0 where states before are zero or products are there
  int f;
  int gate;               // the gates' activation
};

// Grid: [ceil(rows / 32), ceil(units / 16)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) lstm_forward(LstmForward s) {
  int width = LSTM_GATES * s.units;
  for_each_unit<LSTM_GATES>(
      s.before, s.stride, s.rows, s.kernel, width, s.units, s.inner,
      [&](int row, int unit, float* of) {
        size_t at = (size_t)row * s.units + unit;
        if (is_masked(s.mask, row)) {
          s.c[at] = s.c_before ? s.c_before[at] : 0.0f;
          s.state[(size_t)row * s.stride + unit] = s.before[(size_t)row * s.stride + unit];
          return;
        }
#pragma unroll 1
        for (int g = 0; g < LSTM_GATES; g++) {
          int column = g * s.units + unit;
          float* sum = s.sums + (size_t)row * width + column;
          float states = s.products ? s.products[(size_t)row * width + column] : of[g * GEMM_THREADS];
          float z = *sum + states + (s.bias ? s.bias[column] : 0.0f);
          *sum = z;
          of[g * GEMM_THREADS] = function(g == LSTM_G ? s.f : s.gate, z);
        }
        float c = of[LSTM_I * GEMM_THREADS] * of[LSTM_G * GEMM_THREADS];
        if (s.c_before) {
          c += of[LSTM_F * GEMM_THREADS] * s.c_before[at];
        }
        s.c[at] = c;
        s.state[(size_t)row * s.stride + unit] = of[LSTM_O * GEMM_THREADS] * function(s.f, c);
      });
}

struct LstmBackward {
  const float* next;      // gradients by the sums of the step after, [rows][4 units]
  const float* kernel;    // the recurrent kernel [units][4 units]
  const float* above;     // gradients by h_t from the layer above, or null
  const float* sums;      // [rows][4 units]
  const float* c_before;  // c_{t-1}, null at the first step
  const float* c;         // c_t
  float* later;           // gradients by c_t from the step after; becomes those by c_{t-1}
  float* carried;         // gradients by h_t past steps that are masked; becomes h_{t-1}'s; or null
  float* gradients;       // by the sums, [rows][4 units]
  const float* mask;      // [rows]: 0 where the step is masked, null where none is
  const float* products;  // [rows][units]: gradients by states that gates drop, or null
  int rows;
  int units;
  int inner;              // 4 units, 0 where nothing comes after or products are there
  int carries;            // 0 where nothing lies in `later`
  int f;
  int gate;
};

// Grid: [ceil(rows / 32), ceil(units / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) lstm_backward(LstmBackward s) {
  __shared__ Own value[LSTM_GATES];
  int width = LSTM_GATES * s.units;
  for_each_state(
      s.next, width, s.rows, s.kernel, width, s.units, s.inner,
      [&](int row, int unit, float sum) {
        size_t at = (size_t)row * s.units + unit;
        const float* z = s.sums + (size_t)row * width + unit;
        float* dz = s.gradients + (size_t)row * width + unit;
        float dh = (s.products ? s.products[at] : sum) + (s.above ? s.above[at] : 0.0f);
        bool later = s.inner > 0 || s.products;
        if (s.mask && passes_masked(s.carried + at, dh, later, s.mask[row])) {
          s.later[at] = s.carries ? s.later[at] : 0.0f;
#pragma unroll 1
          for (int g = 0; g < LSTM_GATES; g++) {
            dz[g * s.units] = 0.0f;
          }
          return;
        }
#pragma unroll 1
        for (int g = 0; g < LSTM_GATES; g++) {
          value[g][threadIdx.x] = function(g == LSTM_G ? s.f : s.gate, z[g * s.units]);
        }
        float i = value[LSTM_I][threadIdx.x];
        float g = value[LSTM_G][threadIdx.x];
        float forget = value[LSTM_F][threadIdx.x];
        float c = s.c[at];
        float out = function(s.f, c);
        float dc = dh * value[LSTM_O][threadIdx.x] * slope(s.f, c, out);
        if (s.carries) {
          dc += s.later[at];
        }
        s.later[at] = dc * forget;
        float before = s.c_before ? s.c_before[at] : 0.0f;
#pragma unroll 1
        for (int k = 0; k < LSTM_GATES; k++) {
          float d = k == LSTM_I ? dc * g : k == LSTM_F ? dc * before : k == LSTM_G ? dc * i : dh * out;
          int f = k == LSTM_G ? s.f : s.gate;
          dz[k * s.units] = d * slope(f, z[k * s.units], value[k][threadIdx.x]);
        }
      });
}
