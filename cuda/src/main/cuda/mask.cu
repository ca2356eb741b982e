// Masks of sequences: [positions][rows] of 1 where a step counts and 0 where it does not.
#include "block.cuh"
#include "rows.cuh"

// y = x, `mask` being 1, where a feature is another number, and else zeros and 0. Rows are
// [positions][rows], x has a stride. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) mask_steps(
    const float* x, int stride, float* y, float* mask, int rows, int width, float masked) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row >= rows) {
    return;
  }
  const float* from = x + (size_t)row * stride;
  float others = 0.0f;
  for (int c = threadIdx.x % WARP; c < width; c += WARP) {
    others += from[c] != masked ? 1.0f : 0.0f;
  }
  bool counts = warp_sum(others) > 0.0f;
  for (int c = threadIdx.x % WARP; c < width; c += WARP) {
    y[(size_t)row * width + c] = counts ? from[c] : 0.0f;
  }
  if (threadIdx.x % WARP == 0) {
    mask[row] = counts ? 1.0f : 0.0f;
  }
}

// y = x where a step counts, and else zeros; rows are [positions][rows], x has a stride, y may be x without
// one. With `reversed` they are those of the mask's last position first. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) zero_masked(
    const float* x, int stride, const float* mask, float* y, int positions, int rows, int width,
    int reversed) {
  for_each_element(positions * rows, width, [&](unsigned row, int column) {
    unsigned position = row / rows;
    unsigned at = reversed ? (positions - 1 - position) * rows + row % rows : row;
    y[(size_t)row * width + column] = mask[at] != 0.0f ? x[(size_t)row * stride + column] : 0.0f;
  });
}

// A mask, or the part of one that `to` points into, becomes another, or also counts what that counts; null
// counts everything. Grid: ceil(count / 256), 256 threads.
extern "C" __global__ void __launch_bounds__(256) join_mask(
    const float* from, float* to, int count, int also) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    float value = from ? from[i] : 1.0f;
    to[i] = also && to[i] != 0.0f ? 1.0f : value;
  }
}

// counted[0] = how many of so many steps count, exact up to 2^24. Grid: 1, 256 threads.
extern "C" __global__ void __launch_bounds__(BLOCK_THREADS) count_steps(
    const float* mask, int count, float* counted) {
  __shared__ float of_warp[BLOCK_WARPS];
  float sum = 0.0f;
  for (int i = threadIdx.x; i < count; i += BLOCK_THREADS) {
    sum += mask[i];
  }
  sum = block_sum(sum, of_warp);
  if (threadIdx.x == 0) {
    *counted = sum;
  }
}

// y, [rows][width], becomes the mean of the steps that count, 0 where none does. x is [positions][rows]
// with a stride. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) masked_mean(
    const float* x, int stride, const float* mask, float* y, int positions, int rows, int width) {
  for_each_element(rows, width, [&](unsigned row, int column) {
    float sum = 0.0f;
    float count = 0.0f;
    for (int p = 0; p < positions; p++) {
      size_t at = (size_t)p * rows + row;
      if (mask[at] != 0.0f) {
        sum += x[at * stride + column];
        count += 1.0f;
      }
    }
    y[(size_t)row * width + column] = count > 0.0f ? sum / count : 0.0f;
  });
}

// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) masked_mean_backward(
    const float* dy, const float* mask, float* dx, int positions, int rows, int width) {
  for_each_element(rows, width, [&](unsigned row, int column) {
    float count = 0.0f;
    for (int p = 0; p < positions; p++) {
      count += mask[(size_t)p * rows + row];
    }
    float share = dy[(size_t)row * width + column] / count;
    for (int p = 0; p < positions; p++) {
      size_t at = (size_t)p * rows + row;
      dx[at * width + column] = mask[at] != 0.0f ? share : 0.0f;
    }
  });
}
