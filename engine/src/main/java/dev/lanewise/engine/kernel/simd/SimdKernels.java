package dev.lanewise.engine.kernel.simd;

import static dev.lanewise.engine.kernel.Clips.FIFTH;
import static dev.lanewise.engine.kernel.Clips.SIXTH;
import static dev.lanewise.engine.kernel.Exponentials.SELU_DEPTH;
import static dev.lanewise.engine.kernel.Exponentials.SELU_SCALE;

import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.GruKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.LstmKernels;
import dev.lanewise.engine.kernel.OptimizerKernels;

/**
 * The hot loops on the Vector API, at the width that {@code -Dlanewise.vectorBits} or the machine
 * says. No masks: columns are padded so that every row is whole vectors at any width.
 */
public final class SimdKernels implements Kernels {
  private final int vectorBits;
  private final LstmKernels lstm = new SimdLstm();
  private final GruKernels gru = new SimdGru();
  private final OptimizerKernels optimizers = new SimdOptimizers();

  /**
   * Creates the kernels, which have no state.
   *
   * @throws UnsupportedOperationException if a forced width exceeds the machine's
   * @throws IllegalArgumentException if the forced width is none
   */
  public SimdKernels() {
    vectorBits = VectorWidth.bits();
  }

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public int vectorBits() {
    return vectorBits;
  }

  @Override
  public int stripRows(int left, long weights, int columns) {
    return GemmTiles.stripRows(left, weights, columns);
  }

  @Override
  public void gemm(
      int m,
      int n,
      int k,
      long a,
      long aRowStride,
      long aColumnStride,
      long b,
      long bRowStride,
      long s,
      long sRowStride,
      long c,
      long cRowStride) {
    SimdGemm.run(
        m, n, k, a, aRowStride, aColumnStride, b, bRowStride, s, sRowStride, c, cRowStride);
  }

  @Override
  public void apply(Elementwise f, int rows, int columns, long x, long rowStride) {
    switch (f) {
      case LINEAR -> {}
      case RELU -> SimdActivations.relu(rows, columns, x, rowStride);
      case TANH -> SimdActivations.tanh(rows, columns, x, rowStride);
      case SIGMOID -> SimdActivations.sigmoid(rows, columns, x, rowStride);
      case RELU6 -> SimdClips.relu6(rows, columns, x, rowStride);
      case LEAKY_RELU -> SimdClips.leakyRelu(rows, columns, x, rowStride);
      case HARD_SIGMOID -> SimdClips.hardSigmoid(rows, columns, x, rowStride, SIXTH);
      case STEEP_HARD_SIGMOID -> SimdClips.hardSigmoid(rows, columns, x, rowStride, FIFTH);
      case SOFTSIGN -> SimdClips.softsign(rows, columns, x, rowStride);
      case EXPONENTIAL -> SimdExponentials.exponential(rows, columns, x, rowStride);
      case ELU -> SimdExponentials.elu(rows, columns, x, rowStride, 1, 1);
      case SELU -> SimdExponentials.elu(rows, columns, x, rowStride, SELU_SCALE, SELU_DEPTH);
      case SOFTPLUS -> SimdExponentials.softplus(rows, columns, x, rowStride);
      case SILU -> SimdExponentials.silu(rows, columns, x, rowStride);
      case GELU -> SimdNormalCurve.gelu(rows, columns, x, rowStride);
      case HARD_SILU -> SimdClips.hardSilu(rows, columns, x, rowStride);
    }
  }

