// The loss, its gradient, and metrics: a warp takes a row of outputs, its lanes take the units.
// Formulas are those of RowLoss.java, in float32.
#include "batch.cuh"
#include "loss.cuh"

// The softmax of rows, which lie `stride` apart; `to`, without gaps, may be `from`.
// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) softmax_rows(
    const float* from, int stride, float* to, int rows, int units) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row < rows) {
    softmax_row(threadIdx.x % WARP, from + (size_t)row * stride, to + (size_t)row * units, units);
  }
}

// The gradient by a softmax's sums: dz_j = y_j * (dy_j - sum_i dy_i * y_i); dz may be dy.
// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) softmax_backward(
    const float* gradient, const float* y, float* to, int rows, int units) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row < rows) {
    int lane = threadIdx.x % WARP;
    const float* dy = gradient + (size_t)row * units;
    const float* p = y + (size_t)row * units;
    float* dz = to + (size_t)row * units;
    float dot = 0.0f;
    for (int c = lane; c < units; c += WARP) {
      dot += dy[c] * p[c];
    }
    dot = warp_sum(dot);
    for (int c = lane; c < units; c += WARP) {
      dz[c] = p[c] * (dy[c] - dot);
    }
  }
}

// Where an output's loss and metrics go. CudaLoss.java passes these fields in this order.
struct Judged {
  const float* mask;     // [positions][rows]: 0 where a step is not judged, null where all are
  const float* counted;  // how many are
  int output;
  int place;     // of what this leaves among a sample's results
  float weight;  // of the loss among those of other outputs
  float shown;   // by how much the result is multiplied: 1 where losses are told apart
};

// Losses and metrics of the batch's rows, each the mean of its positions, and the gradient by the
// outputs (by the logits with SOFTMAX_CROSSENTROPY). Outputs and gradient: [positions][rows][units].
// Under a mask the loss of a batch is the mean of the steps that count in all of it, and counts for as many
// samples as the batch has; so each sample has its share of that. Gradients by masked steps stay as they are.
// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) loss_rows(
    const Batch* batch, const float* outputs, float* gradient, int stride, int rows, int positions,
    int units, Judged judged, LossRule rule) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row < rows) {
    int lane = threadIdx.x % WARP;
    int sample = sample_of(batch, row);
    const Answers* answers = answers_of(batch, judged.output);
    float counted = judged.mask ? *judged.counted : (float)rows * positions;
    float scale = 1.0f / counted;
    RowResult sum = {};
#pragma unroll 1
    for (int p = 0; p < positions; p++) {
      size_t at = (size_t)p * rows + row;
      if (judged.mask && judged.mask[at] == 0.0f) {
        continue;
      }
      Target target = target_of(answers, sample, p, positions, units);
      float weight = weight_of(answers, sample, p, positions);
      RowResult result =
          loss_row(lane, outputs + at * stride, gradient + at * units, units, target,
                   scale * (weight * judged.weight), rule);
      sum.loss += result.loss * weight;
      sum.correct += result.correct;
      sum.error += result.error;
    }
    if (lane == 0) {
      sum.loss *= judged.shown;
      float share = judged.mask ? (counted > 0.0f ? rows / counted : 0.0f) : 1.0f / positions;
      write_result(batch, row, judged.place, sum, share);
    }
  }
}

// Adds an output's loss, which is told apart, to the sample's, which the first one begins. Grid: ceil(rows /
// 256), 256 threads.
extern "C" __global__ void __launch_bounds__(256) add_loss(
    const Batch* batch, int rows, int place, float weight, int begins) {
  int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row < rows) {
    float* results = batch->results + (size_t)(batch->first + row) * batch->width;
    results[0] = (begins ? 0.0f : results[0]) + weight * results[place];
  }
}
