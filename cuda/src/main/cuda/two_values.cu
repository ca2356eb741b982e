// What is made of two values, or of a value and a number, element by element: of sizes that differ one is 1
// and is repeated. Rows are [positions][rows].
#include "axes.cuh"
#include "rows.cuh"

enum Operator {
  ADD = 0,
  SUBTRACT = 1,
  MULTIPLY = 2,
  DIVIDE = 3,
  MAXIMUM = 4,
  MINIMUM = 5,
  POWER = 6
};

// One of the two. CudaArithmetic.java passes these fields in this order.
struct Side {
  const float* values;  // [positions][rows] with a stride; null where it is a number
  int stride;
  int width;
  int plain;            // 1 if it has all of the result's sizes
  float number;
  Axes axes;            // where in a sample of it an element of the result is from

  // The value for an element of row `row` of a sample's.
  __device__ __forceinline__ float at(unsigned element, unsigned row, unsigned rows) const {
    if (!values) {
      return number;
    }
    unsigned own = plain ? element : place_of(axes, element);
    return values[((size_t)(own / width) * rows + row) * stride + own % width];
  }
};

static __device__ __forceinline__ float result_of(int op, float a, float b) {
  switch (op) {
    case ADD:
      return a + b;
    case SUBTRACT:
      return a - b;
    case MULTIPLY:
      return a * b;
    case DIVIDE:
      return a / b;
    case MAXIMUM:  // what is no number stays none
      return a > b || a != a ? a : b;
    case MINIMUM:
      return a < b || a != a ? a : b;
    default:
      return powf(a, b);
  }
}

// What the first of two has of the gradient where the larger is taken: where both are alike, half or all.
static __device__ __forceinline__ float share_of_first(float a, float b, float alike) {
  return a > b ? 1.0f : (a == b ? alike : 0.0f);
}

static __device__ __forceinline__ float slope_of_first(int op, float a, float b, float alike) {
  switch (op) {
    case MULTIPLY:
      return b;
    case DIVIDE:
      return 1.0f / b;
    case MAXIMUM:
      return share_of_first(a, b, alike);
    case MINIMUM:
      return share_of_first(b, a, alike);
    case POWER:
      return b == 0.0f ? 0.0f : b * powf(a, b - 1.0f);
    default:
      return 1.0f;
  }
}

static __device__ __forceinline__ float slope_of_second(int op, float a, float b, float alike) {
  switch (op) {
    case ADD:
      return 1.0f;
    case SUBTRACT:
      return -1.0f;
    case MULTIPLY:
      return a;
    case DIVIDE:
      return -a / (b * b);
    case MAXIMUM:
      return share_of_first(b, a, 1.0f - alike);
    case MINIMUM:
      return share_of_first(a, b, 1.0f - alike);
    default:
      return a == 0.0f ? 0.0f : logf(a) * powf(a, b);
  }
}

// y = a op b, y without gaps; y may be the values of a side that is plain. Grid: ceil(positions * rows / 4),
// 128 threads.
extern "C" __global__ void __launch_bounds__(128) two_values(
    Side a, Side b, float* y, int positions, int rows, int width, int op) {
  for_each_element(positions * rows, width, [&](unsigned row, int column) {
    unsigned element = row / rows * width + column;
    unsigned sample = row % rows;
    y[(size_t)row * width + column] =
        result_of(op, a.at(element, sample, rows), b.at(element, sample, rows));
  });
}

// Which elements of the result a value's element was taken for. CudaArithmetic.java passes these fields in
// this order.
struct Taken {
  Axes first;     // of a value's sizes: where in the result the first of them is
  Axes others;    // of the sizes along which it was repeated: how far on the others are
  int count;      // how many there are
  int second;     // 1 for the second side
  float alike;    // what the first side has of the gradient where both are alike
  int out_width;
};

// dx = the sum of dy times the slope over all that each element was taken for, in their order. dx is
// [positions][rows][width]. Grid: ceil(positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) two_values_backward(
    Side a, Side b, const float* dy, float* dx, int positions, int rows, int width, int op,
    Taken taken) {
  for_each_element(positions * rows, width, [&](unsigned row, int column) {
    unsigned first = place_of(taken.first, row / rows * width + column);
    unsigned sample = row % rows;
    float sum = 0.0f;
#pragma unroll 1
    for (int i = 0; i < taken.count; i++) {
      unsigned element = first + place_of(taken.others, i);
      float x = a.at(element, sample, rows);
      float z = b.at(element, sample, rows);
      float slope = taken.second ? slope_of_second(op, x, z, taken.alike)
                                 : slope_of_first(op, x, z, taken.alike);
      size_t at = (size_t)(element / taken.out_width) * rows + sample;
      sum += dy[at * taken.out_width + element % taken.out_width] * slope;
    }
    dx[(size_t)row * width + column] = sum;
  });
}
