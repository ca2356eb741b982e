// One row of the loss, by one warp; shared by `loss_rows` and the fused kernels.
#pragma once

#include "batch.cuh"
#include "warp.cuh"

enum LossForm {
  SOFTMAX_CROSSENTROPY = 0,
  MEAN_SQUARED_ERROR = 1,
  CLIPPED_CROSSENTROPY = 2,
  CLIPPED_SPARSE = 3,
  SIGMOID_CROSSENTROPY = 4,
  CLIPPED_BINARY = 5,
  DIVERGENCE = 6,
  COSINE = 7,
  ABSOLUTE_ERROR = 8,
  HUBER_ERROR = 9,
  LOG_COSH_ERROR = 10
};

// CudaLoss.java passes these fields in this order.
struct LossRule {
  int form;
  float smoothing;  // the share of a target that is spread over all classes, or over yes and no
  float delta;      // where Huber's squares turn into lines
  int logits;       // 1 if outputs are sums for the user too, to which the loss alone applies more
};

// Keras's bounds of a probability.
static const float LOWEST = 1e-7f;
static const float HIGHEST = 1.0f - 1e-7f;

// What a row should be: one class, or a value for each unit.
struct Target {
  int label;
  const float* values;  // null where there is a label
  int units;

  // A label of a single unit is the number itself.
  __device__ __forceinline__ float of(int unit) const {
    return values ? values[unit] : (units == 1 ? (float)label : of_class(unit));
  }

  __device__ __forceinline__ float of_class(int unit) const {
    return values ? values[unit] : (unit == label ? 1.0f : 0.0f);
  }

  __device__ __forceinline__ float smoothed(int unit, float share) const {
    float t = of_class(unit);
    return share == 0.0f ? t : t * (1.0f - share) + share / units;
  }

  __device__ __forceinline__ float half_smoothed(float t, float share) const {
    return share == 0.0f ? t : t * (1.0f - share) + 0.5f * share;
  }
};

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

// Returns the largest value and leaves the sum of e^(z - max) in `sum`.
static __device__ __forceinline__ float softmax_scale(
    int lane, const float* z, int units, float& sum) {
  float max = -INFINITY;
#pragma unroll 1
  for (int c = lane; c < units; c += WARP) {
    max = fmaxf(max, z[c]);
  }
  max = warp_max(max);
  sum = 0.0f;
#pragma unroll 1
  for (int c = lane; c < units; c += WARP) {
    sum += expf(z[c] - max);
  }
  sum = warp_sum(sum);
  return max;
}

static __device__ __forceinline__ void softmax_row(int lane, const float* z, float* y, int units) {
  float sum;
  float max = softmax_scale(lane, z, units, sum);
#pragma unroll 1
  for (int c = lane; c < units; c += WARP) {
    y[c] = expf(z[c] - max) / sum;
  }
}

static __device__ __forceinline__ float bounded(float p, float low, float high) {
  return p < low ? low : (p > high ? high : p);  // a NaN stays one
}

static __device__ __forceinline__ bool inside(float p) { return p >= LOWEST && p <= HIGHEST; }

// What a row's loss needs of all of its units first.
struct RowSums {
  float max = 0.0f;
  float sum = 1.0f;
  float log_sum = 0.0f;
  float shared = 0.0f;
  float own = 1.0f;     // the outputs' length, at least 1e-7
  float others = 1.0f;  // the targets'
  float turned = 0.0f;  // the cosine, where it has a gradient
};

