// The update of all weights, which lie in one array in Keras's order, and what ends a batch.
// Formulas are those of Adam.java, Sgd.java and GradientClipping.java.
#include "batch.cuh"
#include "packing.cuh"
#include "warp.cuh"

enum Rule { SGD = 0, MOMENTUM = 1, NESTEROV = 2, ADAM = 3 };
enum Clipping { NONE = 0, NORM = 1, GLOBAL_NORM = 2, VALUE = 3 };

// What stays the same from update to update; CudaUpdate.java passes these fields in this order.
struct UpdateRule {
  int rule;
  float momentum;
  float beta1;
  float beta2;
  float epsilon;
  int clipping;
  float limit;
  int segments;  // the number of parameters, which lie one after the other
};

// squares[s] = the sum of squares of parameter s, which ends before ends[s].
// Grid: parameters, 256 threads.
extern "C" __global__ void __launch_bounds__(256) square_sums(
    const float* gradient, const int* ends, float* squares) {
  __shared__ float of_warp[256 / WARP];
  int begin = blockIdx.x == 0 ? 0 : ends[blockIdx.x - 1];
  int end = ends[blockIdx.x];
  float sum = 0.0f;
  for (int i = begin + threadIdx.x; i < end; i += blockDim.x) {
    sum += gradient[i] * gradient[i];
  }
  sum = warp_sum(sum);
  if (threadIdx.x % WARP == 0) {
    of_warp[threadIdx.x / WARP] = sum;
  }
  __syncthreads();
  if (threadIdx.x < WARP) {
    sum = warp_sum(threadIdx.x < 256 / WARP ? of_warp[threadIdx.x] : 0.0f);
    if (threadIdx.x == 0) {
      squares[blockIdx.x] = sum;
    }
  }
}

static __device__ __forceinline__ float clipped(
    float g, int i, UpdateRule rule, const int* ends, const float* squares) {
  switch (rule.clipping) {
    case VALUE:
      // A gradient that is no number stays one.
      return g > rule.limit ? rule.limit : (g < -rule.limit ? -rule.limit : g);
    case NORM:
    case GLOBAL_NORM: {
      float sum = 0.0f;
      for (int s = 0; s < rule.segments; s++) {
        bool mine = i < ends[s] && (s == 0 || i >= ends[s - 1]);
        sum += rule.clipping == GLOBAL_NORM || mine ? squares[s] : 0.0f;
      }
      float norm = sqrtf(sum);
      return norm <= rule.limit ? g : g * (rule.limit / norm);
    }
    default:
      return g;
  }
}

// One update. The clipped gradient is left in `gradient`; `slot0` and `slot1` are the optimizer's
// arrays (velocity; m and v), null where the rule keeps none.
// Grid: ceil(count / 256).
extern "C" __global__ void __launch_bounds__(256) update(
    const Batch* batch, UpdateRule rule, const int* ends, const float* squares, float* weights,
    float* gradient, float* slot0, float* slot1, int count, Packing packing) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) {
    return;
  }
  float step = batch->step_sizes[batch->number];
  float g = clipped(gradient[i], i, rule, ends, squares);
  gradient[i] = g;
  float w = weights[i];
  if (rule.rule == ADAM) {
    float m = slot0[i] + (g - slot0[i]) * (1.0f - rule.beta1);
    float v = slot1[i] + (g * g - slot1[i]) * (1.0f - rule.beta2);
    slot0[i] = m;
    slot1[i] = v;
    w -= step * m / (sqrtf(v) + rule.epsilon);
  } else if (rule.rule == SGD) {
    w -= step * g;
  } else {
    float s = rule.momentum * slot0[i] - step * g;
    slot0[i] = s;
    w += rule.rule == NESTEROV ? rule.momentum * s - step * g : s;
  }
  weights[i] = w;
  pack(packing, i, w);
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

// Moves on to the epoch's next batch. One thread.
extern "C" __global__ void advance(Batch* batch, int rows) {
  batch->first += rows;
  batch->number += 1;
}
