// What the threads of a block hold in registers of a matrix [inputs][32 * tile]: weights while states
// and gradients go through the steps, and sums when weights' gradients are made.
//
// The block's threads are groups of 8 lanes. A group has four neighbouring columns; lane i has of
// the rows 32 * p + 4 * i and the three that follow, so that one access brings four inputs, and
// another the four columns of a row.
#pragma once

#include "warp.cuh"

static const int LANES = 8;
static const int FOUR = 4;     // neighbouring inputs, and columns
static const int SAMPLES = 2;  // of a block: with four columns there is a sum for each lane

// The block's shape by tile: up to 32 * TILE units, and 32 more inputs.
template <int TILE>
struct Shape {
  static const int WIDTH = 32 * TILE;
  static const int INPUTS = WIDTH + 32;
  static const int THREADS = WIDTH / FOUR * LANES;
  static const int PARTS = TILE + 1;  // of 32 inputs
};

// Adds up 8 lanes' values so that lane i ends with the sum of everybody's value i: half of the
// values go to the lane across, again and again. Recursive, so that no index is left to run time.
template <int HALF>
static __device__ __forceinline__ void reduce_scatter(float (&v)[LANES], int lane) {
  bool upper = lane & HALF;
#pragma unroll
  for (int p = 0; p < HALF; p++) {
    float keep = upper ? v[p + HALF] : v[p];
    float give = upper ? v[p] : v[p + HALF];
    v[p] = keep + __shfl_xor_sync(ALL_LANES, give, HALF);
  }
  if constexpr (HALF > 1) {
    reduce_scatter<HALF / 2>(v, lane);
  }
}

template <int TILE>
struct Held {
  float of[TILE + 1][FOUR][FOUR];  // of 32 inputs each: this lane's four, their four columns

  static __device__ __forceinline__ int lane() { return threadIdx.x % LANES; }
  static __device__ __forceinline__ int column() { return threadIdx.x / LANES * FOUR; }

  // The place of the first value of four in a matrix: the others follow 32 rows apart.
  static __device__ __forceinline__ int place() {
    return FOUR * lane() * Shape<TILE>::WIDTH + column();
  }

  static __device__ __forceinline__ int after(int p, int r) {
    return (32 * p + r) * Shape<TILE>::WIDTH;
  }

  template <int PARTS>
  __device__ __forceinline__ void load(const float* matrix) {
    const float* from = matrix + place();
#pragma unroll
    for (int p = 0; p < PARTS; p++) {
#pragma unroll
      for (int r = 0; r < FOUR; r++) {
        float4 w = *(const float4*)(from + after(p, r));
        of[p][r][0] = w.x;
        of[p][r][1] = w.y;
        of[p][r][2] = w.z;
        of[p][r][3] = w.w;
      }
    }
  }

  __device__ __forceinline__ void clear() {
#pragma unroll
    for (int p = 0; p <= TILE; p++) {
#pragma unroll
      for (int r = 0; r < FOUR; r++) {
#pragma unroll
        for (int q = 0; q < FOUR; q++) {
          of[p][r][q] = 0.0f;
        }
      }
    }
  }

  // Writes the rows that there are, or adds to them.
  __device__ __forceinline__ void leave(float* matrix, int inputs, bool adds) const {
    float* to = matrix + place();
#pragma unroll
    for (int p = 0; p <= TILE; p++) {
#pragma unroll
      for (int r = 0; r < FOUR; r++) {
        if (32 * p + FOUR * lane() + r < inputs) {
          float4* four = (float4*)(to + after(p, r));
          float4 old = adds ? *four : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
          *four = make_float4(
              old.x + of[p][r][0], old.y + of[p][r][1], old.z + of[p][r][2], old.w + of[p][r][3]);
        }
      }
    }
  }

  // The products with both samples' vectors, `STRIDE` apart: lane 4 * s + q gets sample s's sum for
  // the group's column q.
  template <int PARTS, int STRIDE>
  __device__ __forceinline__ float multiply(const float* vectors) const {
    float sums[LANES] = {};
    const float* from = vectors + FOUR * lane();
#pragma unroll
    for (int p = 0; p < PARTS; p++) {
#pragma unroll
      for (int s = 0; s < SAMPLES; s++) {
        float4 x = *(const float4*)(from + s * STRIDE + 32 * p);
        float inputs[FOUR] = {x.x, x.y, x.z, x.w};
#pragma unroll
        for (int r = 0; r < FOUR; r++) {
#pragma unroll
          for (int q = 0; q < FOUR; q++) {
            sums[s * FOUR + q] += inputs[r] * of[p][r][q];
          }
        }
      }
    }
    reduce_scatter<LANES / 2>(sums, lane());
    return sums[0];
  }

  // Adds each input's product with each column's gradient, of one sample after the other: both at once do
  // not fit the registers of the largest tile.
  __device__ __forceinline__ void add(const float* vectors, const float* gradients) {
    const float* from = vectors + FOUR * lane();
#pragma unroll 1
    for (int s = 0; s < SAMPLES; s++) {
      float4 d = *(const float4*)(gradients + s * Shape<TILE>::WIDTH + column());
#pragma unroll
      for (int p = 0; p <= TILE; p++) {
        float4 x = *(const float4*)(from + s * Shape<TILE>::INPUTS + 32 * p);
        float inputs[FOUR] = {x.x, x.y, x.z, x.w};
#pragma unroll
        for (int r = 0; r < FOUR; r++) {
          of[p][r][0] += inputs[r] * d.x;
          of[p][r][1] += inputs[r] * d.y;
          of[p][r][2] += inputs[r] * d.z;
          of[p][r][3] += inputs[r] * d.w;
        }
      }
    }
  }
};
