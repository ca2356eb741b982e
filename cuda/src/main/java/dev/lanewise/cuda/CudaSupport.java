package dev.lanewise.cuda;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import org.jspecify.annotations.Nullable;

/**
 * What there are kernels for. The switches are exhaustive: whatever is new to the engine is either
 * refused here by name or has its kernels.
 */
final class CudaSupport {
  private static final String NO_KERNELS = "has no CUDA kernels yet";

  private CudaSupport() {}

  /** Returns what of a model there are no kernels for, in one line, or null if all are there. */
  static @Nullable String refusal(ModelSpec model) {
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      String missing = missing(layer);
      if (missing != null) {
        return "layer " + i + " (" + layer.className() + ") " + missing;
      }
    }
    String loss = missingLoss(model);
    return loss != null ? loss : missing(model.optimizer());
  }

  private static @Nullable String missing(Layer layer) {
    return switch (layer) {
      case SimpleRnn rnn -> null;
      case Lstm lstm -> NO_KERNELS;
      case Gru gru -> NO_KERNELS;
      case Dense dense -> null;
    };
  }

  private static @Nullable String missingLoss(ModelSpec model) {
    return switch (model.lossForm()) {
      case SOFTMAX_CROSSENTROPY, CLIPPED_CROSSENTROPY, MEAN_SQUARED_ERROR -> null;
    };
  }

  private static @Nullable String missing(Optimizer optimizer) {
    return switch (optimizer) {
      case Adam adam -> null;
      case Sgd sgd -> null;
    };
  }

  /**
   * Refuses a model that there are no kernels for.
   *
   * @throws IllegalArgumentException naming layer, loss or optimizer
   */
  static void require(ModelSpec model) {
    String refusal = refusal(model);
    if (refusal != null) {
      throw new IllegalArgumentException(
          "backend cuda: " + refusal + "; the backend cpu runs this model");
    }
  }
}
