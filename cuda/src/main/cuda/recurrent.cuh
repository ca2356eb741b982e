// What the steps of all cells have in common: the product of the state with the recurrent kernel, and
// how a thread goes through what it has computed. A walk over time is one launch a step; the inputs'
// part of all sums is there before the first.
#pragma once

#include "gemm.cuh"
#include "masked.cuh"

static const int OWN = EACH * EACH;              // values of a thread
static const int GATED_UNITS = TILE_N / EACH;    // units of a block whose threads have gates

// Adds to the gradient by h_t what steps that are masked have let past, `later` such a step or none, and
// leaves what this one does. Returns whether it is masked.
static __device__ __forceinline__ bool passes_masked(
    float* carried, float& gradient, bool later, float mask) {
  if (later) {
    gradient += *carried;
  }
  *carried = mask == 0.0f ? gradient : 0.0f;
  return mask == 0.0f;
}

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

// The columns of a recurrent kernel [k][stride] for 16 units of the block, GATES blocks of `units`
// columns; a thread has one unit with all of its gates.
template <int GATES>
struct GatePart {
  static const int COUNT = TILE_N * TILE_K / GEMM_THREADS;
  static const int STEP_K = GEMM_THREADS / TILE_N;

  const float* from;
  size_t step;
  float of[COUNT];

  // A gate or unit that is not there is the last one's again, as in gemm.cuh.
  __device__ __forceinline__ GatePart(const float* kernel, int stride, int units)
      : step((size_t)stride * STEP_K) {
    int gate = min(threadIdx.x % TILE_N / GATED_UNITS, GATES - 1);
    int unit = min(blockIdx.y * GATED_UNITS + threadIdx.x % GATED_UNITS, units - 1);
    from = kernel + (size_t)(threadIdx.x / TILE_N) * stride + gate * units + unit;
  }

  template <bool WHOLE>
  __device__ __forceinline__ void load(int left) {
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
      bool there = WHOLE || (int)(threadIdx.x / TILE_N) + i * STEP_K < left;
      of[i] = there ? *from : 0.0f;
      from += step;
    }
  }

  // The gates of a unit lie side by side.
  __device__ __forceinline__ void store(float (*tile)[TILE_N + PAD]) {
    int at = threadIdx.x % GATED_UNITS * EACH + threadIdx.x % TILE_N / GATED_UNITS;
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
      tile[threadIdx.x / TILE_N + i * STEP_K][at] = of[i];
    }
  }
};

// A step forward of a cell with GATES gates, state * kernel: calls use(row, unit, products), products
// being what is added to the gates' sums, GEMM_THREADS apart. Grid: [ceil(rows / 32), ceil(units / 16)].
template <int GATES, class Use>
__device__ __forceinline__ void for_each_unit(
    const float* state, int stride, int rows, const float* kernel, int width, int units, int inner,
    Use use) {
  __shared__ Tiles tiles;
  __shared__ Own own[OWN];
  Sums sums = {};
  Part<true, false, TILE_M> a(state, stride, rows, blockIdx.x * TILE_M, 0);
  add_products(tiles, sums, a, GatePart<GATES>(kernel, width, units), 0, inner);
  keep(own, sums);
  int unit = blockIdx.y * GATED_UNITS + threadIdx.x % GATED_UNITS;
#pragma unroll 1
  for (int i = 0; i < EACH; i++) {
    if (my_row(i) < rows && unit < units) {
      use(my_row(i), unit, &own[i * EACH][threadIdx.x]);
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
