package dev.lanewise.bench;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code SimpleRNN(units) -> Dense(10, softmax)} with Adam, or another recurrent layer in its
 * place, in any size, on random pixels.
 *
 * @param cell the recurrent layer
 * @param units the width of the recurrent layer's output
 * @param batch samples of a batch
 * @param steps time steps of a sample
 * @param features values of a step
 */
public record FoundingModel(Cell cell, int units, int batch, int steps, int features) {
  /** Classes of the output. */
  public static final int CLASSES = 10;

  /** The sizes of the notebook that the project was founded on, whose cell was a simple one. */
  public static FoundingModel asFounded(Cell cell) {
    return new FoundingModel(cell, 150, 150, 28, 28);
  }

  /** Returns the model. */
  public ModelSpec spec() {
    return new ModelSpec(
        Shape.of(steps, features),
        List.of(cell.layer(units), Dense.of(CLASSES, Activation.SOFTMAX)),
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
   * Returns the nominal work of a training step on a batch in 1e9 operations, products alone,
   * padding not counted: forward (features + units) x units a gate and step, backward units x
   * units, and of the weights' gradient as much as forward. The first step's products with the zero
   * state count, though they need not be computed.
   */
  public double stepGflop() {
    double each = 2 * cell.forwardProducts(features, units) + cell.stateProducts(units);
    return 2e-9 * batch * (steps * each + 3.0 * units * CLASSES);
  }

  /** Returns the nominal work of predicting a batch, in 1e9 operations. */
  public double predictGflop() {
    return 2e-9
        * batch
        * (steps * cell.forwardProducts(features, units) + (double) units * CLASSES);
  }
}
