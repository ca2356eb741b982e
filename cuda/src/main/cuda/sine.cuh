// Sine and cosine of any float, without a table in memory and without a stack, which the library's
// have for large angles: the angle is brought within an eighth of a turn in whole numbers, by as
// many digits of 2 / pi as its exponent asks for (Payne and Hanek, "Radian reduction for
// trigonometric functions", 1983).
#pragma once

// Digits 32 (i - 1) and on of 2 / pi after the point, in base 2; none are before it.
static __device__ __forceinline__ unsigned quarter_digits(int i) {
  return i == 1   ? 0xa2f9836eu
         : i == 2 ? 0x4e441529u
         : i == 3 ? 0xfc2757d1u
         : i == 4 ? 0xf534ddc0u
         : i == 5 ? 0xdb629599u
         : i == 6 ? 0x3c439041u
         : i == 7 ? 0xfe5163abu
                  : 0u;
}

// How many quarter turns |x| is, less whole turns: in fixed point, 62 bits after the point.
static __device__ __forceinline__ unsigned long long quarter_turns(float x) {
  unsigned bits = __float_as_uint(x) & 0x7fffffffu;
  unsigned long long mantissa = (bits & 0x7fffffu) | 0x800000u;
  int begin = (int)(bits >> 23) - 120;  // x = mantissa * 2^(begin - 30): from where digits count
  int word = begin >> 5;
  int shift = begin & 31;
  unsigned long long high = quarter_digits(word), next = quarter_digits(word + 1);
  unsigned long long third = quarter_digits(word + 2), low = quarter_digits(word + 3);
  high = ((high << 32 | next) << shift) >> 32;
  next = ((next << 32 | third) << shift) >> 32;
  third = ((third << 32 | low) << shift) >> 32;
  return (mantissa * high << 32) + mantissa * next + (mantissa * third >> 32);
}

// The sine of an angle in radians so many quarter turns ahead; NaN of what is not finite.
static __device__ __forceinline__ float sine(float x, int ahead) {
  float rest = x;
  int quarters = ahead;
  if (fabsf(x) > 0.78f) {
    unsigned long long turns = quarter_turns(x);
    unsigned whole = (unsigned)((turns + (1ull << 61)) >> 62);
    long long left = (long long)(turns - ((unsigned long long)whole << 62));
    rest = (float)left * 3.4061215800304e-19f;  // pi / 2 / 2^62
    rest = x < 0.0f ? -rest : rest;
    quarters = x < 0.0f ? ahead - (int)whole : ahead + (int)whole;
  }
  float square = rest * rest;
  float odd = fmaf(fmaf(fmaf(2.7249864e-6f, square, -1.9840086e-4f), square, 8.333332e-3f), square,
                   -0.16666667f);  // interpolated at Chebyshev's points, as the next
  float even = fmaf(fmaf(fmaf(2.4463721e-5f, square, -1.3887589e-3f), square, 4.166665e-2f), square,
                    -0.5f);
  float value = quarters & 1 ? fmaf(even, square, 1.0f) : fmaf(odd * square, rest, rest);
  value = quarters & 2 ? -value : value;
  return fabsf(x) < __int_as_float(0x7f800000) ? value : x - x;
}
