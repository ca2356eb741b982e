// Two walks in opposite directions that become one output, a warp a row. Rows are [positions][rows];
// what belongs to position p is at the mirrored one in the second.
#include "rows.cuh"

enum Merge { CONCAT = 0, SUM = 1, MUL = 2, AVE = 3 };

// CudaBidirectional.java passes these fields in this order.
struct TwoWalks {
  const float* first;    // outputs, with a stride
  const float* second;
  float* both;           // [positions][rows][width] without gaps
  const float* gradient;  // by `both`
  float* of_first;       // gradients by outputs, without gaps
  float* of_second;
  int first_stride;
  int second_stride;
  int first_units;
  int second_units;
  int positions;
  int rows;
  int merge;
};

static __device__ __forceinline__ size_t mirrored(const TwoWalks& s, unsigned row) {
  unsigned position = row / s.rows;
  return (size_t)(s.positions - 1 - position) * s.rows + row % s.rows;
}

// Grid: ceil(positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) merge_walks(TwoWalks s) {
  int width = s.merge == CONCAT ? s.first_units + s.second_units : s.first_units;
  for_each_element(s.positions * s.rows, width, [&](unsigned row, int c) {
    const float* second = s.second + mirrored(s, row) * s.second_stride;
    float* to = s.both + (size_t)row * width + c;
    if (s.merge == CONCAT && c >= s.first_units) {
      *to = second[c - s.first_units];
      return;
    }
    float x = s.first[(size_t)row * s.first_stride + c];
    if (s.merge == CONCAT) {
      *to = x;
    } else if (s.merge == MUL) {
      *to = x * second[c];
    } else {
      *to = s.merge == AVE ? (x + second[c]) * 0.5f : x + second[c];
    }
  });
}

// Grid: ceil(positions * rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) part_walks(TwoWalks s) {
  int width = s.merge == CONCAT ? s.first_units + s.second_units : s.first_units;
  for_each_element(s.positions * s.rows, width, [&](unsigned row, int c) {
    size_t other = mirrored(s, row);
    float d = s.gradient[(size_t)row * width + c];
    if (s.merge == CONCAT && c >= s.first_units) {
      s.of_second[other * s.second_units + c - s.first_units] = d;
      return;
    }
    float of_first = d;
    if (s.merge != CONCAT) {
      float of_second = d;
      if (s.merge == MUL) {
        of_first = d * s.second[other * s.second_stride + c];
        of_second = d * s.first[(size_t)row * s.first_stride + c];
      } else if (s.merge == AVE) {
        of_first = of_second = d * 0.5f;
      }
      s.of_second[other * s.second_units + c] = of_second;
    }
    s.of_first[(size_t)row * s.first_units + c] = of_first;
  });
}
