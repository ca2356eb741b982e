// Which losses there are, and what that of a row needs of all its units first.
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
  LOG_COSH_ERROR = 10,
  PERCENTAGE_ERROR = 11,
  LOGARITHMIC_ERROR = 12,
  COUNT_ERROR = 13,
  MARGIN = 14,
  SQUARED_MARGIN = 15,
  CATEGORICAL_MARGIN = 16,
  SIGMOID_FOCAL = 17,
  CLIPPED_BINARY_FOCAL = 18,
  SOFTMAX_FOCAL = 19,
  CLIPPED_FOCAL = 20
};

// CudaLoss.java passes these fields in this order.
struct LossRule {
  int form;
  float smoothing;  // the share of a target that is spread over all classes, or over yes and no
  float delta;      // where Huber's squares turn into lines; the power of a focal loss
  int logits;       // 1 if outputs are sums for the user too, to which the loss alone applies more
  float yes;        // by how much a focal loss counts a target of 1
  float no;         // and one of 0
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

static __device__ __forceinline__ float bounded(float p, float low, float high) {
  return p < low ? low : (p > high ? high : p);  // a NaN stays one
}

static __device__ __forceinline__ bool inside(float p) { return p >= LOWEST && p <= HIGHEST; }

// far^gamma, also of a negative far, by a power of 2: one of CUDA's own takes registers that spill.
static __device__ __forceinline__ float power(float far, float gamma) {
  if (gamma == 0.0f) {
    return 1.0f;
  }
  float size = exp2f(gamma * log2f(fabsf(far)));
  if (far >= 0.0f) {
    return size;
  }
  return gamma != floorf(gamma) ? NAN : (0.5f * gamma == floorf(0.5f * gamma) ? size : -size);
}

// gamma far^(gamma - 1) from far^gamma: 0 where nothing is off, also for a gamma below 1.
static __device__ __forceinline__ float power_slope(float far, float gamma, float power) {
  return far == 0.0f ? (gamma == 1.0f ? 1.0f : 0.0f) : gamma * power / far;
}

// A class's part of the focal loss and, in `slope`, its derivative by p; a clipped p has none.
static __device__ __forceinline__ float focal_class(
    float p, float t, float& slope, const LossRule& rule) {
  float clipped = bounded(p, LOWEST, HIGHEST);
  float off = power(1.0f - clipped, rule.delta);
  float log = logf(clipped);
  float part = t * rule.yes;
  slope = inside(p) ? part * (power_slope(1.0f - p, rule.delta, off) * log - off / p) : 0.0f;
  return -(part * off * log);
}

// What a row's loss needs of all of its units first.
struct RowSums {
  float max = 0.0f;     // the largest value; of a margin the largest of other classes
  float sum = 1.0f;     // of a softmax, or the outputs'; of a margin how many are the largest
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
  } else if (rule.form == CATEGORICAL_MARGIN) {
    float max = -INFINITY;
#pragma unroll 1
    for (int c = lane; c < units; c += WARP) {
      float t = target.of(c);
      s.shared += t * y[c];
      max = fmaxf(max, (1.0f - t) * y[c]);
    }
    s.shared = warp_sum(s.shared);
    s.max = warp_max(max);
    s.sum = 0.0f;
#pragma unroll 1
    for (int c = lane; c < units; c += WARP) {
      s.sum += (1.0f - target.of(c)) * y[c] == s.max ? 1.0f : 0.0f;
    }
    s.sum = warp_sum(s.sum);
  } else if (rule.form == SOFTMAX_FOCAL || rule.form == CLIPPED_FOCAL) {
    bool softmax = rule.form == SOFTMAX_FOCAL;
    if (softmax) {
      s.max = softmax_scale(lane, y, units, s.sum);
    } else {
      s.sum = 0.0f;
#pragma unroll 1
      for (int c = lane; c < units; c += WARP) {
        s.sum += y[c];
      }
      s.sum = warp_sum(s.sum);
    }
#pragma unroll 1
    for (int c = lane; c < units; c += WARP) {
      float p = (softmax ? expf(y[c] - s.max) : y[c]) / s.sum;
      float slope;
      focal_class(p, target.smoothed(c, rule.smoothing), slope, rule);
      s.shared += p * slope;
    }
    s.shared = warp_sum(s.shared);
  }
  return s;
}
