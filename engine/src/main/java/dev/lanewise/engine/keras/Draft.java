package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.keras.SavedModel.Origin;
import dev.lanewise.engine.keras.SavedModel.Training;
import dev.lanewise.engine.keras.WeightsReader.OptimizerState;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model whose architecture is known and whose weights are still to be read. */
final class Draft {
  private final ModelConfig config;
  private final @Nullable Training training;
  private final @Nullable String obstacle;

  Draft(Config model, @Nullable Config compile) {
    config = ModelConfig.read(model);
    Training found = null;
    String reason = null;
    if (compile != null) {
      try {
        found = TrainingConfig.read(compile);
      } catch (ModelFormatException e) {
        reason =
            String.valueOf(
                e.getMessage()); // it predicts all the same; whoever wants to train is told
      }
    }
    training = found;
    obstacle = config.obstacle() != null ? config.obstacle() : reason;
  }

  ModelSpec spec() {
    return model(Parameters.initial(List.of()), null, new Origin("", "")).spec();
  }

  /** State of an optimizer that this is not is of no use. */
  OptimizerState state(OptimizerState found) {
    return training == null ? new OptimizerState(List.of(), 0, null) : found;
  }

  SavedModel model(Parameters parameters, @Nullable OptimizerState state, Origin origin) {
    Training trained = training;
    if (trained != null && state != null && state.learningRate() != null) {
      trained = withRate(trained, state.learningRate());
    }
    return new SavedModel(
        config.name(),
        config.input(),
        config.inputName(),
        config.layers(),
        trained,
        obstacle,
        parameters,
        origin);
  }

  /** The variable counts, as in Keras: a callback may have changed it since compilation. */
  private static Training withRate(Training training, double rate) {
    ConstantLearningRate now;
    try {
      now = new ConstantLearningRate(rate);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException("optimizer variable: " + e.getMessage(), e);
    }
    Optimizer optimizer =
        switch (training.optimizer()) {
          case Adam adam -> adam.withLearningRate(now);
          case Sgd sgd -> sgd.withLearningRate(now);
        };
    return new Training(training.loss(), optimizer, training.optimizerName(), training.metrics());
  }
}
