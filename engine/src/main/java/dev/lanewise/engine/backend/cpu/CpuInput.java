package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.AddressSpace;
import dev.lanewise.engine.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Gathers samples into the rows of the first layer's inputs. */
final class CpuInput {
  /** byte / 255 in float32: a division done 256 times in place of once a pixel. */
  private static final float[] SCALED = scaled();

  private CpuInput() {}

  private static float[] scaled() {
    float[] table = new float[256];
    for (int i = 0; i < table.length; i++) {
      table[i] = i / 255f;
    }
    return table;
  }

  /** Copies sample {@code sample} into row {@code row} of one matrix a time step. */
  static void gather(Dataset data, int sample, Matrix[] steps, int row) {
    int offset = data.featureOffset(sample);
    int features = steps[0].columns();
    if (data.hasBytes()) {
      byte[] bytes = data.byteFeatures();
      for (int t = 0; t < steps.length; t++) {
        scale(bytes, offset + t * features, features, steps[t].address(row, 0));
      }
    } else {
      float[] floats = data.floatFeatures();
      for (int t = 0; t < steps.length; t++) {
        MemorySegment.copy(
            floats,
            offset + t * features,
            AddressSpace.SPACE,
            ValueLayout.JAVA_FLOAT,
            steps[t].address(row, 0),
            features);
      }
    }
  }

  private static void scale(byte[] bytes, int from, int count, long address) {
    for (int i = 0; i < count; i++) {
      float value = SCALED[bytes[from + i] & 0xFF];
      AddressSpace.SPACE.set(ValueLayout.JAVA_FLOAT, address + (long) i * Float.BYTES, value);
    }
  }
}
