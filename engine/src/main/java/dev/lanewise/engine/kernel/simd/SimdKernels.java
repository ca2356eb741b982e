package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.ElementKernels;
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
  private final ElementKernels elements = new SimdElements();
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
  public long panelsFrom() {
    return GemmTiles.panelsFrom();
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
      long bPanelStride,
      long s,
      long sRowStride,
      long c,
      long cRowStride) {
    if (bPanelStride == LANES) {
      SimdGemm.run(
          m, n, k, a, aRowStride, aColumnStride, b, bRowStride, s, sRowStride, c, cRowStride);
    } else {
      PanelGemm.run(
          m, n, k, a, aRowStride, aColumnStride, b, bPanelStride, s, sRowStride, c, cRowStride);
    }
  }

  @Override
  public void pack(int rows, int columns, long x, long xRowStride, long y, long yPanelStride) {
    SimdPack.run(rows, columns, x, xRowStride, y, yPanelStride);
  }

  @Override
  public void rowTimesHalves(int n, int k, long a, long b, long bRowStride, long s, long c) {
    SimdHalves.run(n, k, a, b, bRowStride, s, c);
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
  public void squareRoots(long count, long x) {
    SimdClipping.squareRoots(count, x);
  }

  @Override
  public void clip(long count, long x, float limit) {
    SimdClipping.clip(count, x, limit);
  }

  @Override
  public ElementKernels elements() {
    return elements;
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
