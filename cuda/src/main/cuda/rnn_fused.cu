// A recurrent layer under a softmax, from samples to gradients, in one launch (after Diamos et al.,
// "Persistent RNNs", ICML 2016): a block takes two samples through all steps, forward and backward,
// and never meets another block. The weights stay in registers, spread over the block's threads
// (held.cuh); then the same registers take the transposed recurrent weights for the way back, and
// at last the sums of the weights' gradients, which each block leaves as a part of its own for
// `update_parts` to add up.
//
// After a product each sum is in one lane, which applies the activation and hands the state on
// through shared memory. Two places take turns, so a step needs one barrier.
#include "activation.cuh"
#include "held.cuh"
#include "loss.cuh"
#include "packing.cuh"
#include "samples.cuh"

static const int MOST_CLASSES = 64;

enum Mode { PREDICT = 0, EVALUATE = 1, TRAIN = 2 };

// RnnFused.java passes these fields in this order.
struct FusedModel {
  const float* forward;     // see packing.cuh
  const float* transposed;
  const float* bias;        // [units] or null
  const float* dense;       // [units][classes]
  const float* dense_bias;  // [classes] or null
  float* history;           // [rows of the launch][steps + 1][fours of inputs]: x_t and h_{t-1}
  float* dz;                // [rows of the launch][steps][fours of units]
  float* parts;             // [blocks][part_size], see packing.cuh
  float* logits;            // [rows][classes]
  int rows;
  int first;      // the launch's first row: gradients of many rows come in several launches,
  int adds;       // which add to the parts of those before
  int steps;
  int features;
  int units;
  int classes;
  int activation;
  int mode;
  int reversed;
  int part_size;
};

// The activation that most layers have is known to the compiler, and so in the loop without a test.
struct AnyActivation {
  int f;
  __device__ __forceinline__ float of(float z) const { return activate(f, z); }
  __device__ __forceinline__ float slope(float y) const { return derivative(f, y); }
};

struct Tanh {
  __device__ __forceinline__ float of(float z) const { return activate(TANH, z); }
  __device__ __forceinline__ float slope(float y) const { return derivative(TANH, y); }
};

template <int TILE>
struct __align__(16) Turns {
  float vectors[2][SAMPLES][Shape<TILE>::INPUTS];  // x_t and h_{t-1}
  float dz[2][SAMPLES][Shape<TILE>::WIDTH];
  float logits[SAMPLES][MOST_CLASSES];  // and then the gradients by them
};

// The dense layer of both samples: a warp an output.
static __device__ __forceinline__ void dense_layer(
    const FusedModel& model, const float* states, int stride, float (*logits)[MOST_CLASSES],
    int first) {
  int lane = threadIdx.x % WARP;
  for (int c = threadIdx.x / WARP; c < model.classes; c += blockDim.x / WARP) {
    float sums[SAMPLES] = {};
    for (int u = lane; u < model.units; u += WARP) {
      float w = model.dense[u * model.classes + c];
#pragma unroll
      for (int s = 0; s < SAMPLES; s++) {
        sums[s] += states[s * stride + u] * w;
      }
    }
#pragma unroll
    for (int s = 0; s < SAMPLES; s++) {
      float sum = warp_sum(sums[s]) + (model.dense_bias ? model.dense_bias[c] : 0.0f);
      if (lane == 0) {
        logits[s][c] = sum;
        if (first + s < model.rows) {
          model.logits[(size_t)(first + s) * model.classes + c] = sum;
        }
      }
    }
  }
}

// A warp's sample: its results, and gradients in the place of logits, zeros where it is not there.
static __device__ __forceinline__ void loss(
    const Batch* batch, const FusedModel& model, float* logits, int row) {
  int lane = threadIdx.x % WARP;
  if (row < model.rows) {
    int sample = sample_of(batch, row);
    Target target = target_of(&batch->answers, sample, 0, 1, model.classes);
    float weight = weight_of(&batch->answers, sample, 0, 1);
    RowResult result = loss_row(
        lane, logits, logits, model.classes, target, 1.0f / model.rows * weight,
        LossRule{SOFTMAX_CROSSENTROPY, 0.0f, 0.0f, 0, 0.0f, 0.0f});
    result.loss *= weight;
    if (lane == 0) {
      write_result(batch, row, 0, result, 1.0f);
    }
  } else {
    for (int c = lane; c < model.classes; c += WARP) {
      logits[c] = 0.0f;
    }
  }
}

// A value of the block's part, to which earlier launches may have left something.
static __device__ __forceinline__ void leave(const FusedModel& model, float* part, float sum) {
  *part = model.adds ? *part + sum : sum;
}

// The gradients of the dense layer's weights and, behind them, biases.
static __device__ __forceinline__ void dense_gradients(
    const FusedModel& model, const float* states, int stride, float (*by_logits)[MOST_CLASSES],
    float* part) {
  int products = model.units * model.classes;
  int count = products + (model.dense_bias ? model.classes : 0);
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    int u = i / model.classes;
    int c = i % model.classes;
    float sum = 0.0f;
#pragma unroll
    for (int s = 0; s < SAMPLES; s++) {
      sum += (i < products ? states[s * stride + u] : 1.0f) * by_logits[s][c];
    }
    leave(model, part + i, sum);
  }
}

