package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.WindowTaps;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/**
 * What one window of a {@link CpuConvLstm} sees at each step of a walk: positions of the inputs, or
 * of the states before.
 */
interface SeenWindow {
  /** Learns which rows go through next, and what for. */
  default void begin(Pass pass) {}

  /** Makes {@code rows} rows of what is seen at step {@code t} ready for sums, or for gradients. */
  default void show(int t, int rows) {}

  /**
   * Adds up what is seen at a place of the step shown.
   *
   * @param begun what the sums begin with: themselves, or the row that all sums begin with
   * @return {@code sums}, or, where the window sees nothing, {@code begun}
   */
  Matrix sum(int t, int place, int first, int count, Matrix begun, Matrix sums);

  /**
   * Computes the gradient by a position of what is seen at step {@code t}.
   *
   * @param begun what it begins with: itself, or a row that is repeated
   */
  void gradient(int t, int position, int first, int count, Matrix begun, Matrix gradient);

  /** Adds what a place of the step shown gives to a shard's gradient by the kernel. */
  void addGradient(int t, int place, int rows, int shard);

  /**
   * Returns the window that all gates see alike.
   *
   * @param of by step and position
   * @param dz the gradients by the sums
   */
  static SeenWindow joint(WindowTaps taps, CheckedKernels kernels, Matrix[][] of, PlacedSteps dz) {
    return new SeenWindow() {
      @Override
      public Matrix sum(int t, int place, int first, int count, Matrix begun, Matrix sums) {
        return taps.sum(kernels, place, first, count, of[t], begun, sums);
      }

      @Override
      public void gradient(
          int t, int position, int first, int count, Matrix begun, Matrix gradient) {
        taps.gradient(kernels, position, first, count, dz.of()[t], begun, gradient);
      }

      @Override
      public void addGradient(int t, int place, int rows, int shard) {
        taps.addGradient(kernels, place, rows, of[t], dz.of()[t][place], shard);
      }
    };
  }
}
