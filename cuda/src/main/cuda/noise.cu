// Noise in training: y = factor * x + shift, both drawn for each element as a dropout's are, and drawn again
// on the way back. Formulas are those of NoiseRun.java.
#include "draws.cuh"
#include "rows.cuh"

enum NoiseKind { GAUSSIAN_NOISE = 0, GAUSSIAN_DROPOUT = 1, ALPHA_DROPOUT = 2 };

// CudaNoise.java passes these fields in this order.
struct Noise {
  unsigned long long key;
  int kind;
  float strength;  // the deviation of what is drawn
  int threshold;   // of ALPHA_DROPOUT: draws below it drop
  float kept;      // what it multiplies by what is not dropped,
  float added;     // what it adds then,
  float dropped;   // and what an element becomes that is dropped
};

// The number that a standard normal variable stays below in (bits + 0.5) of 2^24 cases: Wichura, "Algorithm
// AS 241: The percentage points of the normal distribution", 1988, its PPND7, as in NormalQuantile.java. A
// tail's share is taken from the bits, where nothing is lost.
static __device__ __forceinline__ float normal(int bits) {
  const float all = 1.0f / 16777216.0f;
  float q = ((float)(bits - 8388608) + 0.5f) * all;
  if (fabsf(q) <= 0.425f) {
    float r = 0.180625f - q * q;
    float over = ((59.109374720f * r + 159.29113202f) * r + 50.434271938f) * r + 3.3871327179f;
    return q * over / (((67.187563600f * r + 78.757757664f) * r + 17.895169469f) * r + 1.0f);
  }
  float share = ((float)(q < 0.0f ? bits : 16777215 - bits) + 0.5f) * all;
  float r = sqrtf(-logf(share)) - 1.6f;  // at most 4.2 - 1.6: the far tail begins at 5
  float over = ((0.17023821103f * r + 1.3067284816f) * r + 2.7568153900f) * r + 1.4234372777f;
  float size = over / ((0.12021132975f * r + 0.73700164250f) * r + 1.0f);
  return q < 0.0f ? -size : size;
}

// With `back`, what is added is left out: the gradient. Rows are [positions][rows], x has a stride.
// Grid: ceil(positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) disturb(
    const Batch* batch, const float* x, int stride, float* y, int positions, int rows, int width,
    int back, Noise noise) {
  unsigned long long of_update = combined(noise.key, update_of(batch));
  for_each_element(positions * rows, width, [&](unsigned row, int column) {
    int bits = (int)drawn(of_update, row % rows, row / rows, column);
    float factor = 1.0f;
    float shift = 0.0f;
    if (noise.kind == ALPHA_DROPOUT) {
      bool drops = bits < noise.threshold;
      factor = drops ? 0.0f : noise.kept;
      shift = drops ? noise.dropped : noise.added;
    } else if (noise.kind == GAUSSIAN_NOISE) {
      shift = noise.strength * normal(bits);
    } else {
      factor = 1.0f + noise.strength * normal(bits);
    }
    float value = factor * x[(size_t)row * stride + column];
    y[(size_t)row * width + column] = back ? value : value + shift;
  });
}
