// Convolutions: what the windows see is put side by side, and the rest is a dense layer's products. A warp
// takes a row.
#include "rows.cuh"
#include "windows.cuh"

// Windows on a sequence or a picture, whose rows lie one after another. A turned window lies on the outputs and
// has one place for each of the inputs: a transposed convolution. CudaWindows.java passes these fields in this
// order.
struct Windows {
  const float* x;
  float* y;
  int stride;  // of x
  int rows;
  int width;   // features of a step
  int turned;
  Window down;
  Window across;
};

static __device__ __forceinline__ int rows_of(const Windows& s, bool outputs) {
  return outputs == (s.turned != 0) ? s.down.steps : s.down.count;
}

static __device__ __forceinline__ int columns_of(const Windows& s, bool outputs) {
  return outputs == (s.turned != 0) ? s.across.steps : s.across.count;
}

// The input that an output sees as number `at`, or, of `outputs`, the output that sees an input so.
static __device__ __forceinline__ int partner(const Windows& s, int place, int at, bool outputs) {
  int from = columns_of(s, !outputs);
  int r = place / from;
  int c = place % from;
  int i = at / s.across.size;
  int j = at % s.across.size;
  bool steps = outputs == (s.turned != 0);  // whether steps are looked for
  int row = steps ? step_at(s.down, r, i) : place_at(s.down, r, i);
  int column = steps ? step_at(s.across, c, j) : place_at(s.across, c, j);
  return row < 0 || column < 0 ? NONE_THERE : row * columns_of(s, outputs) + column;
}

// y[output][row][at * width + c] = x[the input that is seen as number at][row][c], or 0 where there is none.
// Grid: ceil(outputs * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) gather_windows(Windows s) {
  int outputs = rows_of(s, true) * columns_of(s, true);
  int all = s.down.size * s.across.size * s.width;
  for_each_element(outputs * s.rows, all, [&](unsigned row, int column) {
    int from = partner(s, row / s.rows, column / s.width, false);
    float value = 0.0f;
    if (from >= 0) {
      value = s.x[((size_t)from * s.rows + row % s.rows) * s.stride + column % s.width];
    }
    s.y[(size_t)row * all + column] = value;
  });
}

// The gradient by the inputs, x being that by what was gathered: the sum over all `at`, ascending.
// Grid: ceil(inputs * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) scatter_windows(Windows s) {
  int inputs = rows_of(s, false) * columns_of(s, false);
  int size = s.down.size * s.across.size;
  for_each_element(inputs * s.rows, s.width, [&](unsigned row, int column) {
    float sum = 0.0f;
#pragma unroll 1
    for (int at = 0; at < size; at++) {
      int to = partner(s, row / s.rows, at, true);
      if (to >= 0) {
        size_t of_row = (size_t)to * s.rows + row % s.rows;
        sum += s.x[of_row * s.stride + at * s.width + column];
      }
    }
    s.y[(size_t)row * s.width + column] = sum;
  });
}

// A kernel of groups of features, each with filters of its own, [taps][features of a group][filters]; or turned,
// [taps][filters][features]. Behind it lies the bias, if any.
struct Kernel {
  int taps;
  int features;
  int filters;
  int groups;
  int turned;
};

// The value of the dense kernel, [taps * features][filters] and the bias as a last row, that value i is.
static __device__ __forceinline__ int place_in_dense(const Kernel& k, int i) {
  int of_group = k.features / k.groups;
  int weights = k.taps * of_group * k.filters;
  if (i >= weights) {
    return k.taps * k.features * k.filters + i - weights;
  }
  if (k.turned) {
    int f = i / k.features % k.filters;
    return (i / k.features / k.filters * k.features + i % k.features) * k.filters + f;
  }
  int f = i % k.filters;
  int row = i / k.filters;
  int feature = f / (k.filters / k.groups) * of_group + row % of_group;
  return (row / of_group * k.features + feature) * k.filters + f;
}

// The dense kernel, which holds zeros where no value of the other is. Grid: ceil(count / 256).
extern "C" __global__ void __launch_bounds__(256) spread_kernel(
    const float* weights, float* dense, int count, Kernel k) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    dense[place_in_dense(k, i)] = weights[i];
  }
}

// The gradients of the values that are weights. Grid: ceil(count / 256).
extern "C" __global__ void __launch_bounds__(256) collect_kernel(
    const float* dense, float* gradient, int count, Kernel k) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    gradient[i] = dense[place_in_dense(k, i)];
  }
}
