// Recurrent dropout: each gate does without inputs and states of its own, the same at all steps (Gal and
// Ghahramani 2016, as Keras does it). What it multiplies them by, 0 or more than 1, are factors
// [gates][rows][features + units], rows like those of a walk: inputs, then states. Products are made here
// and not by the cells' kernels, whose blocks take all gates of a state at once.
#include "draws.cuh"
#include "gemm.cuh"
#include "rows.cuh"

// GateDrops.java passes these fields in this order, here and below.
struct GateDraws {
  unsigned long long key;
  float* factors;
  int gates;
  int rows;
  int features;
  int units;
  int of_inputs;  // draws below it drop,
  int of_states;
  float kept_inputs;  // and what they leave is multiplied by this
  float kept_states;
};

// Draws are the CPU's, see DropMask.java. Grid: ceil(gates * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) draw_gate_factors(const Batch* batch, GateDraws s) {
  unsigned long long of_update = combined(s.key, update_of(batch));
  int width = s.features + s.units;
  for_each_element(s.gates * s.rows, width, [&](unsigned row, int column) {
    bool state = column >= s.features;
    unsigned long long gate = row / s.rows;
    unsigned long long draw = state ? ~gate : gate;
    int bits = (int)drawn(of_update, row % s.rows, draw, state ? column - s.features : column);
    float kept = state ? s.kept_states : s.kept_inputs;
    s.factors[(size_t)row * width + column] = bits < (state ? s.of_states : s.of_inputs) ? 0.0f : kept;
  });
}

struct GateFactors {
  const float* of;  // the first gate's, of what is dropped
  int stride;       // of their rows
  int rows;         // of a step: those of its rows come again at the next
};

// y = x . factors of a gate: rows of `width` values, x with a stride, y without gaps.
// Grid: ceil(count / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) drop_of_gate(
    const float* x, int stride, float* y, int count, int width, GateFactors s) {
  for_each_element(count, width, [&](unsigned row, int column) {
    float factor = s.of[(size_t)(row % s.rows) * s.stride + column];
    y[(size_t)row * width + column] = x[(size_t)row * stride + column] * factor;
  });
}

// The operand of a gate: a tile of what its factors leave.
struct LeftPart {
  typedef Part<true, false, TILE_M> Values;

  Values x;
  Values factor;

  __device__ __forceinline__ LeftPart(
      const float* from, int stride, int count, const float* factors, const GateFactors& s)
      : x(from, stride, count, blockIdx.x * TILE_M, 0),
        factor(factors, s.stride, 1, 0, 0) {
#pragma unroll
    for (int i = 0; i < Values::COUNT; i++) {
      int row = min(blockIdx.x * TILE_M + Values::my_o() + i * Values::STEP_O, count - 1);
      factor.offsets[i] = (unsigned)(row % s.rows) * s.stride;
    }
  }

  template <bool WHOLE>
  __device__ __forceinline__ void load(int left) {
    x.template load<WHOLE>(left);
    factor.template load<WHOLE>(left);
  }

  __device__ __forceinline__ void store(float (*tile)[TILE_M + PAD]) {
#pragma unroll
    for (int i = 0; i < Values::COUNT; i++) {
      x.of[i] *= factor.of[i];
    }
    x.store(tile);
  }
};

struct GateProducts {
  GateFactors factors;
  const float* x;       // [count][inner] with a stride: inputs or states
  const float* kernel;  // of all gates, [inner][width]
  float* sums;          // [count][width]
  int stride;
  int count;
  int inner;
  int units;
  int width;
};

// Each gate's product of what it is left with. Grid: [ceil(count / 32), ceil(units / 64), gates].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, GEMM_BLOCKS) gate_products(GateProducts s) {
  __shared__ Tiles tiles;
  int first = blockIdx.z * s.units;
  const float* factors = s.factors.of + (size_t)blockIdx.z * s.factors.rows * s.factors.stride;
  LeftPart a(s.x, s.stride, s.count, factors, s.factors);
  Part<false, false, TILE_N> b(s.kernel + first, s.width, s.units, blockIdx.y * TILE_N, 0);
  Sums sums = {};
  add_products(tiles, sums, a, b, 0, s.inner);
  for_each_output(s.count, s.units, [&](int i, int j, int row, int column) {
    s.sums[(size_t)row * s.width + first + column] = sums.of[i][j];
  });
}

struct GateGradients {
  GateFactors factors;
  const float* gradients;  // by sums, [count][width]
  const float* kernel;     // [columns][width]
  const float* passed;     // what comes by other ways, [count][columns], or null
  float* to;               // [count][columns], may be `passed`
  int count;
  int columns;             // features, or units
  int gates;               // that are taken
  int units;               // of a gate
  int width;
};

// Gradients by inputs or states: each gate's product with the kernel turned, times its factors, added up
// from the first gate to the last. Room for four blocks, with six it spills. Grid: [ceil(count / 32),
// ceil(columns / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, 4) gate_gradients(GateGradients s) {
  __shared__ Tiles tiles;
  const float* factors = s.factors.of;
#pragma unroll 1
  for (int g = 0; g < s.gates; g++) {
    Sums sums = tile_product<true, true, false>(
        tiles, s.gradients, s.width, s.count, s.kernel, s.width, s.columns, g * s.units,
        (g + 1) * s.units);
    for_each_output(s.count, s.columns, [&](int i, int j, int row, int column) {
      size_t at = (size_t)row * s.columns + column;
      float product = sums.of[i][j] * factors[(size_t)(row % s.factors.rows) * s.factors.stride + column];
      if (g > 0) {
        product += s.to[at];
      } else if (s.passed) {
        product += s.passed[at];
      }
      s.to[at] = product;
    });
    factors += (size_t)s.factors.rows * s.factors.stride;
    __syncthreads();  // the next product's tiles are these
  }
}
