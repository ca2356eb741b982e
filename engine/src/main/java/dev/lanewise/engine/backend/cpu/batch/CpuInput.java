package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/**
 * Gathers samples into the rows of a model's inputs. The values of a sample lie together, those of
 * one input after those of the other; an input is one matrix a time step.
 */
public final class CpuInput {
  private CpuInput() {}

  /** Copies a part of sample {@code sample} into row {@code row} of all inputs. */
  public static void gather(
      CheckedKernels kernels,
      Dataset data,
      int sample,
      StepWindow window,
      Matrix[][] inputs,
      int row) {
    int place = data.firstSample() + sample;
    if (data.hasBytes()) {
      gather(kernels, data.byteFeatures(), place, window, inputs, row);
    } else {
      gather(kernels, data.floatFeatures(), place, window, inputs, row);
    }
  }

  /** Copies a part of sample {@code sample} of an array of samples, divided by 255. */
  public static void gather(
      CheckedKernels kernels,
      byte[] bytes,
      int sample,
      StepWindow window,
      Matrix[][] inputs,
      int row) {
    int begin = sample * window.whole(sizeOf(inputs));
    for (Matrix[] steps : inputs) {
      int all = window.whole(sizeOf(steps));
      int from = begin + window.before(all);
      for (Matrix step : steps) {
        kernels.scale(bytes, from, step, row);
        from += step.columns();
      }
      begin += all;
    }
  }

  /** Copies a part of sample {@code sample} of an array of samples. */
  public static void gather(
      CheckedKernels kernels,
      float[] floats,
      int sample,
      StepWindow window,
      Matrix[][] inputs,
      int row) {
    int begin = sample * window.whole(sizeOf(inputs));
    for (Matrix[] steps : inputs) {
      int all = window.whole(sizeOf(steps));
      int from = begin + window.before(all);
      for (Matrix step : steps) {
        kernels.copy(floats, from, step, row);
        from += step.columns();
      }
      begin += all;
    }
  }

  private static int sizeOf(Matrix[][] inputs) {
    int size = 0;
    for (Matrix[] steps : inputs) {
      size += sizeOf(steps);
    }
    return size;
  }

  private static int sizeOf(Matrix[] steps) {
    return steps.length * steps[0].columns();
  }
}
