package dev.lanewise.engine.kernel;

/**
 * The steps of the optimizers over flat arrays, element by element, under the rules of {@link
 * Kernels}. Where a gradient and what is kept of earlier ones are 0, a weight that is 0 stays so:
 * padding is updated with the rest. Addresses: {@code w} of the parameters, changed; {@code g} of
 * the gradients; {@code r} of what is squared in their place: the gradients themselves, or, where
 * squares are of the parts that a gradient is the sum of, the roots of the sums of these.
 */
public interface OptimizerKernels {
  /**
   * One step of Adam on {@code count} elements: m = fma(g - m, rate1, m); v = fma(fma(r, r, -v),
   * rate2, v); w = w - (alpha * m) / (sqrt(v) + epsilon).
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   * @param w address of the parameters, changed
   * @param g address of the gradients
   * @param r address of what is squared, g or roots
   * @param m address of the running mean of g, changed
   * @param v address of the running mean of r^2, changed
   * @param alpha the corrected step size
   * @param rate1 1 - beta1
   * @param rate2 1 - beta2
   * @param epsilon added to sqrt(v)
   */
  void adam(
      long count,
      long w,
      long g,
      long r,
      long m,
      long v,
      float alpha,
      float rate1,
      float rate2,
      float epsilon);

  /**
   * One step of gradient descent without momentum: w = fma(-learningRate, g, w).
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   */
  void sgd(long count, long w, long g, float learningRate);

  /**
   * One step of gradient descent with momentum: s = fma(momentum, s, -(learningRate * g)); then w =
   * w + s, or with Nesterov's look-ahead w = w + fma(momentum, s, -(learningRate * g)).
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   * @param s address of the velocity, changed
   */
  void sgdMomentum(
      long count, long w, long g, long s, float learningRate, float momentum, boolean nesterov);

  /**
   * Decays weights: w = fma(-rate, w, w).
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   */
  void decay(long count, long w, float rate);

  /**
   * Takes weights into their running means: a = fma(momentum, a, rate * w); then, if it overwrites,
   * w = a.
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   * @param a address of the means, changed
   * @param rate 1 - momentum
   */
  void average(long count, long w, long a, float momentum, float rate, boolean overwrites);

  /**
   * One step of Adam whose divisor never falls: m and v as in {@link #adam}; h = max(h, v), NaN if
   * either is; w = w - (alpha * m) / (sqrt(h) + epsilon).
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   * @param h address of the largest v so far, changed
   */
  void amsgrad(
      long count,
      long w,
      long g,
      long r,
      long m,
      long v,
      long h,
      float alpha,
      float rate1,
      float rate2,
      float epsilon);

  /**
   * One step of Adamax: m as in {@link #adam}; u = max(beta2 * u, |g|), NaN if either is; w = w -
   * (alpha * m) / (u + epsilon).
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   * @param m address of the running mean of g, changed
   * @param u address of the largest magnitude of g, which fades, changed
   * @param alpha the corrected step size
   * @param rate1 1 - beta1
   */
  void adamax(
      long count,
      long w,
      long g,
      long m,
      long u,
      float alpha,
      float rate1,
      float beta2,
      float epsilon);

  /**
   * One step of Nadam: m and v as in {@link #adam}; w = w - (learningRate * fma(meanFactor, m,
   * gradientFactor * g)) / (sqrt(v * squareFactor) + epsilon).
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   */
  void nadam(
      long count,
      long w,
      long g,
      long r,
      long m,
      long v,
      float learningRate,
      float rate1,
      float rate2,
      float meanFactor,
      float gradientFactor,
      float squareFactor,
      float epsilon);

  /**
   * One step of RMSprop: v = fma(rho, v, rate * (r * r)); if centered, a = fma(rho, a, rate * g); d
   * = (learningRate * g) / sqrt(v + epsilon), or centered / sqrt(fma(-a, a, v) + epsilon); with
   * momentum p = fma(momentum, p, d) and w = w - p, else w = w - d.
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   * @param v address of the mean square, changed
   * @param p address of the velocity, changed; 0 without momentum
   * @param a address of the mean gradient, changed; 0 if not centered
   * @param rate 1 - rho
   */
  void rmsProp(
      long count,
      long w,
      long g,
      long r,
      long v,
      long p,
      long a,
      float learningRate,
      float rho,
      float rate,
      float momentum,
      float epsilon);

  /**
   * One step of Adagrad: a = fma(r, r, a); w = w - (learningRate * g) / sqrt(a + epsilon).
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   * @param a address of the sums of squares, changed
   */
  void adagrad(long count, long w, long g, long r, long a, float learningRate, float epsilon);

  /**
   * One step of Adadelta: a = fma(rho, a, rate * (r * r)); d = (sqrt(b + epsilon) * g) / sqrt(a +
   * epsilon), and e the same of r; b = fma(rho, b, rate * (e * e)); w = fma(-learningRate, d, w).
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   * @param a address of the mean square of gradients, changed
   * @param b address of the mean square of steps, changed
   * @param rate 1 - rho
   */
  void adadelta(
      long count,
      long w,
      long g,
      long r,
      long a,
      long b,
      float learningRate,
      float rho,
      float rate,
      float epsilon);

  /**
   * One step of Lion: c = fma(beta1, m, rate1 * g); w = w - learningRate where c &gt; 0, w +
   * learningRate where c &lt; 0, w - c elsewhere (c is zero or NaN); m = fma(beta2, m, rate2 * g).
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   * @param m address of the running mean of g, changed
   * @param rate1 1 - beta1
   * @param rate2 1 - beta2
   */
  void lion(
      long count,
      long w,
      long g,
      long m,
      float learningRate,
      float beta1,
      float rate1,
      float beta2,
      float rate2);
}
