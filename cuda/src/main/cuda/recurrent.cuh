// What the steps of all cells have in common: the product of the state with the recurrent kernel, and
// how a thread goes through what it has computed. A walk over time is one launch a step; the inputs'
// part of all sums is there before the first.
#pragma once

#include "gemm.cuh"

static const int OWN = EACH * EACH;  // values of a thread

// A thread's values in shared memory, value v of all threads side by side. Nobody else looks at them:
// they are there so that a loop over them need not be unrolled, and what a cell does with a sum, with
// every activation that there is, is in the kernel once and not sixteen times.
typedef float Own[GEMM_THREADS];

static __device__ __forceinline__ void keep(Own* own, const Sums& sums) {
#pragma unroll
  for (int i = 0; i < EACH; i++) {
#pragma unroll
    for (int j = 0; j < EACH; j++) {
      own[i * EACH + j][threadIdx.x] = sums.of[i][j];
    }
  }
}

// Calls use(row, unit, value) for a thread's values that exist, one after the other.
template <class Use>
__device__ __forceinline__ void for_each_own(Own* own, int rows, int units, Use use) {
#pragma unroll 1
  for (int i = 0; i < OWN; i++) {
    int row = my_row(i / EACH);
    int unit = my_column(i % EACH);
    if (row < rows && unit < units) {
      use(row, unit, own[i][threadIdx.x]);
    }
  }
}

// A step forward of a cell with one gate, state * kernel: sums begin with begin(row, unit); calls
// use(row, unit, sum). Grid: [ceil(rows / 32), ceil(units / 64)].
template <class Begin, class Use>
__device__ __forceinline__ void for_each_sum(
    const float* state, int stride, int rows, const float* kernel, int width, int units, int inner,
    Begin begin, Use use) {
  __shared__ Tiles tiles;
  __shared__ Own own[OWN];
  Sums sums = {};
  for_each_output(rows, units, [&](int i, int j, int row, int unit) {
    sums.of[i][j] = begin(row, unit);
  });
  Part<true, false, TILE_M> a(state, stride, rows, blockIdx.x * TILE_M, 0);
  Part<false, false, TILE_N> b(kernel, width, units, blockIdx.y * TILE_N, 0);
  add_products(tiles, sums, a, b, 0, inner);
  keep(own, sums);
  for_each_own(own, rows, units, use);
}

// A step back, gradients * kernel': calls use(row, unit, sum) for what comes to each state from the
// gates of the step after. Grid: [ceil(rows / 32), ceil(units / 64)].
template <class Use>
__device__ __forceinline__ void for_each_state(
    const float* gradients, int stride, int rows, const float* kernel, int width, int units,
    int inner, Use use) {
  __shared__ Tiles tiles;
  __shared__ Own own[OWN];
  keep(
      own, tile_product<true, true, false>(
               tiles, gradients, stride, rows, kernel, width, units, 0, inner));
  for_each_own(own, rows, units, use);
}
