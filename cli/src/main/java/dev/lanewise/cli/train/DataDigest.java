package dev.lanewise.cli.train;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C over a data set's features and targets: whether a run goes on with what it began with.
 */
final class DataDigest {
  private DataDigest() {}

  static String crc32c(Dataset data) {
    CRC32C crc = new CRC32C();
    int each = Math.toIntExact(data.inputs().stream().mapToLong(Shape::elementCount).sum());
    if (data.hasBytes()) {
      crc.update(data.byteFeatures(), data.firstSample() * each, data.size() * each);
    } else {
      ByteBuffer sample = ByteBuffer.allocate(each * Float.BYTES);
      for (int i = 0; i < data.size(); i++) {
        int at = (data.firstSample() + i) * each;
        sample.asFloatBuffer().put(data.floatFeatures(), at, each);
        crc.update(sample.array());
      }
    }
    for (int i = 0; i < data.size(); i++) {
      for (int output = 0; output < data.outputs(); output++) {
        Targets targets = data.targets(output);
        for (int k = 0; k < targets.width(); k++) {
          update(crc, targets, data.firstSample() + i, k);
        }
      }
    }
    return Long.toHexString(crc.getValue());
  }

  private static void update(CRC32C crc, Targets targets, int sample, int index) {
    if (targets.areLabels()) {
      crc.update(targets.label(sample, index));
      crc.update(targets.label(sample, index) >> 8);
    } else {
      int bits = Float.floatToIntBits(targets.value(sample, index));
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        crc.update(bits >> shift);
      }
    }
  }
}
