// LSTM, all steps in one launch, with tanh and sigmoid: what lstm_cell.cu does step by step. Of a row's
// four lanes each has a gate, in Keras's order i, f, g, o; all four have the unit's c. See walk.cuh.
#include "activation.cuh"
#include "walk.cuh"

static const int LSTM_WALK_GATES = 4;
enum LstmGate { GATE_I = 0, GATE_F = 1, GATE_G = 2, GATE_O = 3 };

// PersistentLstm.java passes these fields in this order, here and below.
struct LstmWalkForward {
  const float* packed;  // the recurrent kernel, see pack_walk.cu
  float* sums;          // [steps][rows][4 units]: inputs' part and bias; becomes the gates
  float* c;             // [steps][rows][units]; null where nothing goes back
  float* states;        // h_t, [steps][rows][stride]
  int stride;
  int rows;
  int units;
  int steps;
};

// A unit or row that is not there has sums and weights of zeros, and so states of zeros.
template <int TILE, int OWN>
__device__ __forceinline__ void lstm_walk_forward(const LstmWalkForward& s) {
  __shared__ __align__(16) float h[2][WALK_ROWS][WALK_GROUPS * TILE];
  WalkWeights<LSTM_WALK_GATES * TILE * TILE, OWN> w(s.packed);
  int lane = threadIdx.x % WALK_LANES;
  int group = threadIdx.x / WALK_LANES;
  int mine = lane / WALK_VALUES;
  int gate = lane % WALK_VALUES;
  int row = blockIdx.x * WALK_ROWS + mine;
  int width = LSTM_WALK_GATES * s.units;
  float c[TILE] = {};
#pragma unroll 1
  for (int t = 0; t < s.steps; t++) {
    size_t at = (size_t)t * s.rows + row;
    float z[TILE];
#pragma unroll
    for (int q = 0; q < TILE; q++) {
      int unit = group + WALK_GROUPS * q;
      bool has = row < s.rows && unit < s.units;
      z[q] = has ? s.sums[at * width + gate * s.units + unit] : 0.0f;
    }
#pragma unroll
    for (int q = 0; q < TILE; q++) {
      int unit = group + WALK_GROUPS * q;
      bool has = row < s.rows && unit < s.units;
      if (t > 0) {
        z[q] += gate_sum<LSTM_WALK_GATES, TILE>(w, q, h[t & 1], lane);
      }
      float y = activate(gate == GATE_G ? TANH : SIGMOID, z[q]);
      if (has && s.c) {
        s.sums[at * width + gate * s.units + unit] = y;
      }
      c[q] = from_lane(y, GATE_I) * from_lane(y, GATE_G) + from_lane(y, GATE_F) * c[q];
      float state = from_lane(y, GATE_O) * tanhf(c[q]);
      if (gate == GATE_I) {
        h[(t + 1) & 1][mine][unit] = state;
        if (has) {
          s.states[at * s.stride + unit] = state;
          if (s.c) {
            s.c[at * s.units + unit] = c[q];
          }
        }
      }
    }
    __syncthreads();
  }
}

struct LstmWalkBackward {
  const float* packed;  // the recurrent kernel transposed
  const float* above;   // gradients by h_t from the layer above, of all steps or the last
  const float* gates;   // [steps][rows][4 units]
  const float* c;       // [steps][rows][units]
  float* gradients;     // by the sums, [steps][rows][4 units]
  int sequences;        // whether each step has gradients from above
  int rows;
  int units;
  int steps;
};

template <int TILE, int OWN>
__device__ __forceinline__ void lstm_walk_backward(const LstmWalkBackward& s) {
  __shared__ __align__(16) WalkGradients<LSTM_WALK_GATES, TILE> d[2];
  WalkWeights<LSTM_WALK_GATES * TILE * TILE, OWN> w(s.packed);
  int lane = threadIdx.x % WALK_LANES;
  int group = threadIdx.x / WALK_LANES;
  int mine = lane / WALK_VALUES;
  int gate = lane % WALK_VALUES;
  int row = blockIdx.x * WALK_ROWS + mine;
  int width = LSTM_WALK_GATES * s.units;
  float later[TILE] = {};  // gradients by c_t from the step after
#pragma unroll 1
  for (int t = s.steps - 1; t >= 0; t--) {
    size_t at = (size_t)t * s.rows + row;
    bool last = t == s.steps - 1;
    float dh[TILE] = {};
    if (!last) {
      state_sums<LSTM_WALK_GATES, TILE>(w, d[(t + 1) & 1], lane, dh);
    }
#pragma unroll
    for (int q = 0; q < TILE; q++) {
      int unit = group + WALK_GROUPS * q;
      bool has = row < s.rows && unit < s.units;
      float y = has ? s.gates[at * width + gate * s.units + unit] : 0.0f;
      float c = has ? s.c[at * s.units + unit] : 0.0f;
      float before = has && t > 0 ? s.c[(at - s.rows) * s.units + unit] : 0.0f;
      if (has && (s.sequences || last)) {
        dh[q] += s.above[(s.sequences ? at : row) * s.units + unit];
      }
      float i = from_lane(y, GATE_I);
      float g = from_lane(y, GATE_G);
      float out = tanhf(c);
      float dc = later[q] + dh[q] * from_lane(y, GATE_O) * (1.0f - out * out);
      later[q] = dc * from_lane(y, GATE_F);
      float by_value =
          gate == GATE_I ? dc * g : gate == GATE_F ? dc * before : gate == GATE_G ? dc * i : dh[q] * out;
      float dz = by_value * derivative(gate == GATE_G ? TANH : SIGMOID, y);
      d[t & 1].of[mine][gate][unit] = dz;
      if (has) {
        s.gradients[at * width + gate * s.units + unit] = dz;
      }
    }
    __syncthreads();
  }
}

// By tile, and the vectors in registers: up to 64, 128 and 160 units. Grid: ceil(rows / 2).
#define LSTM_WALK(TILE, OWN_FORWARD, OWN_BACK)                                                     \
  extern "C" __global__ void __launch_bounds__(WALK_THREADS, 1)                                    \
      lstm_walk_forward_##TILE(LstmWalkForward s) {                                                \
    lstm_walk_forward<TILE, OWN_FORWARD>(s);                                                       \
  }                                                                                                \
  extern "C" __global__ void __launch_bounds__(WALK_THREADS, 1)                                    \
      lstm_walk_backward_##TILE(LstmWalkBackward s) {                                              \
    lstm_walk_backward<TILE, OWN_BACK>(s);                                                         \
  }

LSTM_WALK(2, 16, 16)
LSTM_WALK(4, 51, 51)
LSTM_WALK(5, 45, 47)
