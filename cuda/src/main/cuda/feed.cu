// What a layer reads, brought into its input: rows are [positions][rows of the batch], so that all
// rows of one time step lie together. A recurrent layer's row is x_t and h_{t-1} side by side; h_{-1}
// is zero, which is written here.
#include "batch.cuh"

static const int ROW_THREADS = 128;

// What a thread has of rows of `width` values, counted through all positions. A block has as many
// whole rows as it has threads for; one that is wider takes all threads several times. So the grid
// of each kernel here is ceil(positions * rows / max(1, ROW_THREADS / width)).
struct Share {
  unsigned index;  // of the row in [positions][rows]
  int column;      // the first one; the next is ROW_THREADS on

  __device__ __forceinline__ Share(int positions, int rows, int width) {
    unsigned each = max(1, ROW_THREADS / width);
    unsigned mine = threadIdx.x / width;
    index = blockIdx.x * each + mine;
    bool there = mine < each && index < (unsigned)positions * rows;
    column = there ? threadIdx.x % width : width;
  }
};

static __device__ __forceinline__ void feed_value(
    float* input, int stride, int rows, int positions, int width, int states, int reversed,
    int row, int position, int column, float value) {
  int at = reversed ? positions - 1 - position : position;
  input[((size_t)at * rows + row) * stride + column] = value;
  for (int c = column; at == 0 && c < states; c += width) {
    input[(size_t)row * stride + width + c] = 0.0f;
  }
}

// Features of the batch's samples; bytes become b / 255. A sample has `values`, of which those of the
// input are from `first` on.
extern "C" __global__ void __launch_bounds__(ROW_THREADS) feed_samples(
    const Batch* batch, float* input, int stride, int rows, int positions, int width, int states,
    int reversed, int values, int first) {
  Share share(positions, rows, width);
  int row = share.index % rows;
  int position = share.index / rows;
  size_t from = (size_t)sample_of(batch, row) * values + first + position * width;
  for (int c = share.column; c < width; c += ROW_THREADS) {
    float value = batch->bytes ? batch->bytes[from + c] / 255.0f : batch->floats[from + c];
    feed_value(input, stride, rows, positions, width, states, reversed, row, position, c, value);
  }
}

// The outputs of the layer below, [positions][rows] with a stride of their own.
extern "C" __global__ void __launch_bounds__(ROW_THREADS) feed_outputs(
    const float* outputs, int output_stride, float* input, int stride, int rows, int positions,
    int width, int states, int reversed) {
  Share share(positions, rows, width);
  int row = share.index % rows;
  int position = share.index / rows;
  const float* from = outputs + (size_t)share.index * output_stride;
  for (int c = share.column; c < width; c += ROW_THREADS) {
    feed_value(input, stride, rows, positions, width, states, reversed, row, position, c, from[c]);
  }
}

// What a layer gives, [positions][rows] with a stride, sample by sample, [positions][units] from `first` on
// among `values` of a sample.
extern "C" __global__ void __launch_bounds__(ROW_THREADS) collect_outputs(
    const float* outputs, int stride, float* to, int rows, int positions, int units, int values,
    int first) {
  Share share(positions, rows, units);
  int row = share.index % rows;
  int position = share.index / rows;
  const float* from = outputs + (size_t)share.index * stride;
  size_t target = (size_t)row * values + first + position * units;
  for (int c = share.column; c < units; c += ROW_THREADS) {
    to[target + c] = from[c];
  }
}
