// One row of the loss, by one warp; shared by `loss_rows` and the fused kernels.
#pragma once

#include "batch.cuh"
#include "warp.cuh"

enum LossRule { SOFTMAX_CROSSENTROPY = 0, MEAN_SQUARED_ERROR = 1, CLIPPED_CROSSENTROPY = 2 };

// Keras's bounds of a probability.
static const float LOWEST = 1e-7f;
static const float HIGHEST = 1.0f - 1e-7f;

// What a row should be: one class, or a value for each unit.
struct Target {
  int label;
  const float* values;  // null where there is a label

  __device__ __forceinline__ float of(int unit) const {
    return values ? values[unit] : (unit == label ? 1.0f : 0.0f);
  }
};

struct RowResult {
  float loss;
  float correct;
  float error;
};

static __device__ __forceinline__ Target target_of(
    const Batch* batch, int sample, int position, int positions, int units) {
  size_t at = (size_t)sample * positions + position;
  if (batch->labels) {
    return {batch->labels[at], nullptr};
  }
  return {0, batch->targets + at * units};
}

static __device__ __forceinline__ void write_result(
    const Batch* batch, int row, RowResult result, float scale) {
  float* to = batch->results + (size_t)(batch->first + row) * 3;
  to[0] = result.loss * scale;
  to[1] = result.correct * scale;
  to[2] = result.error * scale;
}

// Returns the largest value and leaves the sum of e^(z - max) in `sum`.
static __device__ __forceinline__ float softmax_scale(
    int lane, const float* z, int units, float& sum) {
  float max = -INFINITY;
  for (int c = lane; c < units; c += WARP) {
    max = fmaxf(max, z[c]);
  }
  max = warp_max(max);
  sum = 0.0f;
  for (int c = lane; c < units; c += WARP) {
    sum += expf(z[c] - max);
  }
  sum = warp_sum(sum);
  return max;
}

static __device__ __forceinline__ void softmax_row(int lane, const float* z, float* y, int units) {
  float sum;
  float max = softmax_scale(lane, z, units, sum);
  for (int c = lane; c < units; c += WARP) {
    y[c] = expf(z[c] - max) / sum;
  }
}

// A row of `units` outputs y (logits with SOFTMAX_CROSSENTROPY); `gradient` may be `y`. The result
// is the same in every lane.
static __device__ __forceinline__ RowResult loss_row(
    int lane, const float* y, float* gradient, int units, Target target, float scale, int rule) {
  float max = 0.0f;
  float sum = 1.0f;
  float log_sum = 0.0f;
  float shared_term = 0.0f;
  if (rule == SOFTMAX_CROSSENTROPY) {
    max = softmax_scale(lane, y, units, sum);
    log_sum = logf(sum);
  } else if (rule == CLIPPED_CROSSENTROPY) {
    sum = 0.0f;
    for (int c = lane; c < units; c += WARP) {
      sum += y[c];
    }
    sum = warp_sum(sum);
    for (int c = lane; c < units; c += WARP) {
      float p = y[c] / sum;
      shared_term += p >= LOWEST && p <= HIGHEST ? target.of(c) : 0.0f;
    }
    shared_term = warp_sum(shared_term);
  }

  float loss = 0.0f;
  float error = 0.0f;
  float best = -INFINITY;
  int best_unit = units;
  float best_target = -INFINITY;
  int target_unit = units;
  for (int c = lane; c < units; c += WARP) {
    float t = target.of(c);
    float out = y[c];
    float g;
    if (rule == SOFTMAX_CROSSENTROPY) {
      loss += t != 0.0f ? t * (log_sum - (out - max)) : 0.0f;
      out = expf(out - max) / sum;
      g = out - t;
    } else if (rule == CLIPPED_CROSSENTROPY) {
      float p = out / sum;
      float clipped = p < LOWEST ? LOWEST : (p > HIGHEST ? HIGHEST : p);  // a NaN stays one
      loss -= t * logf(clipped);
      g = (shared_term - (p >= LOWEST && p <= HIGHEST ? t / p : 0.0f)) / sum;
    } else {
      float difference = out - t;
      loss += difference * difference / units;
      g = 2.0f * difference / units;
    }
    gradient[c] = g * scale;
    error += fabsf(out - t) / units;
    if (out > best) {
      best = out;
      best_unit = c;
    }
    if (t > best_target) {
      best_target = t;
      target_unit = c;
    }
  }

  RowResult result;
  result.loss = warp_sum(loss);
  result.error = warp_sum(error);
  int found = warp_argmax(best, best_unit);
  int expected = warp_argmax(best_target, target_unit);
  if (units == 1) {  // lane 0 has the only unit
    float out = __shfl_sync(ALL_LANES, best, 0);
    float t = __shfl_sync(ALL_LANES, best_target, 0);
    result.correct = (out > 0.5f) == (t > 0.5f) ? 1.0f : 0.0f;
  } else {
    result.correct = found == expected ? 1.0f : 0.0f;
  }
  return result;
}
