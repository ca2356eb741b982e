// A recurrent layer under a softmax, from inputs to gradients, in one launch (after Diamos et al.,
// "Persistent RNNs", ICML 2016): a block takes two samples through all steps, forward and backward,
// and never meets another block. The weights stay in registers, spread over the block's threads.
//
// 512 threads are 32 groups of 16. A group has the outputs o + 32 * q; its 16 lanes share out the
// inputs in pairs, lane i taking 2 * i + 32 * p and the next, one load for two. After the
// multiplications a reduce-scatter over the lanes leaves each output in one lane, which applies the
// activation and hands the state on through shared memory. Two buffers take turns, so a step needs
// one barrier.
//
// TILE is the number of outputs of a group: 32 * TILE units at most, and 16 * (2 * TILE + 2) inputs
// and states together.
#include "activation.cuh"
#include "loss.cuh"
#include "packing.cuh"

static const int SAMPLES = 2;
static const int MOST_CLASSES = 64;

enum Mode { PREDICT = 0, EVALUATE = 1, TRAIN = 2 };

// RnnFused.java passes these fields in this order.
struct FusedModel {
  const float* forward;     // packed, see packing.cuh
  const float* transposed;  // packed
  const float* bias;        // [units] or null
  const float* dense;       // [units][classes]
  const float* dense_bias;  // [classes] or null
  float* inputs;            // [steps + 1][rows][features + units]: x_t and h_{t-1}
  float* dz;                // [steps][rows][units], written when training
  float* logits;            // [rows][classes]
  float* dlogits;           // [rows][classes], written when evaluating and training
  int rows;
  int steps;
  int features;
  int units;
  int classes;
  int activation;
  int mode;
};

// Adds up 16 lanes' values so that lane i ends with the sum of everybody's value i: half of the
// values go to the lane across, again and again. Recursive, so that no index is left to run time.
template <int HALF>
static __device__ __forceinline__ void reduce_scatter(float (&v)[IN_LANES], int lane) {
  bool upper = lane & HALF;
#pragma unroll
  for (int p = 0; p < HALF; p++) {
    float keep = upper ? v[p + HALF] : v[p];
    float give = upper ? v[p] : v[p + HALF];
    v[p] = keep + __shfl_xor_sync(ALL_LANES, give, HALF);
  }
  if constexpr (HALF > 1) {
    reduce_scatter<HALF / 2>(v, lane);
  }
}

// The products of this thread's tile of weights with both samples' vectors, summed over the group:
// lane s * TILE + q gets sample s's output o + 32 * q.
template <int TILE, int IN>
static __device__ __forceinline__ float multiply(
    const float (&w)[2 * TILE + 2][TILE], const float (*vectors)[IN_LANES * (2 * TILE + 2)],
    int lane) {
  float sums[IN_LANES] = {};
#pragma unroll
  for (int p = 0; p < IN; p += 2) {
#pragma unroll
    for (int s = 0; s < SAMPLES; s++) {
      float2 x = *(const float2*)&vectors[s][2 * lane + IN_LANES * p];
#pragma unroll
      for (int q = 0; q < TILE; q++) {
        sums[s * TILE + q] += x.x * w[p][q];
        sums[s * TILE + q] += x.y * w[p + 1][q];
      }
    }
  }
  reduce_scatter<IN_LANES / 2>(sums, lane);
  return sums[0];
}

