package dev.lanewise.spark;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;

/** The founding model, and pictures that are drawn here. */
final class Founding {
  private Founding() {}

  static Model model() {
    return model(1);
  }

  static Model model(long seed) {
    return Model.sequential(Shape.of(28, 28), SimpleRnn.of(150), Dense.of(10, Activation.SOFTMAX))
        .withSeed(seed)
        .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  static FitOptions options(int epochs) {
    return FitOptions.epochs(epochs).withBatchSize(150).withValidationSplit(0.2).withSeed(1);
  }

  /** Returns bright squares on dark ground, whose place is their class. */
  static Dataset pictures(int count) {
    SplitMix64 random = new SplitMix64(9);
    byte[] pixels = new byte[count * 28 * 28];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(10);
      for (int p = 0; p < 784; p++) {
        int bright = p / 28 / 3 == labels[i] && p % 28 / 3 == labels[i] ? 100 : 0;
        boolean ground = p / 28 > 2 && random.nextInt(4) == 0;
        pixels[i * 784 + p] = (byte) (bright + (ground ? random.nextInt(100) : 0));
      }
    }
    return Dataset.ofBytes(Shape.of(28, 28), pixels, labels, 10);
  }
}
