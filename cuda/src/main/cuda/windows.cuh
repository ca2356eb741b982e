// A window that slides along rows, or columns, of a picture; along a sequence it is one of rows.
#pragma once

static const int NONE_THERE = -1;

// CudaWindow.java passes these fields in this order.
struct Window {
  int steps;    // what it slides over
  int count;    // its places
  int size;     // the steps that it looks at,
  int apart;    // so far from one another
  int strides;  // from place to place
  int before;   // the steps by which the first place reaches beyond the beginning
};

// The step that is number `at` of the window at a place.
static __device__ __forceinline__ int step_at(const Window& w, int place, int at) {
  int step = place * w.strides + at * w.apart - w.before;
  return step >= 0 && step < w.steps ? step : NONE_THERE;
}

// The place at which a step is number `at` of the window.
static __device__ __forceinline__ int place_at(const Window& w, int step, int at) {
  int moved = step + w.before - at * w.apart;
  if (moved < 0 || moved % w.strides != 0) {
    return NONE_THERE;
  }
  int place = moved / w.strides;
  return place < w.count ? place : NONE_THERE;
}

// The steps of a window without gaps at a place: [first, end).
static __device__ __forceinline__ int first_of(const Window& w, int place) {
  int first = place * w.strides - w.before;
  return first < 0 ? 0 : first;
}

static __device__ __forceinline__ int end_of(const Window& w, int place) {
  int end = place * w.strides - w.before + w.size;
  return end > w.steps ? w.steps : end;
}

// The places that have a step: [first, end).
static __device__ __forceinline__ int first_with(const Window& w, int step) {
  int beyond = step + w.before - w.size;  // the last place's begin that does not reach it
  return beyond < 0 ? 0 : beyond / w.strides + 1;
}

static __device__ __forceinline__ int end_with(const Window& w, int step) {
  int end = (step + w.before) / w.strides + 1;
  return end > w.count ? w.count : end;
}
