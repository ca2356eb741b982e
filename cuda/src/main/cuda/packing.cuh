// Where the fused kernels' copies of the recurrent layer's weights lie. A thread of such a kernel
// keeps a tile of weights in registers; the copies hold the first value of every thread, then the
// second of every thread, and so on, so that a warp loads 128 bytes at a time.
//
// With weights [features + units][units] (kernel above recurrent kernel), OUT_LANES = 32 groups of
// IN_LANES = 16 threads and `tile` columns a group:
//   forward:    thread (o, i) has the weights from inputs 2 * i + 32 * p and the next to output
//               o + 32 * q
//   transposed: thread (o, i) has the weights from state o + 32 * q to those outputs
// RnnTiles.java computes the sizes.
#pragma once

static const int IN_LANES = 16;
static const int OUT_LANES = 32;
static const int FUSED_THREADS = IN_LANES * OUT_LANES;

struct Packing {
  float* forward;     // null where the model does not take the fused path
  float* transposed;
  int features;
  int units;
  int tile;
};

static __device__ __forceinline__ int packed_at(int in, int out, int tile) {
  int pair = in / 2;
  int value = (pair / IN_LANES * 2 + in % 2) * tile + out / OUT_LANES;
  return value * FUSED_THREADS + out % OUT_LANES * IN_LANES + pair % IN_LANES;
}

// Puts weight i of the model, whose recurrent layer comes first, where the fused kernels look.
static __device__ __forceinline__ void pack(Packing packing, int i, float weight) {
  if (packing.forward && i < (packing.features + packing.units) * packing.units) {
    int row = i / packing.units;
    int column = i % packing.units;
    packing.forward[packed_at(row, column, packing.tile)] = weight;
    if (row >= packing.features) {
      packing.transposed[packed_at(column, row - packing.features, packing.tile)] = weight;
    }
  }
}
