package dev.lanewise.bench;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code SimpleRNN(units) -> Dense(10, softmax)} with Adam, in any size, on random pixels.
 *
 * @param units the recurrent layer's units
 * @param batch samples of a batch
 * @param steps time steps of a sample
 * @param features values of a step
 */
public record FoundingModel(int units, int batch, int steps, int features) {
  /** Classes of the output. */
  public static final int CLASSES = 10;

  /** The sizes of the notebook that the project was founded on. */
  public static FoundingModel asFounded() {
    return new FoundingModel(150, 150, 28, 28);
  }

  /** Returns the model. */
  public ModelSpec spec() {
    return new ModelSpec(
        Shape.of(steps, features),
        List.of(SimpleRnn.of(units), Dense.of(CLASSES, Activation.SOFTMAX)),
        Loss.CATEGORICAL_CROSSENTROPY,
        Adam.withDefaults());
  }

  /** Returns random start values. */
  public Parameters start() {
    SplitMix64 random = new SplitMix64(1);
    return Parameters.initial(
        spec().parameters().stream()
            .map(parameter -> parameter.initializer().values(parameter.shape(), random))
            .toList());
  }

  /** Returns random samples in random classes. */
  public Dataset data(int samples) {
    SplitMix64 random = new SplitMix64(2);
    byte[] pixels = new byte[Math.multiplyExact(samples, steps * features)];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    int[] labels = IntStream.range(0, samples).map(i -> random.nextInt(CLASSES)).toArray();
    return Dataset.ofBytes(Shape.of(steps, features), pixels, labels, CLASSES);
  }

  /**
   * Returns the nominal work of a training step on a batch, padding not counted, in 1e9 operations:
   * the products forward (features + units) x units a step, backward units x units, and of the
   * weights' gradient as much as forward.
   */
  public double stepGflop() {
    double each = 2.0 * (features + units) * units + (double) units * units;
    return 2e-9 * batch * (steps * each + 3.0 * units * CLASSES);
  }

  /** Returns the nominal work of predicting a batch, in 1e9 operations. */
  public double predictGflop() {
    return 2e-9 * batch * ((double) steps * (features + units) * units + units * CLASSES);
  }
}
