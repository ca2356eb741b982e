// Sums over a block of 256 threads, in one order.
#pragma once
#include "warp.cuh"

static const int BLOCK_THREADS = 256;
static const int BLOCK_WARPS = BLOCK_THREADS / WARP;

// The first warp's threads return the sum; `of_warp` is shared memory of BLOCK_WARPS values.
static __device__ __forceinline__ float block_sum(float x, float* of_warp) {
  x = warp_sum(x);
  if (threadIdx.x % WARP == 0) {
    of_warp[threadIdx.x / WARP] = x;
  }
  __syncthreads();
  return threadIdx.x < WARP ? warp_sum(threadIdx.x < BLOCK_WARPS ? of_warp[threadIdx.x] : 0.0f) : 0.0f;
}
