package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.keras.SavedModel.NamedOptimizer;
import dev.lanewise.engine.keras.SavedModel.Objective;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.keras.SavedModel.Origin;
import dev.lanewise.engine.keras.WeightsReader.OptimizerState;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model whose architecture is known and whose weights are still to be read. What only training
 * needs ends no prediction, whatever is wrong with it: it becomes an obstacle.
 */
final class Draft {
  private final ModelConfig config;
  private final List<Obstacle> obstacles;
  private final @Nullable Objective objective;
  private @Nullable NamedOptimizer optimizer;

  /**
   * Reads a model's configuration.
   *
   * @param compile what {@code compile} was given, absent or empty if it was never called
   * @param others what stands in the place of some of its layers
   */
  Draft(Config model, @Nullable Config compile, Replacements others) {
    TextFront text = TextFront.ofOrNull(model);
    config = ModelConfig.read(text == null ? model : text.model(), others);
    obstacles = new ArrayList<>(config.obstacles());
    if (text != null) {
      obstacles.add(text.obstacle());
    }
    if (compile == null || compile.json().isEmpty()) {
      objective = null;
      return;
    }
    objective = orObstacle(true, () -> read(compile));
    optimizer = orObstacle(false, () -> OptimizerConfig.of(compile));
  }

  private Objective read(Config compile) {
    Objective read = ObjectiveConfig.read(compile, config.outputNames());
    return ObjectiveConfig.ofOutputs(read, config.graph());
  }

  private <T> @Nullable T orObstacle(boolean changesLoss, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ModelFormatException e) {
      obstacles.add(new Obstacle(String.valueOf(e.getMessage()), changesLoss));
      return null;
    }
  }

  ModelSpec spec() {
    return saved(Parameters.initial(List.of()), new Origin("", "")).spec();
  }

  List<NestedModel> models() {
    return config.models();
  }

  /**
   * Returns the model.
   *
   * @param weights every parameter
   * @param reader reads the optimizer's state; not asked if that is not supported
   * @param origin where the file comes from
   */
  SavedModel model(
      List<float[]> weights, Function<ModelSpec, OptimizerState> reader, Origin origin) {
    NamedOptimizer named = optimizer;
    Parameters parameters = Parameters.initial(weights);
    if (named != null) {
      OptimizerState state = orObstacle(false, () -> reader.apply(spec()));
      optimizer = state == null ? null : orObstacle(false, () -> withRate(named, state));
      if (state != null && optimizer != null) {
        parameters = new Parameters(weights, state.slots(), state.iterations());
      }
    }
    return saved(parameters, origin);
  }

  private SavedModel saved(Parameters parameters, Origin origin) {
    return new SavedModel(
        config.name(),
        config.graph(),
        config.layerNames(),
        config.models(),
        objective,
        optimizer,
        obstacles,
        parameters,
        origin);
  }

  /** The variable counts, as in Keras: a callback may have changed it since compilation. */
  private static NamedOptimizer withRate(NamedOptimizer named, OptimizerState state) {
    Double rate = state.learningRate();
    if (rate == null) {
      return named;
    }
    ConstantLearningRate now;
    try {
      now = new ConstantLearningRate(rate);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException("optimizer variable: " + e.getMessage(), e);
    }
    return new NamedOptimizer(named.name(), named.rule().withLearningRate(now));
  }
}
