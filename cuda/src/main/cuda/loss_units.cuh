// A unit's part of the loss of a row, and its gradient.
#pragma once

#include "loss_forms.cuh"

// A mean over the units, of one that says yes or no: the focal loss, with its slope by p in `g`, or
// by the logit where `crossentropy` and its slope `direct` are by that and `chain` is p (1 - p).
static __device__ __forceinline__ float focal_unit(
    float far, float t, float crossentropy, float direct, float chain, int units, float& g,
    const LossRule& rule) {
  float off = power(far, rule.delta);
  float weight = (t * rule.yes + (1.0f - t) * rule.no) / units;
  g = weight * (off * direct +
                power_slope(far, rule.delta, off) * (1.0f - 2.0f * t) * chain * crossentropy);
  return weight * off * crossentropy;
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
    case CATEGORICAL_MARGIN: {
      float t = target.of(c);
      float above = (1.0f - t) * z == s.max ? (1.0f - t) / s.sum : 0.0f;
      g = s.max - s.shared + 1.0f < 0.0f ? 0.0f : above - t;
      return 0.0f;
    }
    case SIGMOID_FOCAL: {
      float t = target.half_smoothed(target.of(c), rule.smoothing);
      float small = expf(-fabsf(z));
      float p = (z >= 0.0f ? 1.0f : small) / (1.0f + small);
      float no = (z >= 0.0f ? small : 1.0f) / (1.0f + small);
      float crossentropy = (z > 0.0f ? z : 0.0f) - z * t + log1pf(small);
      out = p;
      return focal_unit(
          t * no + (1.0f - t) * p, t, crossentropy, p - t, p * no, units, g, rule);
    }
    case CLIPPED_BINARY_FOCAL: {
      float t = target.half_smoothed(target.of(c), rule.smoothing);
      float p = bounded(z, LOWEST, HIGHEST);
      float q = bounded(1.0f - z, LOWEST, HIGHEST);
      float crossentropy = -(t * logf(p) + (1.0f - t) * logf(q));
      float direct = inside(z) ? (p - t) / (p * q) : 0.0f;
      return focal_unit(
          t * (1.0f - z) + (1.0f - t) * z, t, crossentropy, direct, 1.0f, units, g, rule);
    }
    case SOFTMAX_FOCAL:
    case CLIPPED_FOCAL: {
      bool softmax = rule.form == SOFTMAX_FOCAL;
      float p = (softmax ? expf(z - s.max) : z) / s.sum;
      float slope;
      float part = focal_class(p, target.smoothed(c, rule.smoothing), slope, rule);
      slope -= s.shared;
      g = softmax ? p * slope : slope / s.sum;
      out = softmax ? p : z;
      return part;
    }
    case PERCENTAGE_ERROR: {
      float t = target.of(c);
      float e = z - t;
      float size = 100.0f / fmaxf(fabsf(t), LOWEST) / units;
      g = (e > 0.0f ? 1.0f : (e < 0.0f ? -1.0f : e)) * size;
      return fabsf(e) * size;
    }
    case LOGARITHMIC_ERROR: {
      float e = log1pf(z < LOWEST ? LOWEST : z) - log1pf(fmaxf(target.of(c), LOWEST));
      g = z >= LOWEST ? 2.0f * e / (z + 1.0f) / units : 0.0f;
      return e * e / units;
    }
    case COUNT_ERROR: {
      float t = target.of(c);
      g = (1.0f - t / (z + LOWEST)) / units;
      return (z - t * logf(z + LOWEST)) / units;
    }
    case MARGIN:
    case SQUARED_MARGIN: {
      float t = target.of(c);
      t = t == 0.0f ? -1.0f : t;
      float lack = 1.0f - t * z;
      bool squared = rule.form == SQUARED_MARGIN;
      g = lack < 0.0f ? 0.0f : (squared ? -2.0f * t * lack : -t) / units;
      return lack < 0.0f ? 0.0f : (squared ? lack * lack : lack) / units;
    }
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

// The loss of a row whose units' parts add up to `parts`.
static __device__ __forceinline__ float whole_loss(
    float parts, const LossRule& rule, const RowSums& s) {
  if (rule.form == CLIPPED_SPARSE) {
    return parts + s.log_sum;
  }
  if (rule.form == COSINE) {
    return -s.shared;
  }
  if (rule.form == CATEGORICAL_MARGIN) {
    float lack = s.max - s.shared + 1.0f;
    return lack < 0.0f ? 0.0f : lack;
  }
  return parts;
}
