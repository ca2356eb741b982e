// One row of the loss, by one warp; shared by `loss_rows` and the fused kernels.
#pragma once

#include "loss_units.cuh"

struct RowResult {
  float loss;
  float correct;
  float error;
};

static __device__ __forceinline__ Target target_of(
    const Answers* answers, int sample, int position, int positions, int units) {
  size_t at = (size_t)sample * positions + position;
  if (answers->labels) {
    return {answers->labels[at], nullptr, units};
  }
  return {0, answers->targets + at * units, units};
}

static __device__ __forceinline__ void write_result(
    const Batch* batch, int row, int place, RowResult result, float scale) {
  float* to = batch->results + (size_t)(batch->first + row) * batch->width + place;
  to[0] = result.loss * scale;
  to[1] = result.correct * scale;
  to[2] = result.error * scale;
}

static __device__ __forceinline__ void softmax_row(int lane, const float* z, float* y, int units) {
  float sum;
  float max = softmax_scale(lane, z, units, sum);
#pragma unroll 1
  for (int c = lane; c < units; c += WARP) {
    y[c] = expf(z[c] - max) / sum;
  }
}

// A row of `units` outputs y (logits, where the last layer leaves its function to the loss);
// `gradient`, times `scale`, may be `y`. The result is the same in every lane.
static __device__ __forceinline__ RowResult loss_row(
    int lane, const float* y, float* gradient, int units, const Target& target, float scale,
    const LossRule& rule) {
  RowSums sums = row_sums(lane, y, units, target, rule);
  float loss = 0.0f;
  float error = 0.0f;
  float best = -INFINITY;
  int best_unit = units;
  float best_target = -INFINITY;
  int target_unit = units;
#pragma unroll 1
  for (int c = lane; c < units; c += WARP) {
    float t = target.of(c);
    float z = y[c];
    float out = z;
    float g;
    loss += unit_loss(c, out, g, units, target, rule, sums);
    gradient[c] = g * scale;
    out = rule.logits ? z : out;
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
  result.loss = whole_loss(warp_sum(loss), rule, sums);
  result.error = warp_sum(error);
  int found = warp_argmax(best, best_unit);
  int expected = warp_argmax(best_target, target_unit);
  if (units == 1) {  // lane 0 has the only unit
    float out = __shfl_sync(ALL_LANES, best, 0);
    float t = __shfl_sync(ALL_LANES, best_target, 0);
    result.correct = t == (out > 0.5f ? 1.0f : 0.0f) ? 1.0f : 0.0f;
  } else {
    result.correct = found == expected ? 1.0f : 0.0f;
  }
  return result;
}
