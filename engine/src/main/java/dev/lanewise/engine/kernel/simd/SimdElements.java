package dev.lanewise.engine.kernel.simd;

import static dev.lanewise.engine.kernel.Clips.FIFTH;
import static dev.lanewise.engine.kernel.Clips.HALF;
import static dev.lanewise.engine.kernel.Clips.SIXTH;
import static dev.lanewise.engine.kernel.Exponentials.SELU_DEPTH;
import static dev.lanewise.engine.kernel.Exponentials.SELU_SCALE;

import dev.lanewise.engine.kernel.ElementKernels;
import dev.lanewise.engine.kernel.Elementwise;

/** What is done to elements, on the Vector API: which loop does it. */
final class SimdElements implements ElementKernels {
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
      case HARD_TANH -> SimdShrinks.hardTanh(rows, columns, x, rowStride);
      case HARD_SHRINK -> SimdShrinks.hardShrink(rows, columns, x, rowStride);
      case SOFT_SHRINK -> SimdShrinks.softShrink(rows, columns, x, rowStride);
      case TANH_SHRINK -> SimdMish.tanhShrink(rows, columns, x, rowStride);
      case MISH -> SimdMish.mish(rows, columns, x, rowStride);
      case LOG_SIGMOID -> SimdMish.logSigmoid(rows, columns, x, rowStride);
      case SQUAREPLUS -> SimdShrinks.squareplus(rows, columns, x, rowStride);
      case SPARSE_PLUS -> SimdShrinks.sparsePlus(rows, columns, x, rowStride);
      case SPARSE_SIGMOID -> SimdClips.hardSigmoid(rows, columns, x, rowStride, HALF);
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
      case HARD_TANH ->
          SimdShrinks.hardTanhDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case HARD_SHRINK, SOFT_SHRINK ->
          SimdShrinks.shrinkDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case TANH_SHRINK ->
          SimdMish.tanhShrinkDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case MISH -> SimdMish.mishDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case LOG_SIGMOID ->
          SimdMish.logSigmoidDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case SQUAREPLUS ->
          SimdShrinks.squareplusDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case SPARSE_PLUS ->
          SimdShrinks.sparsePlusDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
      case SPARSE_SIGMOID ->
          SimdShrinks.sparseSigmoidDerivative(rows, columns, dy, dyRowStride, y, yRowStride);
    }
  }

  @Override
  public void flushTiny(int rows, int columns, long x, long rowStride) {
    SimdClips.flushTiny(rows, columns, x, rowStride);
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
  public void maximum(
      int rows,
      int columns,
      float place,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long places,
      long placesRowStride) {
    SimdMaxima.maximum(rows, columns, place, x, xRowStride, y, yRowStride, places, placesRowStride);
  }

  @Override
  public void addWhereEqual(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long d,
      long dRowStride,
      long z,
      long zRowStride) {
    SimdMaxima.addWhereEqual(
        rows, columns, x, xRowStride, y, yRowStride, d, dRowStride, z, zRowStride);
  }

  @Override
  public void softmax(
      int rows, int columns, long x, long xRowStride, long y, long yRowStride, long maxAndSum) {
    SimdSoftmax.run(rows, columns, x, xRowStride, y, yRowStride, maxAndSum);
  }
}
