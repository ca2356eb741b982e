package dev.lanewise.bench.peers;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.IdxFolder;
import java.nio.file.Path;

/** Images as bytes, handed out as they are or as floats in [0, 1]. */
public final class Digits {
  private static final float[] SCALED = scaled();

  private final Dataset data;

  private Digits(Dataset data) {
    this.data = data;
  }

  /** Reads the training set, or the test set, of a folder with MNIST's four files. */
  static Digits read(Path folder, boolean test) {
    IdxFolder all = IdxFolder.load(folder);
    return new Digits(test ? all.test() : all.train());
  }

  private static float[] scaled() {
    float[] values = new float[256];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 255f;
    }
    return values;
  }

  /** Returns the input value of a pixel; a table, because C1 does not vectorize the division. */
  static float value(byte pixel) {
    return SCALED[pixel & 0xFF];
  }

  /** Returns the first of them. */
  Digits first(int count) {
    return new Digits(data.slice(0, count));
  }

  /** Returns the data set. */
  public Dataset data() {
    return data;
  }

  /** Returns how many there are. */
  int size() {
    return data.size();
  }

  int label(int index) {
    return data.label(index, 0);
  }

  void copy(int index, byte[] target, int at) {
    System.arraycopy(data.byteFeatures(), offset(index), target, at, Peer.PIXELS);
  }

  void copy(int index, float[] target, int at) {
    byte[] bytes = data.byteFeatures();
    int from = offset(index);
    for (int i = 0; i < Peer.PIXELS; i++) {
      target[at + i] = value(bytes[from + i]);
    }
  }

  private int offset(int index) {
    return (data.firstSample() + index) * Peer.PIXELS;
  }
}
