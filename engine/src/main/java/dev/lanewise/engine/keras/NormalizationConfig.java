package dev.lanewise.engine.keras;

import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Initializer;
import java.util.List;
import java.util.Set;

/** The settings of a batch normalization in a layer's entry. */
final class NormalizationConfig {
  private static final Set<String> BATCH =
      LayerConfig.known(
          "axis",
          "momentum",
          "epsilon",
          "center",
          "scale",
          "moving_mean_initializer",
          "moving_variance_initializer",
          "renorm_momentum"); // says nothing without renorm

  private NormalizationConfig() {}

  static BatchNormalization batch(Config config) {
    config.requireKnown(BATCH);
    double momentum = config.number("momentum", 0.99);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw config.wrong("momentum", "0 to 1");
    }
    double epsilon = config.number("epsilon", 1e-3);
    if (!(epsilon > 0 && epsilon <= Float.MAX_VALUE)) {
      throw config.wrong("epsilon", "above 0");
    }
    return new BatchNormalization(
        axis(config),
        momentum,
        epsilon,
        config.bool("center", true),
        config.bool("scale", true),
        RulesConfig.read(config, RulesConfig.GAMMA, Initializer.ONES, 1),
        RulesConfig.read(config, RulesConfig.BETA, Initializer.ZEROS, 1));
  }

  /** Keras 2 has it in a list, and counts from the batch's. */
  private static int axis(Config config) {
    List<Integer> axes = ScalingConfig.ownAxes(config);
    if (axes.size() != 1) {
      throw config.wrong("axis", "one axis");
    }
    return axes.getFirst();
  }

  static void write(JsonObject config, BatchNormalization layer) {
    config.addProperty("axis", layer.axis());
    config.addProperty("momentum", layer.momentum());
    config.addProperty("epsilon", layer.epsilon());
    config.addProperty("center", layer.center());
    config.addProperty("scale", layer.scale());
    RulesConfig.writeInitializers(config, layer);
    config.add("moving_mean_initializer", InitializerConfig.write(Initializer.ZEROS));
    config.add("moving_variance_initializer", InitializerConfig.write(Initializer.ONES));
    RulesConfig.writeRegularizers(config, layer);
    RulesConfig.writeConstraints(config, layer);
    config.addProperty("synchronized", false);
  }
}
