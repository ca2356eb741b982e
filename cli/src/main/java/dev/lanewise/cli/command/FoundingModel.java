package dev.lanewise.cli.command;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** The notebook's model, for measurements. */
final class FoundingModel {
  static final int BATCH = 150;
  static final int STEPS = 28;
  static final int FEATURES = 28;
  static final int UNITS = 150;
  static final int CLASSES = 10;

  /**
   * Operations of the products of one update on a sample: forward, backward through all steps but
   * the first, and the weights' gradients.
   */
  static final double SAMPLE_FLOP =
      2.0 * UNITS * (STEPS * (FEATURES + UNITS) * 2.0 + (STEPS - 1) * UNITS + 3.0 * CLASSES);

  private FoundingModel() {}

  static ModelSpec spec() {
    return spec(UNITS);
  }

  /** Returns the model with another number of units. */
  static ModelSpec spec(int units) {
    return new ModelSpec(
        Shape.of(STEPS, FEATURES),
        List.of(SimpleRnn.of(units), Dense.of(CLASSES, Activation.SOFTMAX)),
        Loss.CATEGORICAL_CROSSENTROPY,
        Adam.withDefaults());
  }
}
