package dev.lanewise.bench.longrange;

import dev.lanewise.bench.Digits;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.IdxFolder;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.stream.IntStream;

/** MNIST digits as sequences of single pixels. */
final class PixelDigits {
  private static final int PIXELS = 784;
  private static final Shape SEQUENCE = Shape.of(PIXELS, 1);
  private static final long SEED = 92_916;

  private PixelDigits() {}

  /** Returns them row by row. */
  static Task.Split inOrder() {
    return split(IntStream.range(0, PIXELS).toArray());
  }

  /** Returns them in a random order of pixels, which is the same for all. */
  static Task.Split permuted() {
    int[] order = IntStream.range(0, PIXELS).toArray();
    SplitMix64 random = new SplitMix64(SEED);
    for (int last = PIXELS - 1; last > 0; last--) { // Fisher and Yates
      int other = random.nextInt(last + 1);
      int pixel = order[last];
      order[last] = order[other];
      order[other] = pixel;
    }
    return split(order);
  }

  private static Task.Split split(int[] order) {
    IdxFolder digits = Digits.bundled();
    return new Task.Split(sequences(digits.train(), order), sequences(digits.test(), order));
  }

  private static Dataset sequences(Dataset digits, int[] order) {
    byte[] pixels = digits.byteFeatures();
    byte[] others = new byte[digits.size() * PIXELS];
    int[] labels = new int[digits.size()];
    for (int i = 0; i < labels.length; i++) {
      int from = (digits.firstSample() + i) * PIXELS;
      for (int step = 0; step < PIXELS; step++) {
        others[i * PIXELS + step] = pixels[from + order[step]];
      }
      labels[i] = digits.label(i, 0);
    }
    return Dataset.ofBytes(SEQUENCE, others, labels, digits.classes());
  }
}
