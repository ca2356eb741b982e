// Puts a recurrent kernel [units][gates * units] where a walk in one launch loads it: vector after
// vector, each of all threads side by side, see walk.cuh. What is not there is zero.
#include "walk.cuh"

// PersistentTiles.java passes these fields in this order.
struct WalkPacking {
  const float* kernel;
  float* forward;
  float* back;  // null where nothing goes back
  int units;
  int gates;
  int tile;
};

static __device__ __forceinline__ float walk_weight(const WalkPacking& s, int from, int gate, int to) {
  bool has = from < s.units && to < s.units;
  return has ? s.kernel[((size_t)from * s.gates + gate) * s.units + to] : 0.0f;
}

// Grid: [ceil(values / 256)], a thread a value of each copy.
extern "C" __global__ void __launch_bounds__(WALK_THREADS) pack_walk(WalkPacking s) {
  int value = blockIdx.x * WALK_THREADS + threadIdx.x;
  int thread = value / WALK_VECTOR % WALK_THREADS;
  int vector = value / (WALK_VECTOR * WALK_THREADS);
  if (vector >= s.gates * s.tile * s.tile) {
    return;
  }
  int lane = thread % WALK_LANES;
  int group = thread / WALK_LANES;
  int in = WALK_VECTOR * lane + value % WALK_VECTOR;  // of part p = 0
  int part = WALK_VECTOR * WALK_LANES;                // values of a part
  // Forward, as gate_sum counts: unit q, part p of the states before, gate.
  int q = vector / (s.tile * s.gates);
  int p = vector / s.gates % s.tile;
  s.forward[value] = walk_weight(s, in + part * p, vector % s.gates, group + WALK_GROUPS * q);
  // Back, as state_sums counts: part p of the gradients, gate, unit q.
  if (s.back) {
    p = vector / (s.tile * s.gates);
    q = vector % s.tile;
    s.back[value] =
        walk_weight(s, group + WALK_GROUPS * q, vector / s.tile % s.gates, in + part * p);
  }
}
