package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.NamedOptimizer;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.LearningRateSchedule;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** An optimizer's object in {@code compile_config}, read and written. */
final class OptimizerConfig {
  /** Keys that are read, or that do nothing while use_ema is false and nothing is accumulated. */
  private static final Set<String> KNOWN =
      Set.of(
          "name",
          "learning_rate",
          "clipnorm",
          "global_clipnorm",
          "clipvalue",
          "weight_decay",
          "decay",
          "ema_momentum",
          "ema_overwrite_frequency",
          "jit_compile",
          "is_legacy_optimizer");

  private static final List<String> CLIPPINGS = List.of("clipnorm", "global_clipnorm", "clipvalue");
  private static final Set<String> ADAM = with("beta_1", "beta_2", "epsilon");
  private static final Set<String> SGD = with("momentum", "nesterov");

  private OptimizerConfig() {}

  private static Set<String> with(String... keys) {
    Set<String> all = new HashSet<>(KNOWN);
    all.addAll(Set.of(keys));
    return Set.copyOf(all);
  }

  /**
   * Reads the optimizer of the settings of {@code compile}.
   *
   * @throws ModelFormatException naming class or key of what is not supported
   */
  static NamedOptimizer of(Config compile) {
    String key = compile.has("optimizer_config") ? "optimizer_config" : "optimizer";
    String plain = compile.stringOrNull(key);
    if (plain != null) {
      Optimizer optimizer = named(plain, compile.where());
      return new NamedOptimizer(optimizer.kerasName(), optimizer);
    }
    Config object = compile.child(key);
    Optimizer optimizer = read(object);
    String own = object.child("config").stringOrNull("name");
    return new NamedOptimizer(own != null ? own : optimizer.kerasName(), optimizer);
  }

  /** Reads an optimizer that is given by its name alone. */
  private static Optimizer named(String name, String where) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "adam" -> Adam.withDefaults();
      case "sgd" -> Sgd.of(0.01);
      default -> throw unsupported(name, where);
    };
  }

  private static Optimizer read(Config object) {
    String type = object.className();
    Config config = object.child("config").at("optimizer " + LayerConfig.shortened(type));
    if (!type.equals("Adam") && !type.equals("SGD")) {
      throw unsupported(type, "compile_config");
    }
    config.requireKnown(type.equals("Adam") ? ADAM : SGD);
    for (String decay : List.of("weight_decay", "decay")) {
      if (config.number(decay, 0) != 0) {
        throw config.wrong(decay, "0");
      }
    }
    try {
      LearningRateSchedule rate = ScheduleConfig.read(config, type.equals("Adam") ? 0.001 : 0.01);
      GradientClipping clipping = clipping(config);
      if (type.equals("SGD")) {
        double momentum = config.number("momentum", 0);
        return new Sgd(rate, momentum, config.bool("nesterov", false), clipping);
      }
      return new Adam(
          rate,
          config.number("beta_1", 0.9),
          config.number("beta_2", 0.999),
          config.number("epsilon", 1e-7),
          clipping);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.where() + ": " + e.getMessage(), e);
    }
  }

  private static ModelFormatException unsupported(String name, String where) {
    return new ModelFormatException(
        where
            + ": optimizer "
            + LayerConfig.shortened(name)
            + " is not supported; Adam and SGD are");
  }

  private static GradientClipping clipping(Config config) {
    List<String> set = CLIPPINGS.stream().filter(config::has).toList();
    if (set.size() > 1) {
      throw new ModelFormatException(
          config.where() + ": of " + set + " only one may be set, as in Keras");
    }
    if (config.has("clipnorm")) {
      return GradientClipping.norm(config.number("clipnorm"));
    }
    if (config.has("global_clipnorm")) {
      return GradientClipping.globalNorm(config.number("global_clipnorm"));
    }
    return config.has("clipvalue")
        ? GradientClipping.value(config.number("clipvalue"))
        : GradientClipping.none();
  }

  /** Returns an optimizer's object. */
  static JsonObject write(Optimizer optimizer, String name) {
    JsonObject config = new JsonObject();
    config.addProperty("name", name);
    config.add("learning_rate", ScheduleConfig.write(optimizer.learningRate()));
    config.add("weight_decay", JsonNull.INSTANCE);
    limit(config, "clipnorm", optimizer, GradientClipping.Kind.NORM);
    limit(config, "global_clipnorm", optimizer, GradientClipping.Kind.GLOBAL_NORM);
    limit(config, "clipvalue", optimizer, GradientClipping.Kind.VALUE);
    config.addProperty("use_ema", false);
    config.addProperty("ema_momentum", 0.99);
    config.add("ema_overwrite_frequency", JsonNull.INSTANCE);
    config.add("loss_scale_factor", JsonNull.INSTANCE);
    config.add("gradient_accumulation_steps", JsonNull.INSTANCE);
    return switch (optimizer) {
      case Adam adam -> {
        config.addProperty("beta_1", adam.beta1());
        config.addProperty("beta_2", adam.beta2());
        config.addProperty("epsilon", adam.epsilon());
        config.addProperty("amsgrad", false);
        yield KerasObject.of("keras.optimizers", "Adam", config);
      }
      case Sgd sgd -> {
        config.addProperty("momentum", sgd.momentum());
        config.addProperty("nesterov", sgd.nesterov());
        yield KerasObject.of("keras.optimizers", "SGD", config);
      }
    };
  }

  private static void limit(
      JsonObject config, String key, Optimizer optimizer, GradientClipping.Kind kind) {
    if (optimizer.clipping().kind() == kind) {
      config.addProperty(key, optimizer.clipping().limit());
    } else {
      config.add(key, JsonNull.INSTANCE);
    }
  }

  static JsonArray numbers(Iterable<? extends Number> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }
}