template <int TILE>
__device__ __forceinline__ void rnn(const Batch* batch, const FusedModel& model) {
  const int IN = 2 * TILE + 2;      // inputs and states of a lane, forward
  const int STATES = 2 * TILE;      // states of a lane, backward
  __shared__ __align__(8) float vectors[2][SAMPLES][IN_LANES * IN];
  __shared__ float logits[SAMPLES][MOST_CLASSES];

  int thread = threadIdx.x;
  int lane = thread % IN_LANES;
  int group = thread / IN_LANES;
  int units = model.units;
  int stride = model.features + units;
  int first = blockIdx.x * SAMPLES;

  // The output that this thread ends up with in every step, if there is one.
  int mine = lane / TILE;
  int unit = group + OUT_LANES * (lane % TILE);
  int row = first + mine;
  bool has = mine < SAMPLES && unit < units && row < model.rows;

  // The input that this thread brings in every step, if there is one.
  int x_sample = thread / model.features;
  int x_column = thread % model.features;
  bool brings = x_sample < SAMPLES && first + x_sample < model.rows;

  for (int i = thread; i < 2 * SAMPLES * IN_LANES * IN; i += FUSED_THREADS) {
    (&vectors[0][0][0])[i] = 0.0f;
  }
  float w[IN][TILE];
#pragma unroll
  for (int p = 0; p < IN; p++) {
#pragma unroll
    for (int q = 0; q < TILE; q++) {
      w[p][q] = model.forward[(p * TILE + q) * FUSED_THREADS + thread];
    }
  }
  float bias = has && model.bias ? model.bias[unit] : 0.0f;
  __syncthreads();

  // ---- forward ----
  const float* x = model.inputs + (size_t)(first + x_sample) * stride + x_column;
  float* h_of_row = model.inputs + (size_t)row * stride + model.features + unit;
  size_t step_stride = (size_t)model.rows * stride;
  if (brings) {
    vectors[0][x_sample][x_column] = x[0];
  }
  __syncthreads();
  float h = 0.0f;
  for (int t = 0; t < model.steps; t++) {
    float next_x = brings && t + 1 < model.steps ? x[(t + 1) * step_stride] : 0.0f;
    float z = multiply<TILE, IN>(w, vectors[t & 1], lane) + bias;
    float(*next)[IN_LANES * IN] = vectors[(t + 1) & 1];
    if (has) {
      h = activate(model.activation, z);
      next[mine][model.features + unit] = h;
      h_of_row[(t + 1) * step_stride] = h;
    }
    if (brings) {
      next[x_sample][x_column] = next_x;
    }
    __syncthreads();
  }

  // ---- the dense layer: a warp an output ----
  const float(*last)[IN_LANES * IN] = vectors[model.steps & 1];
  int warp = thread / WARP;
  for (int i = warp; i < SAMPLES * model.classes; i += FUSED_THREADS / WARP) {
    int s = i / model.classes;
    int c = i % model.classes;
    float sum = 0.0f;
    for (int u = thread % WARP; u < units; u += WARP) {
      sum += last[s][model.features + u] * model.dense[u * model.classes + c];
    }
    sum = warp_sum(sum) + (model.dense_bias ? model.dense_bias[c] : 0.0f);
    if (thread % WARP == 0) {
      logits[s][c] = sum;
      if (first + s < model.rows) {
        model.logits[(size_t)(first + s) * model.classes + c] = sum;
      }
    }
  }
  if (model.mode == PREDICT) {
    return;
  }
  __syncthreads();

  // ---- the loss: a warp a sample, gradients in place ----
  if (warp < SAMPLES && first + warp < model.rows) {
    int r = first + warp;
    int sample = sample_of(batch, r);
    Target target = target_of(batch, sample, 0, 1, model.classes);
    float weight = weight_of(batch, sample, 0, 1);
    RowResult result = loss_row(
        thread % WARP, logits[warp], logits[warp], model.classes, target, 1.0f / model.rows * weight,
        LossRule{SOFTMAX_CROSSENTROPY, 0.0f, 0.0f, 0});
    result.loss *= weight;
    if (thread % WARP == 0) {
      write_result(batch, r, result, 1.0f);
    }
    for (int c = thread % WARP; c < model.classes; c += WARP) {
      model.dlogits[(size_t)r * model.classes + c] = logits[warp][c];
    }
  }
  if (model.mode == EVALUATE) {
    return;
  }

  // ---- backward: the same registers take the transposed recurrent weights ----
  for (int i = thread; i < 2 * SAMPLES * IN_LANES * IN; i += FUSED_THREADS) {
    (&vectors[0][0][0])[i] = 0.0f;
  }
#pragma unroll
  for (int p = 0; p < STATES; p++) {
#pragma unroll
    for (int q = 0; q < TILE; q++) {
      w[p][q] = model.transposed[(p * TILE + q) * FUSED_THREADS + thread];
    }
  }
  __syncthreads();
  float gradient = 0.0f;
  if (has) {
    for (int c = 0; c < model.classes; c++) {
      gradient += logits[mine][c] * model.dense[unit * model.classes + c];
    }
  }
  float* dz_of_row = model.dz + (size_t)row * units + unit;
  size_t dz_stride = (size_t)model.rows * units;
  for (int t = model.steps - 1; t >= 0; t--) {
    float(*current)[IN_LANES * IN] = vectors[t & 1];
    if (has) {
      float dz = gradient * derivative(model.activation, h);
      current[mine][unit] = dz;
      dz_of_row[t * dz_stride] = dz;
    }
    __syncthreads();
    if (t > 0) {
      h = has ? h_of_row[t * step_stride] : 0.0f;  // h_{t-1}; on its way while sums are made
      gradient = multiply<TILE, STATES>(w, current, lane);
    }
  }
}

#define RNN_FUSED(TILE)                                                                 \
  extern "C" __global__ void __launch_bounds__(FUSED_THREADS, 1) rnn_fused_##TILE(      \
      const Batch* batch, FusedModel model) {                                           \
    rnn<TILE>(batch, model);                                                            \
  }

// By tile: up to 64, 96, 128, 160 and 192 units. Grid: ceil(rows / 2), 512 threads.
RNN_FUSED(2)
RNN_FUSED(3)
RNN_FUSED(4)
RNN_FUSED(5)
RNN_FUSED(6)
