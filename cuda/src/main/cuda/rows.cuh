// How a launch of 128 threads a block goes through rows: a warp takes one.
#pragma once

#include "warp.cuh"

// Calls use(row, column) for all elements.
template <class Use>
static __device__ __forceinline__ void for_each_element(int rows, int width, Use use) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row < rows) {
    for (int c = threadIdx.x % WARP; c < width; c += WARP) {
      use(row, c);
    }
  }
}
