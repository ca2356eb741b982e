package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.cpu.batch.CpuInput;
import dev.lanewise.engine.backend.cpu.batch.IdleSteps;
import dev.lanewise.engine.backend.cpu.batch.StepWindow;
import dev.lanewise.engine.backend.cpu.loss.Outputs;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.AddressSpace;
import dev.lanewise.engine.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** One caller's place in a {@link CpuPredictor}: room for some samples at a time. */
final class Desk {
  /** Samples at a time: five strips of the GEMM's five-row tile. */
  static final int ROWS = 25;

  private final CheckedKernels kernels;
  private final Workspace workspace;
  private final int capacity;
  private final @Nullable IdleSteps idle;
  private final int[] samples;
  private final int[] idles;
  private final int outputSize;

  /**
   * Makes a desk.
   *
   * @param capacity the samples that the workspace has room for
   * @param idle what counts steps that are passed over, absent where none are
   */
  Desk(CheckedKernels kernels, Workspace workspace, int capacity, @Nullable IdleSteps idle) {
    this.kernels = kernels;
    this.workspace = workspace;
    this.capacity = capacity;
    this.idle = idle;
    samples = new int[capacity];
    idles = new int[capacity];
    int size = 0;
    for (Outputs output : workspace.outputs()) {
      size += output.values().length * output.values()[0].columns();
    }
    outputSize = size;
  }

  /**
   * Computes the outputs of samples [from, to).
   *
   * @param bytes the inputs of all samples, or else
   * @param floats the inputs of all samples
   * @param results takes the outputs at their places among all samples'
   */
  void predict(
      byte @Nullable [] bytes, float @Nullable [] floats, int from, int to, float[] results) {
    int first = from;
    while (first < to) {
      int rows = Math.min(capacity, to - first);
      for (int r = 0; r < rows; r++) {
        insert(first + r, idle(bytes, floats, first + r), r);
      }
      for (int r = 0; r < rows; r++) {
        gather(bytes, floats, samples[r], workspace.inputs(), r);
      }
      workspace.pass().answer(rows, idle != null && idle.areLeads() ? idles[0] : 0);
      workspace.forward();
      for (int r = 0; r < rows; r++) {
        copyOut(r, results, samples[r]);
      }
      first += rows;
    }
  }

  /** Puts a sample behind those of the first {@code count} that have no more idle steps. */
  private void insert(int sample, int idleSteps, int count) {
    int row = count;
    while (row > 0 && idles[row - 1] > idleSteps) {
      samples[row] = samples[row - 1];
      idles[row] = idles[row - 1];
      row--;
    }
    samples[row] = sample;
    idles[row] = idleSteps;
  }

  private void gather(
      byte @Nullable [] bytes, float @Nullable [] floats, int sample, Matrix[][] inputs, int row) {
    if (bytes != null) {
      CpuInput.gather(kernels, bytes, sample, StepWindow.WHOLE, inputs, row);
    } else if (floats != null) {
      CpuInput.gather(kernels, floats, sample, StepWindow.WHOLE, inputs, row);
    }
  }

  private int idle(byte @Nullable [] bytes, float @Nullable [] floats, int sample) {
    if (idle == null) {
      return 0;
    }
    if (bytes != null) {
      return idle.of(bytes, sample, StepWindow.WHOLE);
    }
    return floats != null ? idle.of(floats, sample, StepWindow.WHOLE) : 0;
  }

  /** The outputs of a sample follow one another, as its inputs do. */
  private void copyOut(int row, float[] results, int sample) {
    int at = sample * outputSize;
    for (Outputs output : workspace.outputs()) {
      for (Matrix position : output.values()) {
        int units = position.columns();
        MemorySegment.copy(
            AddressSpace.SPACE,
            ValueLayout.JAVA_FLOAT,
            position.address(row, 0),
            results,
            at,
            units);
        at += units;
      }
    }
  }
}
