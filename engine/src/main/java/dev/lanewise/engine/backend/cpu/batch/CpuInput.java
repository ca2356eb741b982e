package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/** Gathers samples into the rows of the first layer's inputs. */
public final class CpuInput {
  private CpuInput() {}

  /** Copies sample {@code sample} into row {@code row} of one matrix a time step. */
  public static void gather(
      CheckedKernels kernels, Dataset data, int sample, Matrix[] steps, int row) {
    int place = data.firstSample() + sample;
    if (data.hasBytes()) {
      gather(kernels, data.byteFeatures(), place, steps, row);
    } else {
      gather(kernels, data.floatFeatures(), place, steps, row);
    }
  }

  /** Copies sample {@code sample} of an array of samples, divided by 255. */
  public static void gather(
      CheckedKernels kernels, byte[] bytes, int sample, Matrix[] steps, int row) {
    int features = steps[0].columns();
    int from = sample * steps.length * features;
    for (Matrix step : steps) {
      kernels.scale(bytes, from, step, row);
      from += features;
    }
  }

  /** Copies sample {@code sample} of an array of samples. */
  public static void gather(
      CheckedKernels kernels, float[] floats, int sample, Matrix[] steps, int row) {
    int features = steps[0].columns();
    int from = sample * steps.length * features;
    for (Matrix step : steps) {
      kernels.copy(floats, from, step, row);
      from += features;
    }
  }
}
