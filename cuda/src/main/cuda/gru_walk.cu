// GRU with reset after, all steps in one launch, with tanh and sigmoid: what gru_cell.cu does step by
// step. Of a row's four lanes the first three have a gate each, in Keras's order z, r, h; all have the
// unit's state. See walk.cuh.
#include "activation.cuh"
#include "walk.cuh"

static const int GRU_WALK_GATES = 3;
enum GruGate { GATE_UPDATE = 0, GATE_RESET = 1, GATE_CANDIDATE = 2 };

// PersistentGru.java passes these fields in this order, here and below.
struct GruWalkForward {
  const float* packed;  // the recurrent kernel, see pack_walk.cu
  const float* bias;    // of the states' sums, [3 units] or null
  float* sums;          // [steps][rows][3 units]: inputs' part and bias; becomes the gates
  float* b;             // states' sums of a candidate, [steps][rows][units]; null where nothing goes back
  float* states;        // h_t, [steps][rows][stride]
  int stride;
  int rows;
  int units;
  int steps;
};

// A unit or row that is not there has sums and weights of zeros, and so states of zeros.
template <int TILE, int OWN>
__device__ __forceinline__ void gru_walk_forward(const GruWalkForward& s) {
  __shared__ __align__(16) float h[2][WALK_ROWS][WALK_GROUPS * TILE];
  WalkWeights<GRU_WALK_GATES * TILE * TILE, OWN> w(s.packed);
  int lane = threadIdx.x % WALK_LANES;
  int group = threadIdx.x / WALK_LANES;
  int mine = lane / WALK_VALUES;
  int gate = lane % WALK_VALUES;
  int row = blockIdx.x * WALK_ROWS + mine;
  int width = GRU_WALK_GATES * s.units;
  float state[TILE] = {};
  float bias[TILE];
#pragma unroll
  for (int q = 0; q < TILE; q++) {
    int unit = group + WALK_GROUPS * q;
    bool has = row < s.rows && unit < s.units && gate < GRU_WALK_GATES;
    bias[q] = has && s.bias ? s.bias[gate * s.units + unit] : 0.0f;
  }
#pragma unroll 1
  for (int t = 0; t < s.steps; t++) {
    size_t at = (size_t)t * s.rows + row;
    float x[TILE];
#pragma unroll
    for (int q = 0; q < TILE; q++) {
      int unit = group + WALK_GROUPS * q;
      bool has = row < s.rows && unit < s.units && gate < GRU_WALK_GATES;
      x[q] = has ? s.sums[at * width + gate * s.units + unit] : 0.0f;
    }
#pragma unroll
    for (int q = 0; q < TILE; q++) {
      int unit = group + WALK_GROUPS * q;
      bool has = row < s.rows && unit < s.units;
      float of_states = bias[q];
      if (t > 0) {
        of_states += gate_sum<GRU_WALK_GATES, TILE>(w, q, h[t & 1], lane);
      }
      float y = activate(SIGMOID, x[q] + of_states);
      float reset = from_lane(y, GATE_RESET);
      if (gate == GATE_CANDIDATE) {
        y = tanhf(x[q] + reset * of_states);
      }
      float candidate = from_lane(y, GATE_CANDIDATE);
      state[q] = candidate + from_lane(y, GATE_UPDATE) * (state[q] - candidate);
      if (has && s.b && gate < GRU_WALK_GATES) {
        s.sums[at * width + gate * s.units + unit] = y;
        if (gate == GATE_CANDIDATE) {
          s.b[at * s.units + unit] = of_states;
        }
      }
      if (gate == GATE_UPDATE) {
        h[(t + 1) & 1][mine][unit] = state[q];
        if (has) {
          s.states[at * s.stride + unit] = state[q];
        }
      }
    }
    __syncthreads();
  }
}

