package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.KerasNames;
import dev.lanewise.engine.layer.ParameterSpec;
import java.util.List;

/**
 * Thrown when the loss stops being a number, or a parameter of a state that is to be kept is none:
 * every later step would only spread it.
 */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergedException(int epoch, double validationLoss) {
    super(
        "fit: the validation loss is "
            + validationLoss
            + " after epoch "
            + (epoch + 1)
            + "; lower the learning rate or scale the inputs");
  }

  DivergedException(int epoch, int batch, double loss) {
    super(
        "fit: the loss is "
            + loss
            + " in epoch "
            + (epoch + 1)
            + ", batch "
            + (batch + 1)
            + "; lower the learning rate or scale the inputs");
  }

  /** Of an array that is not finite, by its place among the model's. */
  DivergedException(ModelSpec spec, int array, int epoch, int batches) {
    super(
        "fit: "
            + named(spec, array)
            + " has values that are NaN or infinite after batch "
            + batches
            + " of epoch "
            + (epoch + 1)
            + "; lower the learning rate or scale the inputs");
  }

  private static String named(ModelSpec spec, int array) {
    List<String> layers = KerasNames.of(spec.graph().layers());
    int next = 0;
    for (int i = 0; i < layers.size(); i++) {
      for (ParameterSpec parameter : spec.graph().parameters(i)) {
        if (next++ == array) {
          return parameter.name() + " of " + layers.get(i);
        }
      }
    }
    throw new IndexOutOfBoundsException(array);
  }
}
