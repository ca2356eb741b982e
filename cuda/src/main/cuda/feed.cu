// What a layer reads, brought into its input: rows are [positions][rows of the batch], so that all
// rows of one time step lie together. A recurrent layer's row is x_t and h_{t-1} side by side; h_{-1}
// is zero, which is written here.
#include "batch.cuh"

static __device__ __forceinline__ void feed_value(
    float* input, int stride, int rows, int positions, int width, int states, int reversed,
    int row, int position, int column, float value) {
  int at = reversed ? positions - 1 - position : position;
  input[((size_t)at * rows + row) * stride + column] = value;
  for (int c = column; at == 0 && c < states; c += width) {
    input[(size_t)row * stride + width + c] = 0.0f;
  }
}

// Features of the batch's samples; bytes become b / 255.
// Grid: positions * rows, 128 threads.
extern "C" __global__ void __launch_bounds__(128) feed_samples(
    const Batch* batch, float* input, int stride, int rows, int positions, int width, int states,
    int reversed) {
  int row = blockIdx.x % rows;
  int position = blockIdx.x / rows;
  size_t from = ((size_t)sample_of(batch, row) * positions + position) * width;
  for (int c = threadIdx.x; c < width; c += blockDim.x) {
    float value = batch->bytes ? batch->bytes[from + c] / 255.0f : batch->floats[from + c];
    feed_value(input, stride, rows, positions, width, states, reversed, row, position, c, value);
  }
}

// The outputs of the layer below, [positions][rows] with a stride of their own.
// Grid: positions * rows, 128 threads.
extern "C" __global__ void __launch_bounds__(128) feed_outputs(
    const float* outputs, int output_stride, float* input, int stride, int rows, int positions,
    int width, int states, int reversed) {
  int row = blockIdx.x % rows;
  int position = blockIdx.x / rows;
  const float* from = outputs + (size_t)blockIdx.x * output_stride;
  for (int c = threadIdx.x; c < width; c += blockDim.x) {
    feed_value(input, stride, rows, positions, width, states, reversed, row, position, c, from[c]);
  }
}

// Gradients of inputs that were fed in reverse, back into the order of the layer below.
// Grid: positions * rows, 128 threads.
extern "C" __global__ void __launch_bounds__(128) reverse_positions(
    const float* from, float* to, int rows, int positions, int width) {
  int row = blockIdx.x % rows;
  int position = blockIdx.x / rows;
  size_t source = (size_t)blockIdx.x * width;
  size_t target = ((size_t)(positions - 1 - position) * rows + row) * width;
  for (int c = threadIdx.x; c < width; c += blockDim.x) {
    to[target + c] = from[source + c];
  }
}

// The outputs of the last layer, [positions][rows] with a stride, sample by sample:
// [rows][positions][units]. Grid: positions * rows, 128 threads.
extern "C" __global__ void __launch_bounds__(128) collect_outputs(
    const float* outputs, int stride, float* to, int rows, int positions, int units) {
  int row = blockIdx.x % rows;
  int position = blockIdx.x / rows;
  const float* from = outputs + (size_t)blockIdx.x * stride;
  size_t target = ((size_t)row * positions + position) * units;
  for (int c = threadIdx.x; c < units; c += blockDim.x) {
    to[target + c] = from[c];
  }
}
