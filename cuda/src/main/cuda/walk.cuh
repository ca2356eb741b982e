// What walks over time in one launch have in common (after Diamos et al., "Persistent RNNs", ICML
// 2016, but without a barrier across the grid): a block takes two rows through all steps and meets no
// other block. The recurrent kernel stays in the block, in registers as far as they go, the rest in
// shared memory.
//
// 256 threads are 32 groups of 8 lanes. A group has the units g + 32 * q, each with all of its gates;
// its lanes share out what a step reads, lane l taking the four values from 4 * (l + 8 * p) on. So a
// thread has TILE * TILE * GATES vectors of four weights, and a block up to 32 * TILE units.
// PersistentTiles.java knows these sizes.
#pragma once

#include "warp.cuh"

static const int WALK_LANES = 8;
static const int WALK_GROUPS = 32;
static const int WALK_THREADS = WALK_LANES * WALK_GROUPS;
static const int WALK_ROWS = 2;
static const int WALK_VALUES = WALK_LANES / WALK_ROWS;  // lanes of a row
static const int WALK_VECTOR = 4;

extern __shared__ float4 walk_weights[];  // vector v of all threads side by side

// A thread's weights: the first OWN vectors in registers, the rest where only it looks at them.
template <int COUNT, int OWN>
struct WalkWeights {
  static const int KEPT = COUNT < OWN ? COUNT : OWN;
  float4 own[KEPT];

  __device__ __forceinline__ explicit WalkWeights(const float* packed) {
    const float4* from = (const float4*)packed + threadIdx.x;
#pragma unroll
    for (int i = 0; i < KEPT; i++) {
      own[i] = from[i * WALK_THREADS];
    }
#pragma unroll 1
    for (int i = KEPT; i < COUNT; i++) {
      walk_weights[(i - KEPT) * WALK_THREADS + threadIdx.x] = from[i * WALK_THREADS];
    }
  }

  __device__ __forceinline__ float4 operator[](int i) const {
    return i < KEPT ? own[i] : walk_weights[(i - KEPT) * WALK_THREADS + threadIdx.x];
  }
};

static __device__ __forceinline__ void add_product(float& sum, float4 x, float4 w) {
  sum += x.x * w.x;
  sum += x.y * w.y;
  sum += x.z * w.z;
  sum += x.w * w.w;
}

// Adds up a group's values so that lane i ends with the sum of everybody's value i: half of them go to
// the lane across, again and again. Recursive, so that no index is left to run time.
template <int HALF>
static __device__ __forceinline__ void scatter_sums(float (&v)[WALK_LANES], int lane) {
  bool upper = lane & HALF;
#pragma unroll
  for (int i = 0; i < HALF; i++) {
    float keep = upper ? v[i + HALF] : v[i];
    float give = upper ? v[i] : v[i + HALF];
    v[i] = keep + __shfl_xor_sync(ALL_LANES, give, HALF);
  }
  if constexpr (HALF > 1) {
    scatter_sums<HALF / 2>(v, lane);
  }
}

// The sum over a group of the lane's row, in each of the row's four lanes.
static __device__ __forceinline__ float sum_of_row(float first, float second, int lane) {
  bool upper = lane & WALK_VALUES;
  float sum = upper ? second : first;
  sum += __shfl_xor_sync(ALL_LANES, upper ? first : second, WALK_VALUES);
#pragma unroll
  for (int offset = WALK_VALUES / 2; offset > 0; offset /= 2) {
    sum += __shfl_xor_sync(ALL_LANES, sum, offset);
  }
  return sum;
}

// What the row's lane number `of` has.
static __device__ __forceinline__ float from_lane(float value, int of) {
  return __shfl_sync(ALL_LANES, value, of, WALK_VALUES);
}

// Forward: the states' part of unit q's sums, lane (row, gate) getting its own. `h` is [row][32 TILE].
template <int GATES, int TILE, class Weights>
static __device__ __forceinline__ float gate_sum(
    const Weights& w, int q, const float (&h)[WALK_ROWS][WALK_GROUPS * TILE], int lane) {
  float sums[WALK_LANES] = {};
#pragma unroll
  for (int p = 0; p < TILE; p++) {
    int at = WALK_VECTOR * (lane + WALK_LANES * p);
    float4 first = *(const float4*)&h[0][at];
    float4 second = *(const float4*)&h[1][at];
#pragma unroll
    for (int k = 0; k < GATES; k++) {
      float4 weights = w[(q * TILE + p) * GATES + k];
      add_product(sums[k], first, weights);
      add_product(sums[WALK_VALUES + k], second, weights);
    }
  }
  scatter_sums<WALK_LANES / 2>(sums, lane);
  return sums[0];
}

// The way back's gradients of a step: a gate's lie four floats further than 32 TILE, so that the lanes
// that write them meet in no bank.
template <int GATES, int TILE>
struct WalkGradients {
  float of[WALK_ROWS][GATES][WALK_GROUPS * TILE + WALK_VECTOR];
};

// Back: what comes to units q of the lane's row from all gates of the step after.
template <int GATES, int TILE, class Weights>
static __device__ __forceinline__ void state_sums(
    const Weights& w, const WalkGradients<GATES, TILE>& next, int lane, float (&to)[TILE]) {
  float first[TILE] = {};
  float second[TILE] = {};
#pragma unroll
  for (int p = 0; p < TILE; p++) {
    int at = WALK_VECTOR * (lane + WALK_LANES * p);
#pragma unroll
    for (int k = 0; k < GATES; k++) {
      float4 x = *(const float4*)&next.of[0][k][at];
      float4 y = *(const float4*)&next.of[1][k][at];
#pragma unroll
      for (int q = 0; q < TILE; q++) {
        float4 weights = w[(p * GATES + k) * TILE + q];
        add_product(first[q], x, weights);
        add_product(second[q], y, weights);
      }
    }
  }
#pragma unroll
  for (int q = 0; q < TILE; q++) {
    to[q] = sum_of_row(first[q], second[q], lane);
  }
}
