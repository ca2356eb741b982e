// The update of all weights, which lie in one array in Keras's order, and what ends a batch.
// Formulas are those of OptimizerKernels.java and GradientClipping.java.
#pragma once

#include "batch.cuh"
#include "block.cuh"

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
  LION = 9,
  ADAMAX = 10
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

// What is squared in the place of gradient i: the root of the sum of its tokens' squares, where an embedding
// has left one among `roots`; they are no numbers elsewhere, and null is none at all.
static __device__ __forceinline__ float squared_of(const float* roots, int i, float g) {
  float root = roots ? roots[i] : g;
  return root == root ? root : g;
}

// squares[s] = the sum of squares of parameter s, which ends before ends[s].
// Grid: parameters, 256 threads.
extern "C" __global__ void __launch_bounds__(BLOCK_THREADS) square_sums(
    const float* gradient, const float* roots, const int* ends, float* squares) {
  __shared__ float of_warp[BLOCK_WARPS];
  int begin = blockIdx.x == 0 ? 0 : ends[blockIdx.x - 1];
  int end = ends[blockIdx.x];
  float sum = 0.0f;
  for (int i = begin + threadIdx.x; i < end; i += blockDim.x) {
    float g = squared_of(roots, i, gradient[i]);
    sum += g * g;
  }
  sum = block_sum(sum, of_warp);
  if (threadIdx.x == 0) {
    squares[blockIdx.x] = sum;
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

// A gradient, and what is squared in its place, mostly the same.
struct Slope {
  float g;
  float squared;

  __device__ __forceinline__ float square() const { return squared * squared; }
};

// The optimizer's arrays, null where the rule keeps none, at the weight at hand.
struct Slots {
  float* first;
  float* second;
  float* third;
};

static __device__ __forceinline__ float mean(float* m, float g, float beta) {
  return *m += (g - *m) * (1.0f - beta);
}

// Returns the weight after the update.
static __device__ __forceinline__ float updated(
    float w, Slope slope, UpdateRule rule, StepFactors factors, Slots at) {
  float g = slope.g;
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
      float v = mean(at.second, slope.square(), rule.beta2);
      if (rule.rule == AMSGRAD) {
        v = *at.third = v > *at.third || v != v ? v : *at.third;
      }
      return w - step * m / (sqrtf(v) + rule.epsilon);
    }
    case RMSPROP: {  // v, then the velocity, then the mean, the latter two where there are
      float v = rule.beta1 * *at.first + (1.0f - rule.beta1) * slope.square();
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
      float v = mean(at.second, slope.square(), rule.beta2);
      float ahead = factors.mean * m + factors.gradient * g;
      return w - step * ahead / (sqrtf(v * factors.square) + rule.epsilon);
    }
    case ADAGRAD: {
      float a = *at.first + slope.square();
      *at.first = a;
      return w - step * g / sqrtf(a + rule.epsilon);
    }
    case ADADELTA: {
      float a = rule.beta1 * *at.first + (1.0f - rule.beta1) * slope.square();
      float b = *at.second;
      float over = sqrtf(b + rule.epsilon);
      float under = sqrtf(a + rule.epsilon);
      float s = over * slope.squared / under;
      *at.first = a;
      *at.second = rule.beta1 * b + (1.0f - rule.beta1) * (s * s);
      return w - step * (over * g / under);
    }
    case ADAMAX: {
      float m = mean(at.first, g, rule.beta1);
      float u = rule.beta2 * *at.second;
      float size = fabsf(g);
      u = *at.second = size > u || size != size ? size : u;
      return w - step * m / (u + rule.epsilon);
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
  const float* roots;  // see squared_of
  float* slots[3];
};

// One weight's update with gradient g; returns the weight.
static __device__ __forceinline__ float renew(
    int i, float g, const StepFactors& factors, const UpdateRule& rule, const int* ends,
    const float* squares, const UpdatedArrays& arrays) {
  Slope slope{g, squared_of(arrays.roots, i, g)};
  if (slope.squared == g) {
    slope.g = slope.squared = clipped(g, i, rule, ends, squares);
  } else if (rule.clipping != VALUE) {  // which was done token by token
    slope = {clipped(g, i, rule, ends, squares), clipped(slope.squared, i, rule, ends, squares)};
  }
  arrays.gradient[i] = slope.g;
  float w = arrays.weights[i];
  if (factors.decay != 0.0f) {
    w -= factors.decay * w;
  }
  Slots slots{arrays.slots[0] + i, arrays.slots[1] + i, arrays.slots[2] + i};
  w = updated(w, slope, rule, factors, slots);
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
