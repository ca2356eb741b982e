// The loss, its gradient, and metrics: a warp takes a row of outputs, its lanes take the units.
// Formulas are those of RowLoss.java, in float32.
#include "batch.cuh"
#include "loss.cuh"

// The softmax of rows. `to` may be `from`. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) softmax_rows(
    const float* from, float* to, int rows, int units) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row < rows) {
    softmax_row(threadIdx.x % WARP, from + (size_t)row * units, to + (size_t)row * units, units);
  }
}

// The gradient by a softmax's sums, in place: dz_j = y_j * (dy_j - sum_i dy_i * y_i).
// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) softmax_backward(
    float* gradient, const float* y, int rows, int units) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row < rows) {
    int lane = threadIdx.x % WARP;
    float* dy = gradient + (size_t)row * units;
    const float* p = y + (size_t)row * units;
    float dot = 0.0f;
    for (int c = lane; c < units; c += WARP) {
      dot += dy[c] * p[c];
    }
    dot = warp_sum(dot);
    for (int c = lane; c < units; c += WARP) {
      dy[c] = p[c] * (dy[c] - dot);
    }
  }
}

// Losses and metrics of the batch's rows, each the mean of its positions, and the gradient by the
// outputs (by the logits with SOFTMAX_CROSSENTROPY). Outputs and gradient: [positions][rows][units].
// Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) loss_rows(
    const Batch* batch, const float* outputs, float* gradient, int stride, int rows, int positions,
    int units, int rule) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row < rows) {
    int lane = threadIdx.x % WARP;
    int sample = sample_of(batch, row);
    float scale = 1.0f / ((float)rows * positions);
    RowResult sum = {};
    for (int p = 0; p < positions; p++) {
      size_t at = (size_t)p * rows + row;
      Target target = target_of(batch, sample, p, positions, units);
      RowResult result = loss_row(
          lane, outputs + at * stride, gradient + at * units, units, target, scale, rule);
      sum.loss += result.loss;
      sum.correct += result.correct;
      sum.error += result.error;
    }
    if (lane == 0) {
      write_result(batch, row, sum, 1.0f / positions);
    }
  }
}
