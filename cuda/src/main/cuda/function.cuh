// Every function of a sum, and its derivative given both the sum and the function's value. A NaN
// stays one. The numbers are those of ActivationCode.java.
#pragma once

#include "activation.cuh"

enum Function {
  RELU6 = 4,
  LEAKY_RELU = 5,
  HARD_SIGMOID = 6,
  STEEP_HARD_SIGMOID = 7,
  SOFTSIGN = 8,
  EXPONENTIAL = 9,
  ELU = 10,
  SELU = 11,
  SOFTPLUS = 12,
  SILU = 13,
  GELU = 14,
  HARD_SILU = 15,
  HARD_TANH = 16,
  HARD_SHRINK = 17,
  SOFT_SHRINK = 18,
  TANH_SHRINK = 19,
  MISH = 20,
  LOG_SIGMOID = 21,
  SQUAREPLUS = 22,
  SPARSE_PLUS = 23,
  SPARSE_SIGMOID = 24
};

static const float LEAK = 0.2f;
static const float SELU_SCALE = 1.050701f;  // Klambauer et al. 2017
static const float SELU_DEPTH = 1.7580993f;
static const float SHRINK = 0.5f;
static const float MISH_HIGHEST = 20.0f;  // from there on mish(x) is x

static __device__ __forceinline__ float between(float low, float x, float high) {
  float y = x < low ? low : x;
  return y > high ? high : y;
}

static __device__ __forceinline__ float line(float x, float slope) {
  return between(0.0f, fmaf(x, slope, 0.5f), 1.0f);
}

static __device__ __forceinline__ float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

static __device__ __forceinline__ float softplus(float x) {
  return (x < 0.0f ? 0.0f : x) + log1pf(expf(-fabsf(x)));
}

// The share of a normal distribution below x.
static __device__ __forceinline__ float below(float x) { return 0.5f * erfcf(-0.70710678f * x); }

// tanh(softplus(x)), and in `rest` what it lacks to 1.
static __device__ __forceinline__ float mish_share(float x, float& rest) {
  float e = expf(between(-87.0f, x, MISH_HIGHEST));
  float n = e * (e + 2.0f);
  rest = 2.0f / (n + 2.0f);
  return n / (n + 2.0f);
}

static __device__ __forceinline__ float function(int f, float x) {
  float rest;
  switch (f) {
    case RELU6:
      return between(0.0f, x, 6.0f);
    case LEAKY_RELU:
      return x < 0.0f ? LEAK * x : x;
    case HARD_SIGMOID:
      return line(x, 1.0f / 6.0f);
    case STEEP_HARD_SIGMOID:
      return line(x, 0.2f);
    case SOFTSIGN:
      return x / (1.0f + fabsf(x));
    case EXPONENTIAL:
      return expf(x);
    case ELU:
      return x < 0.0f ? expm1f(x) : x;
    case SELU:
      return x < 0.0f ? SELU_DEPTH * expm1f(x) : SELU_SCALE * x;
    case SOFTPLUS:
      return softplus(x);
    case SILU:
      return x * sigmoid(x);
    case GELU:
      return x * below(x);
    case HARD_SILU:
      return x * line(x, 1.0f / 6.0f);
    case HARD_TANH:
      return between(-1.0f, x, 1.0f);
    case HARD_SHRINK:
      return fabsf(x) <= SHRINK ? 0.0f : x;
    case SOFT_SHRINK:
      return fabsf(x) <= SHRINK ? 0.0f : x + (x > 0.0f ? -SHRINK : SHRINK);
    case TANH_SHRINK:
      return x - tanhf(x);
    case MISH:
      return x * mish_share(x, rest);
    case LOG_SIGMOID:
      return -softplus(-x);
    case SQUAREPLUS: {
      float root = sqrtf(fmaf(x, x, 4.0f));
      return x < 0.0f ? 2.0f / (root - x) : 0.5f * (x + root);
    }
    case SPARSE_PLUS:
      return x <= -1.0f ? 0.0f : (x >= 1.0f ? x : 0.25f * (x + 1.0f) * (x + 1.0f));
    case SPARSE_SIGMOID:
      return line(x, 0.5f);
    default:
      return activate(f, x);
  }
}

// f'(x), given y = f(x); at corners what Keras takes there.
static __device__ __forceinline__ float slope(int f, float x, float y) {
  switch (f) {
    case RELU6:
      return y > 0.0f && y < 6.0f ? 1.0f : 0.0f;
    case LEAKY_RELU:
      return x > 0.0f ? 1.0f : LEAK;
    case HARD_SIGMOID:
      return y > 0.0f && y < 1.0f ? 1.0f / 6.0f : 0.0f;
    case STEEP_HARD_SIGMOID:
      return y > 0.0f && y < 1.0f ? 0.2f : 0.0f;
    case SOFTSIGN:
      return (1.0f - fabsf(y)) * (1.0f - fabsf(y));
    case EXPONENTIAL:
      return y;
    case ELU:
      return x >= 0.0f ? 1.0f : y + 1.0f;
    case SELU:
      return x >= 0.0f ? SELU_SCALE : y + SELU_DEPTH;
    case SOFTPLUS:
      return sigmoid(x);
    case SILU: {
      float s = sigmoid(x);
      return s * (1.0f + x * (1.0f - s));
    }
    case GELU:
      return below(x) + x * 0.3989423f * expf(-0.5f * x * x);
    case HARD_SILU:
      return x <= -3.0f ? 0.0f : (x >= 3.0f ? 1.0f : x / 3.0f + 0.5f);
    case HARD_TANH:
      return fabsf(x) > 1.0f ? 0.0f : 1.0f;
    case HARD_SHRINK:
    case SOFT_SHRINK:
      return fabsf(x) <= SHRINK ? 0.0f : 1.0f;
    case TANH_SHRINK: {
      float t = tanhf(x);
      return t * t;
    }
    case MISH: {
      float rest;
      float t = mish_share(x, rest);
      return t + x * sigmoid(x) * rest * (1.0f + t);
    }
    case LOG_SIGMOID:
      return sigmoid(-x);
    case SQUAREPLUS:
      return 1.0f / (1.0f / (y * y) + 1.0f);
    case SPARSE_PLUS:
      return line(x, 0.5f);
    case SPARSE_SIGMOID:
      return fabsf(x) < 1.0f ? 0.5f : (fabsf(x) == 1.0f ? 0.25f : 0.0f);
    default:
      return derivative(f, y);
  }
}
