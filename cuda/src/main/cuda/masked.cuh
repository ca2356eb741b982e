// Which rows count.
#pragma once

// Whether a step is masked in a row, which then is as if it were not there; null is no mask.
static __device__ __forceinline__ bool is_masked(const float* mask, int row) {
  return mask && mask[row] == 0.0f;
}
