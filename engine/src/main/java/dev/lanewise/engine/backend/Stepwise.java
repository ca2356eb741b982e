package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SpatialDropout1D;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.tensor.Shape;

/** A model as it is at each single step of a sequence, if every layer can tell without the next. */
public final class Stepwise {
  private static final String MASKS = "makes a mask, which streams do not heed";

  private Stepwise() {}

  /**
   * Returns the model with sequences of one step, its parameters being the same.
   *
   * @throws UnsupportedOperationException if the input is no sequence, or a layer looks ahead or
   *     changes the steps
   */
  public static ModelSpec of(ModelSpec model) {
    if (!model.graph().isChain()) {
      throw new UnsupportedOperationException(
          "stream: the model must be a chain of layers with one input and one output, found a"
              + " graph");
    }
    boolean tokens = model.takesIds();
    if (model.input().rank() == 1 && !tokens) {
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
    Shape step = tokens ? Shape.of(1) : Shape.of(1, model.input().size(1));
    return new ModelSpec(step, model.layers(), model.loss(), model.optimizer());
  }

  /** Returns why a layer cannot go step by step, empty if it can. */
  private static String refusal(Layer layer, Shape input) {
    return switch (layer) {
      case Recurrent recurrent ->
          recurrent.returnState()
              ? "gives its states (return_state)"
              : recurrent.goBackwards() ? "begins with the last step (go_backwards)" : "";
      case Merge merge -> "reads several values";
      case Bidirectional both -> "reads the sequence from its end as well";
      case Flatten flatten -> acrossSteps(input);
      case Reshape reshape -> acrossSteps(input);
      case RepeatVector repeat -> "makes steps of its own";
      case ZeroPadding1D padding -> "makes steps of its own";
      case UpSampling1D sampling -> "makes steps of its own";
      case Cropping1D cropping -> "leaves steps out";
      case Conv1D convolution -> "reads several steps at once";
      case MaxPooling1D pooling -> "reads several steps at once";
      case AveragePooling1D pooling -> "reads several steps at once";
      case GlobalMaxPooling1D pooling -> "needs all steps at once";
      case GlobalAveragePooling1D pooling -> "needs all steps at once";
      case Permute permute -> permute.turns() ? "needs all steps at once" : "";
      case Frozen frozen -> refusal(frozen.layer(), input);
      case Embedding embedding -> embedding.maskZero() ? MASKS : "";
      case Masking masking -> MASKS;
      case BatchNormalization normalization -> "";
      case LayerNormalization normalization -> "";
      case Rescaling rescaling -> "";
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