static __device__ __forceinline__ RowSums row_sums(
    int lane, const float* y, int units, const Target& target, const LossRule& rule) {
  RowSums s;
  if (rule.form == SOFTMAX_CROSSENTROPY) {
    s.max = softmax_scale(lane, y, units, s.sum);
    s.log_sum = logf(s.sum);
  } else if (rule.form == CLIPPED_CROSSENTROPY) {
    s.sum = 0.0f;
#pragma unroll 1
    for (int c = lane; c < units; c += WARP) {
      s.sum += y[c];
    }
    s.sum = warp_sum(s.sum);
#pragma unroll 1
    for (int c = lane; c < units; c += WARP) {
      s.shared += inside(y[c] / s.sum) ? target.smoothed(c, rule.smoothing) : 0.0f;
    }
    s.shared = warp_sum(s.shared);
  } else if (rule.form == CLIPPED_SPARSE) {
    s.sum = 0.0f;
#pragma unroll 1
    for (int c = lane; c < units; c += WARP) {
      s.sum += bounded(y[c], LOWEST, HIGHEST);
    }
    s.sum = warp_sum(s.sum);
    s.log_sum = logf(s.sum);
  } else if (rule.form == COSINE) {
    float dot = 0.0f;
    float of_y = 0.0f;
    float of_t = 0.0f;
#pragma unroll 1
    for (int c = lane; c < units; c += WARP) {
      float t = target.of(c);
      dot += y[c] * t;
      of_y += y[c] * y[c];
      of_t += t * t;
    }
    float length = sqrtf(warp_sum(of_y));
    s.own = length < LOWEST ? LOWEST : length;
    s.others = sqrtf(warp_sum(of_t));
    s.others = s.others < LOWEST ? LOWEST : s.others;
    s.shared = warp_sum(dot) / (s.own * s.others);
    s.turned = length <= LOWEST ? 0.0f : s.shared;
  }
  return s;
}

// A unit's part of the loss and, in `g`, its gradient; `out` is the output and becomes what the loss
// applies to it.
static __device__ __forceinline__ float unit_loss(
    int c, float& out, float& g, int units, const Target& target, const LossRule& rule,
    const RowSums& s) {
  float z = out;
  switch (rule.form) {
    case SOFTMAX_CROSSENTROPY: {
      float t = target.smoothed(c, rule.smoothing);
      out = expf(z - s.max) / s.sum;
      g = out - t;
      return t != 0.0f ? t * (s.log_sum - (z - s.max)) : 0.0f;
    }
    case CLIPPED_CROSSENTROPY: {
      float t = target.smoothed(c, rule.smoothing);
      float p = z / s.sum;
      g = (s.shared - (inside(p) ? t / p : 0.0f)) / s.sum;
      return -(t * logf(bounded(p, LOWEST, HIGHEST)));
    }
    case CLIPPED_SPARSE: {
      float t = target.of_class(c);
      g = inside(z) ? 1.0f / s.sum - t / z : 0.0f;
      return t == 0.0f ? 0.0f : -logf(bounded(z, LOWEST, HIGHEST));
    }
    case SIGMOID_CROSSENTROPY: {
      float t = target.half_smoothed(target.of(c), rule.smoothing);
      out = 1.0f / (1.0f + expf(-z));
      g = (out - t) / units;
      return ((z > 0.0f ? z : 0.0f) - z * t + log1pf(expf(-fabsf(z)))) / units;
    }
    case CLIPPED_BINARY: {
      float t = target.half_smoothed(target.of(c), rule.smoothing);
      float p = bounded(z, LOWEST, HIGHEST);
      float q = bounded(1.0f - z, LOWEST, HIGHEST);
      g = inside(z) ? (p - t) / (p * q) / units : 0.0f;
      return -(t * logf(p) + (1.0f - t) * logf(q)) / units;
    }
    case DIVERGENCE: {
      float t = bounded(target.of(c), LOWEST, 1.0f);
      float p = bounded(z, LOWEST, 1.0f);
      g = z >= LOWEST && z <= 1.0f ? -t / p : 0.0f;
      return t * logf(t / p);
    }
    case COSINE:
      g = (s.turned * z / s.own - target.of(c) / s.others) / s.own;
      return 0.0f;
    default: {
      float e = z - target.of(c);
      float size = fabsf(e);
      float sign = e > 0.0f ? 1.0f : (e < 0.0f ? -1.0f : e);
      if (rule.form == ABSOLUTE_ERROR) {
        g = sign / units;
        return size / units;
      }
      if (rule.form == HUBER_ERROR) {
        g = (size <= rule.delta ? e : rule.delta * sign) / units;
        return (size <= rule.delta ? 0.5f * e * e : rule.delta * (size - 0.5f * rule.delta)) / units;
      }
      if (rule.form == LOG_COSH_ERROR) {
        g = tanhf(e) / units;
        return (size + log1pf(expf(-2.0f * size)) - 0.6931472f) / units;
      }
      g = 2.0f * e / units;
      return e * e / units;
    }
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
  result.loss = warp_sum(loss);
  if (rule.form == CLIPPED_SPARSE) {
    result.loss += sums.log_sum;
  } else if (rule.form == COSINE) {
    result.loss = -sums.shared;
  }
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
