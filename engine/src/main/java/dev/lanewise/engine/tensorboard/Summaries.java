package dev.lanewise.engine.tensorboard;

import dev.lanewise.engine.protobuf.Protobuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a chart of TensorBoard is made of: messages of {@code summary.proto} with one value, which
 * is a tensor and says which plugin draws it, as {@code tf.summary} of TensorFlow 2 writes them.
 */
final class Summaries {
  /** As many as {@code tf.summary.histogram} makes. */
  private static final int BUCKETS = 30;

  // The fields of Summary, Summary.Value and SummaryMetadata.
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int TENSOR = 8;
  private static final int METADATA = 9;
  private static final int PLUGIN_DATA = 1;
  private static final int PLUGIN_NAME = 1;
  private static final int DATA_CLASS = 4;

  // Of TensorProto and its shape.
  private static final int DTYPE = 1;
  private static final int SHAPE = 2;
  private static final int DIM = 2;
  private static final int SIZE = 1;
  private static final int FLOAT_VALUE = 5;
  private static final int DOUBLE_VALUE = 6;
  private static final int STRING_VALUE = 8;

  // Of a PNG file: what it begins with, and where its size is.
  private static final long PNG = 0x89504e470d0a1a0aL;
  private static final int PNG_WIDTH = 16;
  private static final int PNG_HEIGHT = 20;

  private enum DataClass {
    SCALAR(1),
    TENSOR(2),
    BLOB_SEQUENCE(3);

    private final long number;

    DataClass(long number) {
      this.number = number;
    }
  }

  private enum Type {
    FLOAT(1),
    DOUBLE(2),
    STRING(7);

    private final long number;

    Type(long number) {
      this.number = number;
    }
  }

  private Summaries() {}

  /** A number, as float32. */
  static Protobuf scalar(String tag, double value) {
    Protobuf tensor = tensor(Type.FLOAT).put(FLOAT_VALUE, (float) value);
    return summary(tag, "scalars", DataClass.SCALAR, tensor);
  }

  /** A text in Markdown. */
  static Protobuf text(String tag, String markdown) {
    Protobuf tensor = tensor(Type.STRING).put(STRING_VALUE, markdown);
    return summary(tag, "text", DataClass.TENSOR, tensor);
  }

  /** A picture with its size, which is read from the file. */
  static Protobuf image(String tag, byte[] png) {
    ByteBuffer file = ByteBuffer.wrap(png);
    if (png.length < PNG_HEIGHT + Integer.BYTES || file.getLong(0) != PNG) {
      throw new IllegalArgumentException("image " + tag + ": must be a PNG file");
    }
    Protobuf tensor =
        tensor(Type.STRING, 3)
            .put(STRING_VALUE, Integer.toString(file.getInt(PNG_WIDTH)))
            .put(STRING_VALUE, Integer.toString(file.getInt(PNG_HEIGHT)))
            .put(STRING_VALUE, png);
    return summary(tag, "images", DataClass.BLOB_SEQUENCE, tensor);
  }

  /**
   * How often numbers fall between two limits: {@value #BUCKETS} buckets of one width from the
   * least to the greatest; of numbers that are all alike one bucket, a half to each side.
   *
   * @param values finite, at least one
   */
  static Protobuf histogram(String tag, float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    boolean alike = least == most;
    double from = alike ? least - 0.5 : least;
    double width = alike ? 1 : ((double) most - least) / BUCKETS;
    long[] counts = new long[alike ? 1 : BUCKETS];
    for (float value : values) {
      int bucket = (int) ((value - from) / width);
      counts[Math.min(bucket, counts.length - 1)]++; // the greatest closes the last
    }
    Protobuf tensor = tensor(Type.DOUBLE, counts.length, 3);
    for (int b = 0; b < counts.length; b++) {
      tensor
          .put(DOUBLE_VALUE, from + b * width)
          .put(DOUBLE_VALUE, from + (b + 1) * width)
          .put(DOUBLE_VALUE, (double) counts[b]);
    }
    return summary(tag, "histograms", DataClass.TENSOR, tensor);
  }

  private static Protobuf tensor(Type type, long... sizes) {
    Protobuf shape = new Protobuf();
    for (long size : sizes) {
      shape.put(DIM, new Protobuf().put(SIZE, size));
    }
    return new Protobuf().put(DTYPE, type.number).put(SHAPE, shape);
  }

  private static Protobuf summary(String tag, String plugin, DataClass kind, Protobuf tensor) {
    byte[] name = plugin.getBytes(StandardCharsets.UTF_8);
    Protobuf metadata =
        new Protobuf()
            .put(PLUGIN_DATA, new Protobuf().put(PLUGIN_NAME, name))
            .put(DATA_CLASS, kind.number);
    Protobuf value = new Protobuf().put(TAG, tag).put(TENSOR, tensor).put(METADATA, metadata);
    return new Protobuf().put(VALUE, value);
  }
}
