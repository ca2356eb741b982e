package dev.lanewise.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.kernel.scalar.ScalarKernels;
import dev.lanewise.engine.kernel.simd.SimdKernels;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Bit for bit, over sizes around the lane counts, strides, signed zeros, NaN and infinities. */
class SimdAgainstScalarTest {
  @Test
  void gemmGivesTheSameBits() {
    same(KernelRuns::gemm);
  }

  @Test
  void halvesGiveTheSameBits() {
    same(KernelRuns::halves);
  }

  @Test
  void activationsGiveTheSameBits() {
    same(KernelRuns::activations);
  }

  @Test
  void derivativesGiveTheSameBits() {
    same(KernelRuns::derivatives);
  }

  @Test
  void additionsAndSumsGiveTheSameBits() {
    same(KernelRuns::additions);
  }

  @Test
  void cellsGiveTheSameBits() {
    same(KernelRuns::cells);
  }

  @Test
  void softmaxGivesTheSameBits() {
    same(KernelRuns::softmax);
  }

  @Test
  void transposeGivesTheSameBits() {
    same(KernelRuns::transpose);
  }

  @Test
  void bytesGiveTheSameBits() {
    same(KernelRuns::bytes);
  }

  @Test
  void clippingGivesTheSameBits() {
    same(KernelRuns::clipping);
  }

  @Test
  void penaltiesGiveTheSameBits() {
    same(KernelRuns::penalties);
  }

  @Test
  void optimizersGiveTheSameBits() {
    same(KernelRuns::optimizers);
  }

  private static void same(UnaryOperator<KernelRuns> kernel) {
    KernelRuns scalar = kernel.apply(new KernelRuns(new ScalarKernels(), KernelRuns.SIZES));
    KernelRuns simd = kernel.apply(new KernelRuns(new SimdKernels(), KernelRuns.SIZES));
    assertThat(scalar.results()).isNotEmpty();
    assertThat(KernelRuns.differences(scalar.results(), simd.results())).isEmpty();
  }
}