template <int TILE, class F>
__device__ __forceinline__ void rnn(Batch* batch, const FusedModel& model, F f) {
  const int INPUTS = Shape<TILE>::INPUTS;
  const int WIDTH = Shape<TILE>::WIDTH;
  __shared__ Turns<TILE> turns;

  int thread = threadIdx.x;
  int slot = blockIdx.x * SAMPLES;
  int first = model.first + slot;
  int before = fours(model.features);           // where h begins in a row of inputs
  int inputs = fours(before + model.units);     // of a row in the history
  int columns = fours(model.units);
  bool training = model.mode == TRAIN;

  // The state that this thread ends up with in every step, if there is one.
  int mine = thread % LANES / FOUR;
  int unit = Held<TILE>::column() + thread % FOUR;
  bool has = unit < model.units;

  Held<TILE> held;
  held.template load<TILE + 1>(model.forward);
  float* zeros = &turns.vectors[0][0][0];
  for (int i = thread; i < 2 * SAMPLES * (INPUTS + WIDTH); i += Shape<TILE>::THREADS) {
    zeros[i] = 0.0f;
  }
  float bias = has && model.bias ? model.bias[unit] : 0.0f;
  Values values(batch, first, model.rows, model.steps, model.features, model.reversed);
  __syncthreads();

  // ---- forward ----
  int rows_of_sample = model.steps + 1;
  float* history = model.history + (size_t)slot * rows_of_sample * inputs;
  int x_at = values.sample * rows_of_sample * inputs + values.column;
  int h_at = mine * rows_of_sample * inputs + before + unit;
  float x = values.next();
  if (values.brings) {
    turns.vectors[0][values.sample][values.column] = x;
    if (training) {
      history[x_at] = x;
    }
  }
  __syncthreads();
  float h = 0.0f;
  for (int t = 0; t < model.steps; t++) {
    x = t + 1 < model.steps ? values.next() : 0.0f;
    float z = held.template multiply<TILE + 1, INPUTS>(&turns.vectors[t & 1][0][0]) + bias;
    float(*next)[INPUTS] = turns.vectors[(t + 1) & 1];
    h_at += inputs;
    x_at += inputs;
    if (has) {
      h = f.of(z);
      next[mine][before + unit] = h;
      if (training) {
        history[h_at] = h;
      }
    }
    if (values.brings) {
      next[values.sample][values.column] = x;
      if (training) {
        history[x_at] = x;
      }
    }
    __syncthreads();
  }

  // ---- the dense layer and the loss: a warp a sample ----
  const float* last = &turns.vectors[model.steps & 1][0][before];
  dense_layer(model, last, INPUTS, turns.logits, first);
  if (model.mode == PREDICT) {
    return;
  }
  __syncthreads();
  if (thread / WARP < SAMPLES) {
    loss(batch, model, turns.logits[thread / WARP], first + thread / WARP);
  }
  if (!training) {
    return;
  }
  if (first == 0 && thread == 0) {
    batch->updating = batch->number;
  }
  held.template load<TILE>(model.transposed);
  __syncthreads();
  float* part = model.parts + (size_t)blockIdx.x * model.part_size;
  float* part_bias = part + INPUTS * WIDTH;
  dense_gradients(
      model, last, INPUTS, turns.logits, part_bias + (model.bias ? model.units : 0));

  // ---- backward ----
  float gradient = 0.0f;
  if (has) {
    for (int c = 0; c < model.classes; c++) {
      gradient += turns.logits[mine][c] * model.dense[unit * model.classes + c];
    }
  }
  float* all_dz = model.dz + (size_t)slot * model.steps * columns;
  int dz_at = (mine * model.steps + model.steps - 1) * columns + unit;
  float sum = 0.0f;
  for (int t = model.steps - 1; t >= 0; t--) {
    if (has) {
      float dz = gradient * f.slope(h);
      turns.dz[t & 1][mine][unit] = dz;
      all_dz[dz_at] = dz;
      sum += dz;
    }
    dz_at -= columns;
    __syncthreads();
    if (t > 0) {
      h_at -= inputs;
      h = has ? history[h_at] : 0.0f;  // h_{t-1}; on its way while sums are made
      gradient = held.template multiply<TILE, WIDTH>(&turns.dz[t & 1][0][0]);
    }
  }

  // ---- the layer's gradients: the same registers take the sums ----
  sum += __shfl_xor_sync(ALL_LANES, sum, FOUR);
  if (has && mine == 0 && model.bias) {
    leave(model, part_bias + unit, sum);
  }
  held.clear();
  Recall recall = Recall::of<TILE>(
      history, all_dz, model.steps, inputs, columns, &turns.vectors[0][0][0], &turns.dz[0][0][0]);
  recall.put(recall.next(), 0);
  __syncthreads();
  for (int t = 0; t < model.steps; t++) {
    // On its way while the step at hand is multiplied; after the last come zeros for nobody.
    float4 next = t + 1 < model.steps ? recall.next() : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    held.add(&turns.vectors[t & 1][0][0], &turns.dz[t & 1][0][0]);
    recall.put(next, (t + 1) & 1);
    __syncthreads();
  }
  held.leave(part, inputs, model.adds);
}

#define RNN_FUSED(TILE)                                                                        \
  extern "C" __global__ void __launch_bounds__(Shape<TILE>::THREADS, 1) rnn_fused_##TILE(      \
      Batch* batch, FusedModel model) {                                                        \
    rnn<TILE>(batch, model, AnyActivation{model.activation});                                  \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(Shape<TILE>::THREADS, 1) rnn_fused_tanh_##TILE( \
      Batch* batch, FusedModel model) {                                                        \
    rnn<TILE>(batch, model, Tanh{});                                                           \
  }

// By tile: up to 64, 96, 128, 160 and 192 units. Grid: half of the launch's rows, 64 * TILE threads.
RNN_FUSED(2)
RNN_FUSED(3)
RNN_FUSED(4)
RNN_FUSED(5)
RNN_FUSED(6)
