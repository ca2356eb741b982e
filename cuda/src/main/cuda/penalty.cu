// Penalties on the size of weights: l1 times the sum of their magnitudes and l2 times that of their
// squares.
#include "batch.cuh"
#include "warp.cuh"

// *penalty = that of `count` weights. One block of 256 threads.
extern "C" __global__ void __launch_bounds__(256) penalty(
    const float* weights, float* penalty, int count, float l1, float l2) {
  __shared__ float of_warp[256 / WARP];
  float magnitudes = 0.0f;
  float squares = 0.0f;
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    float w = weights[i];
    magnitudes += fabsf(w);
    squares += w * w;
  }
  float sum = warp_sum(l1 * magnitudes + l2 * squares);
  if (threadIdx.x % WARP == 0) {
    of_warp[threadIdx.x / WARP] = sum;
  }
  __syncthreads();
  if (threadIdx.x < WARP) {
    sum = warp_sum(threadIdx.x < 256 / WARP ? of_warp[threadIdx.x] : 0.0f);
    if (threadIdx.x == 0) {
      *penalty = sum;
    }
  }
}

// Adds a penalty's gradient, l1 times the sign and `slope` times the weight. Grid: ceil(count / 256).
extern "C" __global__ void __launch_bounds__(256) penalize(
    const float* weights, float* gradient, int count, float l1, float slope) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    float w = weights[i];
    gradient[i] += slope * w + (w > 0.0f ? l1 : (w < 0.0f ? -l1 : 0.0f));
  }
}

// Adds the sum of all penalties to the loss of each sample of the batch. Grid: ceil(rows / 256).
extern "C" __global__ void __launch_bounds__(256) add_penalties(
    const Batch* batch, const float* penalties, int count, int rows) {
  int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row < rows) {
    float sum = 0.0f;
    for (int i = 0; i < count; i++) {
      sum += penalties[i];
    }
    batch->results[(size_t)(batch->first + row) * batch->width] += sum;
  }
}
