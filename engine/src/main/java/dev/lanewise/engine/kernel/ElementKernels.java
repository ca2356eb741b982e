package dev.lanewise.engine.kernel;

/**
 * What is done to the elements of matrices one by one, or to a row of them; addresses, strides and
 * padding as in {@link Kernels}.
 */
public interface ElementKernels {
  /**
   * x = f(x) over padded columns, in place: {@link Polynomials}, {@link Exponentials}, {@link
   * NormalCurve}, {@link Clips} and {@link Shrinks} say each chain; softsign is x / (1 + |x|).
   *
   * @param x address of X [rows, padded columns]
   */
  void apply(Elementwise f, int rows, int columns, long x, long rowStride);

  /**
   * dy = (dy) * f' over padded columns, in place, f' at v = y: linear leaves dy; relu gives dy
   * where v &gt; 0, else 0; tanh gives dy * fma(-v, v, 1); sigmoid dy * (v * (1 - v)); relu6 dy
   * where 0 &lt; v &lt; 6, else 0; leaky relu dy where v &gt; 0, else dy * 0.2; a hard sigmoid dy *
   * slope where 0 &lt; v &lt; 1, else 0; softsign dy * (u * u) with u = 1 - |v|; the exponential dy
   * * v; elu and selu dy * scale where v &gt;= 0, else dy * (v + depth), both 1 for elu; softplus
   * dy * (1 - e^-v); hard and soft shrink 0 where v = 0, else dy; log sigmoid dy * (1 - e^v);
   * {@link Shrinks} has those of squareplus and sparse plus. The others take the sums, v = x:
   * {@link Exponentials#siluDerivative}, {@link NormalCurve#geluDerivative}, {@link
   * Clips#hardSiluDerivative}, {@link Shrinks#mishDerivative}; tanh shrink dy * (t * t) with t =
   * tanh v; hard tanh 0 where |v| &gt; 1, else dy; sparse sigmoid dy / 2 where |v| &lt; 1, dy / 4
   * where |v| = 1, else 0.
   *
   * @param dy address of dY [rows, padded columns], changed
   * @param v address of Y = f(X), or of X where {@link Elementwise#derivativeNeedsSums} [rows,
   *     padded columns]
   */
  void applyDerivative(
      Elementwise f, int rows, int columns, long dy, long dyRowStride, long v, long vRowStride);

  /** What is smaller counts as nothing where gradients go back through many steps. */
  float TINY = 0x1p-80f;

  /**
   * x = 0 where |x| &lt; {@link #TINY}, over padded columns, in place; NaN stays. A gradient that
   * has vanished so stays out of the subnormal numbers, which some processors multiply a hundred
   * times slower than others.
   *
   * @param x address of X [rows, padded columns]
   */
  void flushTiny(int rows, int columns, long x, long rowStride);

  /**
   * y = y + x over padded columns.
   *
   * @param x address of X [rows, padded columns]
   * @param y address of Y [rows, padded columns], changed
   */
  void add(int rows, int columns, long x, long xRowStride, long y, long yRowStride);

  /**
   * z = x * y over padded columns.
   *
   * @param z address of Z [rows, padded columns]; may be X or Y
   */
  void multiply(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long z,
      long zRowStride);

  /** z = fma(x, y, z); otherwise as {@link #multiply}. */
  void multiplyAdd(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long z,
      long zRowStride);

  /**
   * y[j] = x[j] * scale, or 0 where (mix(key + j * 0x9E3779B9) &gt;&gt;&gt; 8) is below {@code
   * threshold}, mix being the finalizer of MurmurHash3, over padded columns.
   *
   * @param threshold the share of zeros times 2^24
   * @param x address of [padded columns]
   * @param y address of [padded columns]; may be {@code x}
   */
  void dropout(int columns, int key, int threshold, float scale, long x, long y);

  /**
   * x = x where x &gt; 0, else slope * x, over padded columns, in place; NaN stays.
   *
   * @param x address of X [rows, padded columns]
   */
  void leakyRelu(int rows, int columns, float slope, long x, long rowStride);

  /**
   * dy = dy where y &gt; 0, else slope * dy, over padded columns, in place.
   *
   * @param dy address of dY [rows, padded columns], changed
   * @param y address of Y [rows, padded columns]
   */
  void leakyReluDerivative(
      int rows, int columns, float slope, long dy, long dyRowStride, long y, long yRowStride);

  /**
   * y = x and places = place where x &gt; y or x is NaN, over padded columns; elsewhere both stay:
   * after all terms of a maximum, y is the largest, or NaN, and places has where it first was.
   *
   * @param x address of X [rows, padded columns]
   * @param y address of Y [rows, padded columns], changed
   * @param places address of [rows, padded columns], changed
   */
  void maximum(
      int rows,
      int columns,
      float place,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long places,
      long placesRowStride);

  /**
   * z = z + d where x = y, over padded columns; elsewhere z stays.
   *
   * @param d address of D [rows, padded columns]
   * @param z address of Z [rows, padded columns], changed
   */
  void addWhereEqual(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long d,
      long dRowStride,
      long z,
      long zRowStride);

  /**
   * y = e^(x - max x) / sum by row, over the real columns; the padding of Y becomes 0. The maximum
   * runs in ascending columns; the sum of the float exponentials runs in ascending columns in
   * double and is rounded once; each y is one float division.
   *
   * @param x address of X [rows, columns]
   * @param y address of Y [rows, padded columns]; may be X
   * @param maxAndSum address of [rows, 2] floats that take each row's maximum and sum
   */
  void softmax(
      int rows, int columns, long x, long xRowStride, long y, long yRowStride, long maxAndSum);
}
