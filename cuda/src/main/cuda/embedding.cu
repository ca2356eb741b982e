// Vectors of tokens: rows of a table forward, and back the sums of what comes to each of its rows.
#include "rows.cuh"
#include "warp.cuh"

// The ids of a batch, which lie as the layer's inputs do: [positions][rows] with a stride, `width` a row.
// CudaEmbedding.java passes these fields in this order.
struct Tokens {
  const float* ids;
  int stride;
  int rows;
  int positions;
  int width;

  __device__ __forceinline__ int steps() const { return positions * width; }

  __device__ __forceinline__ int id(int row, int step) const {
    return (int)ids[((size_t)(step / width) * rows + row) * stride + step % width];
  }
};

// Outputs [steps][rows][columns]; `mask`, null for none, becomes 1 where the id is not 0, and `named` the ids
// sample after sample, [rows][steps]; null where nobody goes back. Grid: ceil(steps * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) embed_tokens(
    Tokens tokens, const float* table, float* outputs, float* mask, int* named, int columns) {
  int steps = tokens.steps();
  for_each_element(steps * tokens.rows, columns, [&](unsigned at, int column) {
    unsigned row = at % tokens.rows;
    unsigned step = at / tokens.rows;
    int id = tokens.id(row, step);
    outputs[(size_t)at * columns + column] = table[(size_t)id * columns + column];
    if (column == 0) {
      if (mask) {
        mask[at] = id != 0 ? 1.0f : 0.0f;
      }
      if (named) {
        named[row * steps + step] = id;
      }
    }
  });
}

// What is added to the table's gradient; CudaEmbedding.java passes these fields in this order.
struct TokenSums {
  const int* named;        // [rows][steps]
  const float* gradients;  // [steps][rows][columns]
  float* table;
  float* roots;  // null where the table's gradient is squared as it is
  int rows;
  int steps;
  int columns;
  int alone;    // whether no other call of the layer has tokens of this table
  float limit;  // of each element of a token's gradient, 0 for none
};

// The lanes whose token, from `base` on, is `id`.
static __device__ __forceinline__ unsigned alike(const int* named, int all, int base, int id) {
  int token = base + threadIdx.x % WARP;
  return __ballot_sync(ALL_LANES, token < all && named[token] == id);
}

// Adds to the rows of the table's gradient that the batch names: to each the sum over its tokens, sample
// after sample and step after step. `roots` takes what an optimizer squares in its place: the root of the
// sum of the tokens' squares, unless other calls add theirs. A warp has a token, and goes on if it is the first of its row.
// Grid: ceil(steps * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) sum_tokens(TokenSums s) {
  int all = s.steps * s.rows;
  int first = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
  if (first >= all) {
    return;
  }
  int id = s.named[first];
  int from = first - first % WARP;
  unsigned before = (1u << first % WARP) - 1;
#pragma unroll 1
  for (int base = 0; base <= from; base += WARP) {
    if (alike(s.named, all, base, id) & (base < from ? ALL_LANES : before)) {
      return;
    }
  }
  float* sum = s.table + (size_t)id * s.columns;
  float* square = s.roots + (size_t)id * s.columns;
  int count = 0;
#pragma unroll 1
  for (int base = from; base < all; base += WARP) {
#pragma unroll 1
    for (unsigned left = alike(s.named, all, base, id); left; left &= left - 1) {
      int token = base + __popc((left & -left) - 1);
      const float* g = s.gradients + ((size_t)(token % s.steps) * s.rows + token / s.steps) * s.columns;
      count++;
#pragma unroll 1
      for (int c = threadIdx.x % WARP; c < s.columns; c += WARP) {
        float value = g[c];
        if (s.limit > 0.0f) {
          value = value > s.limit ? s.limit : (value < -s.limit ? -s.limit : value);
        }
        sum[c] += value;
        if (s.roots) {
          square[c] += value * value;
        }
      }
    }
  }
#pragma unroll 1
  for (int c = threadIdx.x % WARP; s.roots && s.alone && c < s.columns; c += WARP) {
    square[c] = count > 1 ? sqrtf(square[c]) : sum[c];
  }
}
