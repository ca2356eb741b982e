// Functions of single numbers that are no activations. Rows of `width` values, x with a stride.
#include "rows.cuh"
#include "sine.cuh"

enum NumberFunction {
  ABSOLUTE_OF = 0,
  SQUARE_OF = 1,
  ROOT_OF = 2,
  INVERSE_ROOT_OF = 3,
  LOG_OF = 4,
  LOG_BEYOND_ONE = 5,
  EXPONENTIAL_LESS_ONE = 6,
  SINE_OF = 7,
  COSINE_OF = 8
};

// y = f(x), y without gaps. Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) number_function(
    const float* x, int stride, float* y, int rows, int width, int f) {
  for_each_element(rows, width, [&](size_t row, int column) {
    float value = x[row * stride + column];
    float result;
    switch (f) {
      case ABSOLUTE_OF:
        result = fabsf(value);
        break;
      case SQUARE_OF:
        result = value * value;
        break;
      case ROOT_OF:
        result = sqrtf(value);
        break;
      case INVERSE_ROOT_OF:
        result = 1.0f / sqrtf(value);
        break;
      case LOG_OF:
        result = logf(value);
        break;
      case LOG_BEYOND_ONE:
        result = log1pf(value);
        break;
      case SINE_OF:
      case COSINE_OF:
        result = sine(value, f - SINE_OF);
        break;
      default:
        result = expm1f(value);
    }
    y[row * width + column] = result;
  });
}

// dx = dy . f'(x). Grid: ceil(rows / 4), 128 threads.
extern "C" __global__ void __launch_bounds__(128) number_function_backward(
    const float* x, int stride, const float* dy, float* dx, int rows, int width, int f) {
  for_each_element(rows, width, [&](size_t row, int column) {
    float value = x[row * stride + column];
    float slope;
    switch (f) {
      case ABSOLUTE_OF:
        slope = value > 0.0f ? 1.0f : (value < 0.0f ? -1.0f : value);
        break;
      case SQUARE_OF:
        slope = 2.0f * value;
        break;
      case ROOT_OF:
        slope = 0.5f / sqrtf(value);
        break;
      case INVERSE_ROOT_OF:
        slope = -0.5f / (value * sqrtf(value));
        break;
      case LOG_OF:
        slope = 1.0f / value;
        break;
      case LOG_BEYOND_ONE:
        slope = 1.0f / (1.0f + value);
        break;
      case SINE_OF:
      case COSINE_OF:
        slope = sine(value, f - SINE_OF + 1);
        break;
      default:
        slope = expf(value);
    }
    dx[row * width + column] = dy[row * width + column] * slope;
  });
}
