// The four functions that are most used, and their derivatives by the output: small enough to be in
// an unrolled loop. function.cuh has all. The numbers are those of ActivationCode.java.
#pragma once

enum Activation { LINEAR = 0, RELU = 1, TANH = 2, SIGMOID = 3 };

static __device__ __forceinline__ float activate(int f, float z) {
  switch (f) {
    case RELU:
      return z < 0.0f ? 0.0f : z;  // fmaxf would make 0 of a NaN
    case TANH:
      return tanhf(z);
    case SIGMOID:
      return 1.0f / (1.0f + expf(-z));
    default:
      return z;
  }
}

// f'(z), given y = f(z).
static __device__ __forceinline__ float derivative(int f, float y) {
  switch (f) {
    case RELU:
      return y > 0.0f ? 1.0f : 0.0f;
    case TANH:
      return 1.0f - y * y;
    case SIGMOID:
      return y * (1.0f - y);
    default:
      return 1.0f;
  }
}
