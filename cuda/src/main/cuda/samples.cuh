// How a block of the fused kernels gets at its samples' values: from the data set as it came, a step
// ahead; and later once more, with the states beside them, from the history that it wrote.
#pragma once

#include "batch.cuh"
#include "held.cuh"
#include "packing.cuh"

// The value of each step that this thread brings, if there is one. A sample that is not there, where
// rows are odd, has zeros.
struct Values {
  const unsigned char* from;
  int step;    // bytes from one step to the next
  int sample;  // of the block
  int column;
  bool bytes;
  bool brings;
  bool there;

  __device__ __forceinline__ Values(
      const Batch* batch, int first, int rows, int steps, int features, int reversed) {
    sample = threadIdx.x / features;
    column = threadIdx.x % features;
    bytes = batch->bytes;
    brings = sample < SAMPLES;
    there = brings && first + sample < rows;
    int size = bytes ? 1 : sizeof(float);
    step = (reversed ? -features : features) * size;
    size_t at = there ? (size_t)sample_of(batch, first + sample) * steps : 0;
    at = (at + (reversed ? steps - 1 : 0)) * features + column;
    from = (bytes ? batch->bytes : (const unsigned char*)batch->floats) + at * size;
  }

  // Bytes become b / 255.
  __device__ __forceinline__ float next() {
    float value = 0.0f;
    if (there) {
      value = bytes ? *from / 255.0f : *(const float*)from;
      from += step;
    }
    return value;
  }
};

// Four values of each step that this thread brings back: of a sample's x_t and h_{t-1}, or of its
// gradients. A block has more threads than there are fours.
struct Recall {
  const float* from;
  float* to;       // in the first of two places that take turns
  int from_step;   // values from step to step
  int to_turn;     // and from place to place
  bool brings;

  template <int TILE>
  static __device__ __forceinline__ Recall of(
      const float* history, const float* dz, int steps, int inputs, int columns, float* vectors,
      float* gradients) {
    int of_inputs = inputs / FOUR;
    int of_columns = columns / FOUR;
    int i = threadIdx.x;
    bool is_input = i < SAMPLES * of_inputs;
    i -= is_input ? 0 : SAMPLES * of_inputs;
    int each = is_input ? of_inputs : of_columns;
    int sample = i / each;
    int at = i % each * FOUR;
    Recall recall;
    recall.brings = sample < SAMPLES;
    recall.from_step = each * FOUR;
    recall.from = is_input ? history + (size_t)sample * (steps + 1) * inputs + at
                           : dz + (size_t)sample * steps * columns + at;
    recall.to = is_input ? vectors + sample * Shape<TILE>::INPUTS + at
                         : gradients + sample * Shape<TILE>::WIDTH + at;
    recall.to_turn = SAMPLES * (is_input ? Shape<TILE>::INPUTS : Shape<TILE>::WIDTH);
    return recall;
  }

  __device__ __forceinline__ float4 next() {
    float4 four = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    if (brings) {
      four = *(const float4*)from;
      from += from_step;
    }
    return four;
  }

  __device__ __forceinline__ void put(float4 four, int turn) const {
    if (brings) {
      *(float4*)(to + turn * to_turn) = four;
    }
  }
};
