// How the fused kernels lay out a recurrent layer: the copies of its weights that they read, and the
// parts of the gradient that their blocks leave. Both are in rows of `width` = 32 * tile columns,
// one for each unit and zeros behind them, so that a thread moves four columns at a time and a warp
// whole sectors. RnnTiles.java computes the sizes.
//
//   forward:    [width + 32][width], row by row the weights from x and from h; h begins at a four
//   transposed: [width][width], the recurrent kernel's columns as rows
//   a part:     as forward, and behind it all other gradients of the model in Keras's order
#pragma once

static const int MORE_INPUTS = 32;  // inputs that are no units, but for those beyond the units

struct Packing {
  float* forward;
  float* transposed;
  int features;
  int units;
  int tile;
};

static __host__ __device__ __forceinline__ int fours(int count) {
  return (count + 3) / 4 * 4;
}

// Returns where weight i of the model, whose recurrent layer comes first, lies in a part.
static __device__ __forceinline__ int place_of(const Packing& packing, int i) {
  int width = 32 * packing.tile;
  int recurrent = (packing.features + packing.units) * packing.units;
  if (i >= recurrent) {
    return (width + MORE_INPUTS) * width + i - recurrent;
  }
  int row = i / packing.units;
  int state = row - packing.features;
  return (state < 0 ? row : fours(packing.features) + state) * width + i % packing.units;
}

// Puts weight i of the model where the fused kernels look.
static __device__ __forceinline__ void pack(const Packing& packing, int i, float weight) {
  if (i < (packing.features + packing.units) * packing.units) {
    int state = i / packing.units - packing.features;
    packing.forward[place_of(packing, i)] = weight;
    if (state >= 0) {
      packing.transposed[i % packing.units * 32 * packing.tile + state] = weight;
    }
  }
}
