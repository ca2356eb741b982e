package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/** Gathers samples into the rows of the first layer's inputs. */
final class CpuInput {
  private CpuInput() {}

  /** Copies sample {@code sample} into row {@code row} of one matrix a time step. */
  static void gather(CheckedKernels kernels, Dataset data, int sample, Matrix[] steps, int row) {
    int offset = data.featureOffset(sample);
    int features = steps[0].columns();
    if (data.hasBytes()) {
      byte[] bytes = data.byteFeatures();
      for (int t = 0; t < steps.length; t++) {
        kernels.scale(bytes, offset + t * features, steps[t], row);
      }
    } else {
      float[] floats = data.floatFeatures();
      for (int t = 0; t < steps.length; t++) {
        kernels.copy(floats, offset + t * features, steps[t], row);
      }
    }
  }
}