struct GruWalkBackward {
  const float* packed;  // the recurrent kernel transposed
  const float* above;   // gradients by h_t from the layer above, of all steps or the last
  const float* before;  // h_{t-1}, [steps][rows][stride]
  const float* gates;   // [steps][rows][3 units]
  const float* b;       // [steps][rows][units]
  float* gradients;     // by the inputs' sums, [steps][rows][3 units]
  float* of_states;     // by the states' sums, [steps][rows][3 units]
  int sequences;        // whether each step has gradients from above
  int stride;
  int rows;
  int units;
  int steps;
};

template <int TILE, int OWN>
__device__ __forceinline__ void gru_walk_backward(const GruWalkBackward& s) {
  __shared__ __align__(16) WalkGradients<GRU_WALK_GATES, TILE> d[2];
  WalkWeights<GRU_WALK_GATES * TILE * TILE, OWN> w(s.packed);
  int lane = threadIdx.x % WALK_LANES;
  int group = threadIdx.x / WALK_LANES;
  int mine = lane / WALK_VALUES;
  int gate = lane % WALK_VALUES;
  int row = blockIdx.x * WALK_ROWS + mine;
  int width = GRU_WALK_GATES * s.units;
  float later[TILE] = {};  // gradients by h_t past the gates of the step after
#pragma unroll 1
  for (int t = s.steps - 1; t >= 0; t--) {
    size_t at = (size_t)t * s.rows + row;
    bool last = t == s.steps - 1;
    float dh[TILE] = {};
    if (!last) {
      state_sums<GRU_WALK_GATES, TILE>(w, d[(t + 1) & 1], lane, dh);
    }
#pragma unroll
    for (int q = 0; q < TILE; q++) {
      int unit = group + WALK_GROUPS * q;
      bool has = row < s.rows && unit < s.units;
      bool gated = has && gate < GRU_WALK_GATES;
      float y = gated ? s.gates[at * width + gate * s.units + unit] : 0.0f;
      float before = has ? s.before[at * s.stride + unit] : 0.0f;
      float b = has ? s.b[at * s.units + unit] : 0.0f;
      float from_above = 0.0f;
      if (has && (s.sequences || last)) {
        from_above = s.above[(s.sequences ? at : row) * s.units + unit];
      }
      float update = from_lane(y, GATE_UPDATE);
      float reset = from_lane(y, GATE_RESET);
      float candidate = from_lane(y, GATE_CANDIDATE);
      float all = dh[q] + from_above + later[q];
      later[q] = all * update;
      float of_candidate = all * (1.0f - update) * (1.0f - candidate * candidate);
      float by_value = gate == GATE_UPDATE ? all * (before - candidate) : of_candidate * b;
      float by_inputs = gate == GATE_CANDIDATE ? of_candidate : by_value * derivative(SIGMOID, y);
      float by_states = gate == GATE_CANDIDATE ? of_candidate * reset : by_inputs;
      if (gate < GRU_WALK_GATES) {
        d[t & 1].of[mine][gate][unit] = by_states;
        if (has) {
          s.gradients[at * width + gate * s.units + unit] = by_inputs;
          s.of_states[at * width + gate * s.units + unit] = by_states;
        }
      }
    }
    __syncthreads();
  }
}

// By tile, and the vectors in registers: up to 64, 128 and 160 units. Grid: ceil(rows / 2).
#define GRU_WALK(TILE, OWN_FORWARD, OWN_BACK)                                                      \
  extern "C" __global__ void __launch_bounds__(WALK_THREADS, 1)                                    \
      gru_walk_forward_##TILE(GruWalkForward s) {                                                  \
    gru_walk_forward<TILE, OWN_FORWARD>(s);                                                        \
  }                                                                                                \
  extern "C" __global__ void __launch_bounds__(WALK_THREADS, 1)                                    \
      gru_walk_backward_##TILE(GruWalkBackward s) {                                                \
    gru_walk_backward<TILE, OWN_BACK>(s);                                                          \
  }

GRU_WALK(2, 12, 12)
GRU_WALK(4, 48, 48)
GRU_WALK(5, 46, 46)
