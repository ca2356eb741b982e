// What follows `rnn_fused`: the parts of the gradients that its blocks left are added up in the blocks'
// order, all weights are updated, their copies renewed, and the record moved on to the next batch.
#include "packing.cuh"
#include "update.cu"

static const int PART_WEIGHTS = 64;  // of a block
static const int QUARTERS = 4;       // into which the parts are cut, so that four threads add at once

typedef float Quarters[PART_WEIGHTS];

// The parts of all gradients.
struct Parts {
  const float* of;  // [count][size], see packing.cuh; null where the gradients are there already
  int size;
  int count;
};

// The gradient of weight i, in the threads of the first quarter: each quarter of the parts has been
// added up in their order, and then the quarters in theirs.
static __device__ __forceinline__ float sum_of_parts(
    Quarters* sums, const Parts& parts, const Packing& packing, int i, bool there) {
  int quarter = threadIdx.x / PART_WEIGHTS;
  float sum = 0.0f;
  if (there) {
    const float* from = parts.of + place_of(packing, i);
    int begin = quarter * parts.count / QUARTERS;
    int end = (quarter + 1) * parts.count / QUARTERS;
#pragma unroll 8
    for (int part = begin; part < end; part++) {
      sum += from[(size_t)part * parts.size];
    }
  }
  sums[quarter][threadIdx.x % PART_WEIGHTS] = sum;
  __syncthreads();
  if (quarter == 0) {
#pragma unroll
    for (int q = 1; q < QUARTERS; q++) {
      sum += sums[q][threadIdx.x];
    }
  }
  return sum;
}

// The gradients alone, where their norm is wanted before the update. Grid: ceil(count / 64).
extern "C" __global__ void __launch_bounds__(PART_WEIGHTS * QUARTERS) sum_parts(
    Parts parts, Packing packing, float* gradient, int count) {
  __shared__ Quarters sums[QUARTERS];
  int i = blockIdx.x * PART_WEIGHTS + threadIdx.x % PART_WEIGHTS;
  float sum = sum_of_parts(sums, parts, packing, i, i < count);
  if (threadIdx.x < PART_WEIGHTS && i < count) {
    gradient[i] = sum;
  }
}

// All the rest of a batch. Which one it is `rnn_fused` has put aside, so that it can be read here while
// the record moves on. Grid: ceil(count / 64).
extern "C" __global__ void __launch_bounds__(PART_WEIGHTS * QUARTERS) update_fused(
    Batch* batch, Parts parts, UpdateRule rule, const int* ends, const float* squares,
    UpdatedArrays arrays, Packing packing, int count, int rows) {
  __shared__ Quarters sums[QUARTERS];
  int i = blockIdx.x * PART_WEIGHTS + threadIdx.x % PART_WEIGHTS;
  bool mine = threadIdx.x < PART_WEIGHTS && i < count;
  float g = 0.0f;
  if (parts.of) {
    g = sum_of_parts(sums, parts, packing, i, i < count);
  } else if (mine) {
    g = arrays.gradient[i];
  }
  if (mine) {
    float w = renew(i, g, batch->factors[batch->updating], rule, ends, squares, arrays);
    pack(packing, i, w);
  }
  if (blockIdx.x == 0 && threadIdx.x == 0) {
    batch->first += rows;
    batch->number += 1;
  }
}

// The copies of the weights that the fused kernels read, after the host has written `weights`.
// Grid: ceil(count / 256).
extern "C" __global__ void __launch_bounds__(256) pack_weights(
    const float* weights, int count, Packing packing) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    pack(packing, i, weights[i]);
  }
}
