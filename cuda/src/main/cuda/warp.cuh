// Sums and maxima over the 32 lanes of a warp, the same in every lane. The order of a sum is fixed,
// so two runs give the same bits.
#pragma once

static const unsigned ALL_LANES = 0xffffffffu;
static const int WARP = 32;

static __device__ __forceinline__ float warp_sum(float x) {
#pragma unroll
  for (int offset = WARP / 2; offset > 0; offset /= 2) {
    x += __shfl_xor_sync(ALL_LANES, x, offset);
  }
  return x;
}

static __device__ __forceinline__ float warp_max(float x) {
#pragma unroll
  for (int offset = WARP / 2; offset > 0; offset /= 2) {
    x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, offset));
  }
  return x;
}

// The index of the largest value over all lanes, of equals the smallest index.
static __device__ __forceinline__ int warp_argmax(float value, int index) {
#pragma unroll
  for (int offset = WARP / 2; offset > 0; offset /= 2) {
    float other_value = __shfl_xor_sync(ALL_LANES, value, offset);
    int other = __shfl_xor_sync(ALL_LANES, index, offset);
    if (other_value > value || (other_value == value && other < index)) {
      value = other_value;
      index = other;
    }
  }
  return index;
}
