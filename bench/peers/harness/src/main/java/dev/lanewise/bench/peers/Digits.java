package dev.lanewise.bench.peers;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.IdxFolder;
import java.nio.file.Path;

/** Images as bytes, handed out as floats in [0, 1]. */
public final class Digits {
  private final Dataset data;

  private Digits(Dataset data) {
    this.data = data;
  }

  /** Reads the training set, or the test set, of a folder with MNIST's four files. */
  static Digits read(Path folder, boolean test) {
    IdxFolder all = IdxFolder.load(folder);
    return new Digits(test ? all.test() : all.train());
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

  void copy(int index, float[] target, int at) {
    byte[] bytes = data.byteFeatures();
    int from = (data.firstSample() + index) * Peer.PIXELS;
    for (int i = 0; i < Peer.PIXELS; i++) {
      target[at + i] = (bytes[from + i] & 0xFF) / 255f;
    }
  }
}
