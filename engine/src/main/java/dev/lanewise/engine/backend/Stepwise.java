package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SpatialDropout1D;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.tensor.Shape;

/** A model as it is at each single step of a sequence, if every layer can tell without the next. */
public final class Stepwise {
  private Stepwise() {}

  /**
   * Returns the model with sequences of one step, its parameters being the same.
   *
   * @throws UnsupportedOperationException if the input is no sequence, or a layer looks ahead or
   *     changes the steps
   */
  public static ModelSpec of(ModelSpec model) {
    if (model.input().rank() == 1) {
      throw new UnsupportedOperationException(
          "stream: the model's input must be [steps, features], found " + model.input());
    }
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      String reason = refusal(layer, model.inputOf(i));
      if (!reason.isEmpty()) {
        throw new UnsupportedOperationException(
            "stream: layer " + i + " (" + layer.kerasName() + ") " + reason);
      }
    }
    Shape step = Shape.of(1, model.input().size(1));
    return new ModelSpec(step, model.layers(), model.loss(), model.optimizer());
  }

  /** Returns why a layer cannot go step by step, empty if it can. */
  private static String refusal(Layer layer, Shape input) {
    return switch (layer) {
      case Recurrent recurrent ->
          recurrent.goBackwards() ? "begins with the last step (go_backwards)" : "";
      case Bidirectional both -> "reads the sequence from its end as well";
      case Flatten flatten -> acrossSteps(input);
      case Reshape reshape -> acrossSteps(input);
      case RepeatVector repeat -> "makes steps of its own";
      case TimeDistributed distributed -> "";
      case Dense dense -> "";
      case ActivationLayer function -> "";
      case LeakyRelu leaky -> "";
      case Dropout dropout -> "";
      case SpatialDropout1D dropout -> "";
    };
  }

  private static String acrossSteps(Shape input) {
    return input.rank() == 1 ? "" : "needs all steps at once";
  }
}
