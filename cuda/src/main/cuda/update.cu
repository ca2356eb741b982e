// The update of all weights, which lie in one array in Keras's order, and what ends a batch.
// Formulas are those of OptimizerKernels.java and GradientClipping.java.
#pragma once

#include "batch.cuh"
#include "warp.cuh"

enum Rule {
  SGD = 0,
  MOMENTUM = 1,
  NESTEROV = 2,
  ADAM = 3,
  AMSGRAD = 4,
  RMSPROP = 5,
  NADAM = 6,
  ADAGRAD = 7,
  ADADELTA = 8,
  LION = 9
};
enum Clipping { NONE = 0, NORM = 1, GLOBAL_NORM = 2, VALUE = 3 };

// What stays the same from update to update; CudaUpdate.java passes these fields in this order.
struct UpdateRule {
  int rule;
  float momentum;
  float beta1;  // or rho
  float beta2;
  float epsilon;
  int clipping;
  float limit;
  int centered;  // 1 if RMSprop takes the gradients' mean from their squares'
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

// The optimizer's arrays, null where the rule keeps none, at the weight at hand.
struct Slots {
  float* first;
  float* second;
  float* third;
};

static __device__ __forceinline__ float mean(float* m, float g, float beta) {
  return *m += (g - *m) * (1.0f - beta);
}

// Returns the weight after the update with gradient g.
static __device__ __forceinline__ float updated(
    float w, float g, UpdateRule rule, StepFactors factors, Slots at) {
  float step = factors.step;
  switch (rule.rule) {
    case SGD:
      return w - step * g;
    case MOMENTUM:
    case NESTEROV: {
      float s = rule.momentum * *at.first - step * g;
      *at.first = s;
      return w + (rule.rule == NESTEROV ? rule.momentum * s - step * g : s);
    }
    case ADAM:
    case AMSGRAD: {
      float m = mean(at.first, g, rule.beta1);
      float v = mean(at.second, g * g, rule.beta2);
      if (rule.rule == AMSGRAD) {
        v = *at.third = v > *at.third || v != v ? v : *at.third;
      }
      return w - step * m / (sqrtf(v) + rule.epsilon);
    }
    case RMSPROP: {  // v, then the velocity, then the mean, the latter two where there are
      float v = rule.beta1 * *at.first + (1.0f - rule.beta1) * (g * g);
      *at.first = v;
      if (rule.centered) {
        float* mean = rule.momentum != 0.0f ? at.third : at.second;
        float a = rule.beta1 * *mean + (1.0f - rule.beta1) * g;
        *mean = a;
        v -= a * a;
      }
      float s = step * g / sqrtf(v + rule.epsilon);
      if (rule.momentum != 0.0f) {
        s += rule.momentum * *at.second;
        *at.second = s;
      }
      return w - s;
    }
    case NADAM: {
      float m = mean(at.first, g, rule.beta1);
      float v = mean(at.second, g * g, rule.beta2);
      float ahead = factors.mean * m + factors.gradient * g;
      return w - step * ahead / (sqrtf(v * factors.square) + rule.epsilon);
    }
    case ADAGRAD: {
      float a = *at.first + g * g;
      *at.first = a;
      return w - step * g / sqrtf(a + rule.epsilon);
    }
    case ADADELTA: {
      float a = rule.beta1 * *at.first + (1.0f - rule.beta1) * (g * g);
      float b = *at.second;
      float s = sqrtf(b + rule.epsilon) * g / sqrtf(a + rule.epsilon);
      *at.first = a;
      *at.second = rule.beta1 * b + (1.0f - rule.beta1) * (s * s);
      return w - step * s;
    }
    default: {  // LION
      float mixed = rule.beta1 * *at.first + (1.0f - rule.beta1) * g;
      *at.first = rule.beta2 * *at.first + (1.0f - rule.beta2) * g;
      return w - (mixed > 0.0f ? step : (mixed < 0.0f ? -step : mixed));
    }
  }
}

// What an update reads and writes, each of all weights.
struct UpdatedArrays {
  float* weights;
  float* gradient;  // clipped when it is left
  float* slots[3];
};

// One weight's update with gradient g; returns the weight.
static __device__ __forceinline__ float renew(
    int i, float g, const StepFactors& factors, const UpdateRule& rule, const int* ends,
    const float* squares, const UpdatedArrays& arrays) {
  g = clipped(g, i, rule, ends, squares);
  arrays.gradient[i] = g;
  float w = arrays.weights[i];
  if (factors.decay != 0.0f) {
    w -= factors.decay * w;
  }
  Slots slots{arrays.slots[0] + i, arrays.slots[1] + i, arrays.slots[2] + i};
  w = updated(w, g, rule, factors, slots);
  arrays.weights[i] = w;
  return w;
}

// The update of a model whose gradients are there. Grid: ceil(count / 256).
extern "C" __global__ void __launch_bounds__(256) update(
    const Batch* batch, UpdateRule rule, const int* ends, const float* squares,
    UpdatedArrays arrays, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    renew(i, arrays.gradient[i], batch->factors[batch->number], rule, ends, squares, arrays);
  }
}

// Moves on to the epoch's next batch. One thread.
extern "C" __global__ void advance(Batch* batch, int rows) {
  batch->first += rows;
  batch->number += 1;
}
