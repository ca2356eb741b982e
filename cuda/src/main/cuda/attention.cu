// Scores that are no products, and steps that are not looked at. Rows are [positions][rows].
#include "rows.cuh"
#include "warp.cuh"

// What a step of a query does not look at: what lies ahead, and what a mask [steps][rows] leaves out, null where
// it leaves nothing out. CudaHiddenSteps.java passes these fields in this order.
struct Unseen {
  const float* queries;
  const float* values;
  const float* keys;
  int ahead;

  __device__ __forceinline__ bool has(int step, int value_step, int row, int rows) const {
    return (ahead && value_step > step) || (queries && queries[(size_t)step * rows + row] == 0.0f) ||
           (values && values[(size_t)value_step * rows + row] == 0.0f) ||
           (keys && keys[(size_t)value_step * rows + row] == 0.0f);
  }
};

// Sets what belongs to unseen steps, in scores or what is made of them, [heads * steps][rows][width]. With
// `adds` it is added to what is there. Grid: ceil(heads * steps * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) hide_steps(
    float* scores, int heads, int steps, int rows, int width, float value, int adds,
    Unseen unseen) {
  for_each_element(heads * steps * rows, width, [&](unsigned at, int column) {
    if (unseen.has(at / rows % steps, column, at % rows, rows)) {
      float* score = scores + (size_t)at * width + column;
      *score = (adds ? *score : 0.0f) + value;
    }
  });
}

// Two values [steps][rows][features] that meet in scores, each step of one with each of the other:
// scores_ij = sum_f outer_f tanh(inner * (own_if + other_jf)). CudaSumScores.java passes these fields in this
// order.
struct SumScores {
  const float* own;
  const float* other;
  const float* inner;  // one number, or null for 1
  const float* outer;  // [features], or null for ones
  int own_stride;
  int other_stride;
  int own_steps;
  int other_steps;
  int rows;
  int features;

  __device__ __forceinline__ const float* other_at(int step, int row) const {
    return other + ((size_t)step * rows + row) * other_stride;
  }
};

// scores[i][row][j], own_steps and other_steps: a warp takes the scores of a step of a sample, its lanes the
// features. Grid: ceil(own_steps * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) sum_scores(SumScores s, float* scores) {
  int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (row >= s.own_steps * s.rows) {
    return;
  }
  int lane = threadIdx.x % WARP;
  float inner = s.inner ? *s.inner : 1.0f;
  const float* own = s.own + (size_t)row * s.own_stride;
#pragma unroll 1
  for (int j = 0; j < s.other_steps; j++) {
    const float* other = s.other_at(j, row % s.rows);
    float sum = 0.0f;
#pragma unroll 1
    for (int f = lane; f < s.features; f += WARP) {
      float t = tanhf(inner * (own[f] + other[f]));
      sum += s.outer ? s.outer[f] * t : t;
    }
    sum = warp_sum(sum);
    if (lane == 0) {
      scores[(size_t)row * s.other_steps + j] = sum;
    }
  }
}

// The gradient by `own`, [own_steps][rows][features], or null; and what each of its elements adds to the
// gradient by its outer weight, or else by the inner one, or null. The gradient of the scores of own step i
// and other step j is at d_scores[i * own_apart + row * of_row + j * other_apart].
// Grid: ceil(own_steps * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) sum_scores_backward(
    SumScores s, const float* d_scores, int own_apart, int of_row, int other_apart, float* d_own,
    float* by_weights) {
  for_each_element(s.own_steps * s.rows, s.features, [&](unsigned at, int f) {
    unsigned row = at % s.rows;
    const float* dy = d_scores + (size_t)(at / s.rows) * own_apart + (size_t)row * of_row;
    float inner = s.inner ? *s.inner : 1.0f;
    float outer = s.outer ? s.outer[f] : 1.0f;
    float own = s.own[(size_t)at * s.own_stride + f];
    float sum = 0.0f;
    float by_weight = 0.0f;
#pragma unroll 1
    for (int j = 0; j < s.other_steps; j++) {
      float both = own + s.other_at(j, row)[f];
      float t = tanhf(inner * both);
      float d_score = dy[(size_t)j * other_apart];
      float dz = d_score * outer * (1.0f - t * t);
      sum += dz;
      by_weight += s.outer ? d_score * t : dz * both;
    }
    if (d_own) {
      d_own[(size_t)at * s.features + f] = sum * inner;
    }
    if (by_weights) {
      by_weights[(size_t)at * s.features + f] = by_weight;
    }
  });
}
