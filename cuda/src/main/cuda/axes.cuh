// Where an element of a sample is in another order of its sizes, or in an array that has only some of them.
#pragma once

static const int MOST_AXES = 6;

// The sizes of a sample, the last last, and how far apart neighbours along each lie where an element is
// looked for: 0 along a size that is not there. Before the first there are sizes of 1. CudaAxes.java passes
// these fields in this order.
struct Axes {
  int size[MOST_AXES];
  int apart[MOST_AXES];
};

static __device__ __forceinline__ unsigned place_of(const Axes& axes, unsigned element) {
  unsigned place = 0;
#pragma unroll
  for (int i = MOST_AXES - 1; i >= 0; i--) {
    unsigned size = axes.size[i];
    place += element % size * axes.apart[i];
    element /= size;
  }
  return place;
}
