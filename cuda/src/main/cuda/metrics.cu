// Metrics beside accuracy and absolute error, which the loss leaves: a warp takes a sample.
#include "batch.cuh"
#include "loss.cuh"
#include "warp.cuh"

enum Measure { CATEGORICAL = 0, SIDES = 1, AMONG_LARGEST = 2, OUTCOMES = 3, BUCKETS = 4 };

// What may become of an output: as Measure.Outcome numbers them, a bit each.
enum Outcome { TRUE_POSITIVE = 1, FALSE_POSITIVE = 2, TRUE_NEGATIVE = 4, FALSE_NEGATIVE = 8 };

// CudaMeasures.java passes these fields in this order.
struct MeasureRule {
  const float* mask;  // [positions][rows]: 0 where a step is left out, null where none is
  int measure;
  float parameter;  // a threshold, k, or the number of thresholds
  int weighted;
  int place;        // of its first cell among a sample's results
  int output;
  int first;        // which outcomes the first cell counts
  int second;       // and the second
};

static __device__ __forceinline__ int largest(int lane, int units, const float* values) {
  float best = -INFINITY;
  int unit = units;
#pragma unroll 1
  for (int c = lane; c < units; c += WARP) {
    if (values[c] > best) {
      best = values[c];
      unit = c;
    }
  }
  return warp_argmax(best, unit);
}

// The share of a row's outputs on their target's side of a threshold.
static __device__ __forceinline__ float share(
    int lane, const float* y, int units, const Target& target, const MeasureRule& rule) {
  float sum = 0.0f;
#pragma unroll 1
  for (int c = lane; c < units; c += WARP) {
    sum += target.of(c) == (y[c] > rule.parameter ? 1.0f : 0.0f) ? 1.0f : 0.0f;
  }
  return warp_sum(sum) / units;
}

// The value of a row, the same in every lane.
static __device__ __forceinline__ float value_of(
    int lane, const float* y, int units, const Target& target, const MeasureRule& rule) {
  if (rule.measure == SIDES) {
    return share(lane, y, units, target, rule);
  }
  int own = target.values ? largest(lane, units, target.values) : target.label;
  if (rule.measure == CATEGORICAL) {
    return largest(lane, units, y) == own ? 1.0f : 0.0f;
  }
  if (own >= units || !isfinite(y[own])) {
    return 0.0f;
  }
  float larger = 0.0f;
#pragma unroll 1
  for (int c = lane; c < units; c += WARP) {
    larger += y[c] > y[own] ? 1.0f : 0.0f;
  }
  return warp_sum(larger) < rule.parameter ? 1.0f : 0.0f;
}

// The sum of an output that is between two of so many thresholds: one at a threshold is below it.
static __device__ __forceinline__ float bucket(float y, float thresholds) {
  float scaled = ceilf(bounded(y, 0.0f, 1.0f) * (thresholds - 1.0f)) - 1.0f;
  return scaled < 0.0f ? 0.0f : scaled;
}

// Cells: sums of w v and w; of w over outputs with one outcome or another; or of each output the
// number of its sum and w. Outputs [positions][rows] with a stride.
// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) metric_rows(
    const Batch* batch, const float* outputs, int stride, int rows, int positions, int units,
    MeasureRule rule) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row >= rows) {
    return;
  }
  int lane = threadIdx.x % WARP;
  int sample = sample_of(batch, row);
  const Answers* answers = answers_of(batch, rule.output);
  float* cells = batch->results + (size_t)(batch->first + row) * batch->width + rule.place;
  float first = 0.0f;
  float second = 0.0f;
#pragma unroll 1
  for (int p = 0; p < positions; p++) {
    size_t at = (size_t)p * rows + row;
    if (rule.mask && rule.mask[at] == 0.0f) {
      continue;
    }
    const float* y = outputs + at * stride;
    Target target = target_of(answers, sample, p, positions, units);
    float weight = rule.weighted ? weight_of(answers, sample, p, positions) : 1.0f;
    if (rule.measure < OUTCOMES) {
      first += weight * value_of(lane, y, units, target, rule);
      second += weight;
      continue;
    }
#pragma unroll 1
    for (int c = lane; c < units; c += WARP) {
      bool positive = target.of(c) != 0.0f;
      if (rule.measure == BUCKETS) {
        float* cell = cells + 2 * ((size_t)p * units + c);
        cell[0] = bucket(y[c], rule.parameter) + (positive ? 0.0f : rule.parameter);
        cell[1] = weight;
        continue;
      }
      int outcome = y[c] > rule.parameter ? (positive ? TRUE_POSITIVE : FALSE_POSITIVE)
                                          : (positive ? FALSE_NEGATIVE : TRUE_NEGATIVE);
      first += outcome & rule.first ? weight : 0.0f;
      second += outcome & rule.second ? weight : 0.0f;
    }
  }
  if (rule.measure == BUCKETS) {
    return;
  }
  if (rule.measure == OUTCOMES) {
    first = warp_sum(first);
    second = warp_sum(second);
  }
  if (lane == 0) {
    cells[0] = first;
    cells[1] = second;
  }
}

// CudaMeasures.java passes these fields in this order.
struct LossMeasure {
  const float* mask;  // [positions][rows]: 0 where a step is left out, null where none is
  int weighted;
  int place;   // of its first cell among a sample's results
  int output;
  float sign;  // by which the loss is multiplied
  LossRule rule;
};

static __device__ __forceinline__ float loss_of(
    int lane, const float* y, int units, const Target& target, const LossRule& rule) {
  RowSums sums = row_sums(lane, y, units, target, rule);
  float parts = 0.0f;
#pragma unroll 1
  for (int c = lane; c < units; c += WARP) {
    float out = y[c];
    float g;
    parts += unit_loss(c, out, g, units, target, rule, sums);
  }
  return whole_loss(warp_sum(parts), rule, sums);
}

// Cells: sums of w v and w of what a loss says of each row. Outputs [positions][rows] with a stride.
// Grid: ceil(rows / 4), 128 threads. Without a number of blocks, ptxas spills to get more of them at once.
extern "C" __global__ void __launch_bounds__(128, 8) loss_metric_rows(
    const Batch* batch, const float* outputs, int stride, int rows, int positions, int units,
    LossMeasure measure) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row >= rows) {
    return;
  }
  int lane = threadIdx.x % WARP;
  int sample = sample_of(batch, row);
  const Answers* answers = answers_of(batch, measure.output);
  float first = 0.0f;
  float second = 0.0f;
#pragma unroll 1
  for (int p = 0; p < positions; p++) {
    size_t at = (size_t)p * rows + row;
    if (measure.mask && measure.mask[at] == 0.0f) {
      continue;
    }
    Target target = target_of(answers, sample, p, positions, units);
    float weight = measure.weighted ? weight_of(answers, sample, p, positions) : 1.0f;
    first += weight * measure.sign *
             loss_of(lane, outputs + at * stride, units, target, measure.rule);
    second += weight;
  }
  if (lane == 0) {
    float* cells = batch->results + (size_t)(batch->first + row) * batch->width + measure.place;
    cells[0] = first;
    cells[1] = second;
  }
}