  @Override
  public void applyDerivative(
      Elementwise f, int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    switch (f) {
      case LINEAR -> {}
      case RELU -> SimdDerivatives.relu(rows, columns, dy, dyRowStride, y, yRowStride);
      case TANH -> SimdDerivatives.tanh(rows, columns, dy, dyRowStride, y, yRowStride);
      case SIGMOID -> SimdDerivatives.sigmoid(rows, columns, dy, dyRowStride, y, yRowStride);
      case RELU6 -> SimdClips.relu6Derivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case LEAKY_RELU ->
          SimdClips.leakyReluDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case HARD_SIGMOID ->
          SimdClips.hardSigmoidDerivative(rows, columns, dy, dyRowStride, y, yRowStride, SIXTH);
      case STEEP_HARD_SIGMOID ->
          SimdClips.hardSigmoidDerivative(rows, columns, dy, dyRowStride, y, yRowStride, FIFTH);
      case SOFTSIGN -> SimdClips.softsignDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case EXPONENTIAL ->
          SimdExponentials.exponentialDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case ELU ->
          SimdExponentials.eluDerivative(rows, columns, dy, dyRowStride, y, yRowStride, 1, 1);
      case SELU ->
          SimdExponentials.eluDerivative(
              rows, columns, dy, dyRowStride, y, yRowStride, SELU_SCALE, SELU_DEPTH);
      case SOFTPLUS ->
          SimdExponentials.softplusDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case SILU -> SimdExponentials.siluDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case GELU -> SimdNormalCurve.geluDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case HARD_SILU -> SimdClips.hardSiluDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
    }
  }

  @Override
  public void add(int rows, int columns, long x, long xRowStride, long y, long yRowStride) {
    SimdReductions.add(rows, columns, x, xRowStride, y, yRowStride);
  }

  @Override
  public void multiply(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long z,
      long zRowStride) {
    SimdReductions.multiply(rows, columns, x, xRowStride, y, yRowStride, z, zRowStride);
  }

  @Override
  public void multiplyAdd(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long z,
      long zRowStride) {
    SimdReductions.multiplyAdd(rows, columns, x, xRowStride, y, yRowStride, z, zRowStride);
  }

  @Override
  public void dropout(int columns, int key, int threshold, float scale, long x, long y) {
    SimdDropout.run(columns, key, threshold, scale, x, y);
  }

  @Override
  public void leakyRelu(int rows, int columns, float slope, long x, long rowStride) {
    SimdLeakyRelu.run(rows, columns, slope, x, rowStride);
  }

  @Override
  public void leakyReluDerivative(
      int rows, int columns, float slope, long dy, long dyRowStride, long y, long yRowStride) {
    SimdLeakyRelu.derivative(rows, columns, slope, dy, dyRowStride, y, yRowStride);
  }

  @Override
  public void softmax(
      int rows, int columns, long x, long xRowStride, long y, long yRowStride, long maxAndSum) {
    SimdSoftmax.run(rows, columns, x, xRowStride, y, yRowStride, maxAndSum);
  }

  @Override
  public void columnSums(int rows, int columns, long x, long rowStride, long sums) {
    SimdReductions.columnSums(rows, columns, x, rowStride, sums);
  }

  @Override
  public void transpose(int rows, int columns, long x, long xRowStride, long y, long yRowStride) {
    SimdTranspose.run(rows, columns, x, xRowStride, y, yRowStride);
  }

  @Override
  public void scale(int count, byte[] source, int from, long target) {
    SimdBytes.scale(count, source, from, target);
  }

  @Override
  public void sumInto(long count, int terms, long x, long stride) {
    SimdReductions.sumInto(count, terms, x, stride);
  }

  @Override
  public double sumOfSquares(int count, long x) {
    return SimdClipping.sumOfSquares(count, x);
  }

  @Override
  public double sumOfMagnitudes(int count, long x) {
    return SimdPenalties.sumOfMagnitudes(count, x);
  }

  @Override
  public void penalize(long count, long w, long g, float l1, float slope) {
    SimdPenalties.penalize(count, w, g, l1, slope);
  }

  @Override
  public void multiply(long count, long x, float factor) {
    SimdClipping.multiply(count, x, factor);
  }

  @Override
  public void clip(long count, long x, float limit) {
    SimdClipping.clip(count, x, limit);
  }

  @Override
  public LstmKernels lstm() {
    return lstm;
  }

  @Override
  public GruKernels gru() {
    return gru;
  }

  @Override
  public OptimizerKernels optimizers() {
    return optimizers;
  }
}
