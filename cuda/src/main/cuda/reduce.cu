// One number of all elements of a sample along some of its sizes. Rows are [positions][rows].
#include "axes.cuh"
#include "rows.cuh"

enum ReductionKind {
  SUM_OF = 0,
  MEAN_OF = 1,
  LARGEST_OF = 2,
  SMALLEST_OF = 3,
  VARIANCE_OF = 4,
  DEVIATION_OF = 5,
  PRODUCT_OF = 6,
  LOG_OF_EXPONENTIALS = 7
};

// CudaReduction.java passes these fields in this order.
struct Reduced {
  const float* x;       // [..][rows] with a stride, rows of x_width
  float* y;             // [positions][rows][width], without gaps, as are the others
  float* notes;         // beside y: means, or how many are the largest
  const float* dy;
  float* dx;            // [x_positions][rows][x_width]
  int stride;
  int x_width;
  int x_positions;
  int width;
  int positions;
  int rows;
  int kind;
  int count;            // of elements that become one

  __device__ __forceinline__ float at(unsigned element, unsigned row) const {
    return x[((size_t)(element / x_width) * rows + row) * stride + element % x_width];
  }
};

// Takes an element to what was made of those before it; the second time round `y` is what the first made.
static __device__ __forceinline__ float taken(int kind, bool again, float made, float value, float y) {
  switch (kind) {
    case PRODUCT_OF:
      return made * value;
    case LARGEST_OF:
    case SMALLEST_OF:
    case LOG_OF_EXPONENTIALS: {
      if (again) {
        return made + (kind == LOG_OF_EXPONENTIALS ? expf(value - y) : (value == y ? 1.0f : 0.0f));
      }
      bool beyond = kind == SMALLEST_OF ? value < made : value > made;
      return beyond || value != value ? value : made;  // what is no number stays none
    }
    default: {
      float d = again ? value - y : value;
      return made + (again ? d * d : d);
    }
  }
}

// `firsts` says where in x the first is of an element of y, `others` how far behind it the others are.
// Grid: ceil(positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) reduce(
    Reduced s, Axes firsts, Axes others) {
  for_each_element(s.positions * s.rows, s.width, [&](unsigned at, int column) {
    unsigned row = at % s.rows;
    unsigned begin = place_of(firsts, at / s.rows * s.width + column);
    bool extreme = s.kind == LARGEST_OF || s.kind == SMALLEST_OF || s.kind == LOG_OF_EXPONENTIALS;
    bool spread = s.kind == VARIANCE_OF || s.kind == DEVIATION_OF;
    float last = s.kind == PRODUCT_OF ? 1.0f : 0.0f;
    last = extreme ? (s.kind == SMALLEST_OF ? INFINITY : -INFINITY) : last;
    float before = last;
#pragma unroll 1
    for (int round = 0; round < (extreme || spread ? 2 : 1); round++) {
      before = last;
      float now = round == 0 ? last : 0.0f;
#pragma unroll 1
      for (int i = 0; i < s.count; i++) {
        float value = s.at(begin + place_of(others, i), row);
        now = taken(s.kind, round > 0, now, value, before);
      }
      last = s.kind == MEAN_OF || spread ? now / s.count : now;
    }
    // The mean or how many are alike are beside what is made.
    size_t to = (size_t)at * s.width + column;
    s.notes[to] = extreme ? last : before;
    s.y[to] = s.kind == LOG_OF_EXPONENTIALS ? before + logf(last)
              : s.kind == DEVIATION_OF      ? sqrtf(last)
              : extreme                     ? before
                                            : last;
  });
}

// `back` says which element of y an element of x becomes. Where several are the largest or the smallest they share the gradient. Grid: ceil(x_positions * rows / 4),
// 128 threads.
extern "C" __global__ void __launch_bounds__(128) reduce_backward(
    Reduced s, Axes firsts, Axes others, Axes back) {
  for_each_element(s.x_positions * s.rows, s.x_width, [&](unsigned at, int column) {
    unsigned row = at % s.rows;
    unsigned element = at / s.rows * s.x_width + column;
    unsigned of = place_of(back, element);
    size_t from = ((size_t)(of / s.width) * s.rows + row) * s.width + of % s.width;
    float x = s.at(element, row);
    float y = s.y[from];
    float note = s.notes[from];
    float slope = 1.0f;
    switch (s.kind) {
      case SUM_OF:
        break;
      case MEAN_OF:
        slope = 1.0f / s.count;
        break;
      case VARIANCE_OF:
        slope = 2.0f * (x - note) / s.count;
        break;
      case DEVIATION_OF:
        slope = (x - note) / (s.count * y);
        break;
      case PRODUCT_OF: {  // of all others: there may be zeros
        unsigned begin = place_of(firsts, of);
#pragma unroll 1
        for (int i = 0; i < s.count; i++) {
          unsigned other = begin + place_of(others, i);
          slope *= other == element ? 1.0f : s.at(other, row);
        }
        break;
      }
      case LOG_OF_EXPONENTIALS:
        slope = expf(x - y);
        break;
      default:
        slope = x == y ? 1.0f / note : 0.0f;
    }
    s.dx[(size_t)at * s.x_width + column] = s.dy[from] * slope;
  });
}
