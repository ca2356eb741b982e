package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.keras.SavedModel.NamedOptimizer;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Adamax;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.LearningRateSchedule;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.optimizer.UpdateOptions;
import dev.lanewise.engine.optimizer.WeightAverage;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** An optimizer's object in {@code compile_config}, read and written. */
final class OptimizerConfig {
  /** Keys that are read, or that do nothing while nothing is accumulated. */
  private static final Set<String> KNOWN =
      Set.of(
          "name",
          "learning_rate",
          ScheduleConfig.OLD_RATE,
          "clipnorm",
          "global_clipnorm",
          "clipvalue",
          "weight_decay",
          ScheduleConfig.OLD_DECAY,
          "jit_compile",
          "is_legacy_optimizer");

  private static final List<String> CLIPPINGS = List.of("clipnorm", "global_clipnorm", "clipvalue");
  private static final String SUPPORTED =
      "Adadelta, Adagrad, Adam, AdamW, Adamax, Lion, Nadam, RMSprop and SGD";

  private OptimizerConfig() {}

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
      case "adamw" -> AdamW.withDefaults();
      case "adamax" -> Adamax.withDefaults();
      case "sgd" -> Sgd.of(0.01);
      case "rmsprop" -> RmsProp.withDefaults();
      case "nadam" -> Nadam.withDefaults();
      case "adagrad" -> Adagrad.withDefaults();
      case "adadelta" -> Adadelta.withDefaults();
      case "lion" -> Lion.withDefaults();
      default -> throw unsupported(name, where);
    };
  }

  private static Optimizer read(Config object) {
    String type = object.className();
    Optimizer defaults = named(type, "compile_config");
    Config config = object.child("config").at("optimizer " + LayerConfig.shortened(type));
    if (defaults instanceof Nadam && config.number(ScheduleConfig.OLD_DECAY, 0) != 0) {
      throw config.wrong(ScheduleConfig.OLD_DECAY, "0"); // in Keras 2 that of its momentum
    }
    try {
      LearningRateSchedule rate = ScheduleConfig.read(config, defaults.learningRate().at(0));
      double decay = config.number("weight_decay", defaults.weightDecay());
      WeightAverage average = AverageConfig.of(config);
      return rule(config, defaults, new UpdateOptions(rate, clipping(config), decay, average));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.where() + ": " + e.getMessage(), e);
    }
  }

  private static Optimizer rule(Config config, Optimizer defaults, UpdateOptions options) {
    return switch (defaults) {
      case Adam adam -> adam(config, adam, options);
      case AdamW adamW -> new AdamW(adam(config, adamW.adam(), options));
      case Adamax adamax -> {
        requireKnown(config, "beta_1", "beta_2", "epsilon");
        yield new Adamax(
            options,
            config.number("beta_1", adamax.beta1()),
            config.number("beta_2", adamax.beta2()),
            config.number("epsilon", adamax.epsilon()));
      }
      case Sgd sgd -> {
        requireKnown(config, "momentum", "nesterov");
        double momentum = config.number("momentum", sgd.momentum());
        yield new Sgd(options, momentum, config.bool("nesterov", sgd.nesterov()));
      }
      case RmsProp rms -> {
        requireKnown(config, "rho", "momentum", "epsilon", "centered");
        yield new RmsProp(
            options,
            config.number("rho", rms.rho()),
            config.number("momentum", rms.momentum()),
            config.number("epsilon", rms.epsilon()),
            config.bool("centered", rms.centered()));
      }
      case Nadam nadam -> {
        requireKnown(config, "beta_1", "beta_2", "epsilon");
        yield new Nadam(
            options,
            config.number("beta_1", nadam.beta1()),
            config.number("beta_2", nadam.beta2()),
            config.number("epsilon", nadam.epsilon()));
      }
      case Adagrad adagrad -> {
        requireKnown(config, "initial_accumulator_value", "epsilon");
        yield new Adagrad(
            options,
            config.number("initial_accumulator_value", adagrad.initialAccumulatorValue()),
            config.number("epsilon", adagrad.epsilon()));
      }
      case Adadelta adadelta -> {
        requireKnown(config, "rho", "epsilon");
        yield new Adadelta(
            options,
            config.number("rho", adadelta.rho()),
            config.number("epsilon", adadelta.epsilon()));
      }
      case Lion lion -> {
        requireKnown(config, "beta_1", "beta_2");
        yield new Lion(
            options, config.number("beta_1", lion.beta1()), config.number("beta_2", lion.beta2()));
      }
    };
  }

  private static Adam adam(Config config, Adam defaults, UpdateOptions options) {
    requireKnown(config, "beta_1", "beta_2", "epsilon", "amsgrad");
    return new Adam(
        options,
        config.number("beta_1", defaults.beta1()),
        config.number("beta_2", defaults.beta2()),
        config.number("epsilon", defaults.epsilon()),
        config.bool("amsgrad", defaults.amsgrad()));
  }

  private static void requireKnown(Config config, String... own) {
    Set<String> all = new HashSet<>(KNOWN);
    all.addAll(AverageConfig.KEYS);
    all.addAll(Set.of(own));
    config.requireKnown(all);
  }

  private static ModelFormatException unsupported(String name, String where) {
    if (name.equals("LossScaleOptimizer")) {
      return new ModelFormatException(
          where
              + ": optimizer LossScaleOptimizer keeps gradients within the range of float16, and"
              + " training here is in float32; in Keras, compile the model with the optimizer that"
              + " it wraps, and save it again");
    }
    return new ModelFormatException(
        where
            + ": optimizer "
            + LayerConfig.shortened(name)
            + " is not supported; "
            + SUPPORTED
            + " are");
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
    boolean decays = optimizer.weightDecay() != 0 || optimizer instanceof AdamW; // which needs one
    config.add(
        "weight_decay", decays ? new JsonPrimitive(optimizer.weightDecay()) : JsonNull.INSTANCE);
    limit(config, "clipnorm", optimizer, GradientClipping.Kind.NORM);
    limit(config, "global_clipnorm", optimizer, GradientClipping.Kind.GLOBAL_NORM);
    limit(config, "clipvalue", optimizer, GradientClipping.Kind.VALUE);
    AverageConfig.write(optimizer.average(), config);
    config.add("loss_scale_factor", JsonNull.INSTANCE);
    config.add("gradient_accumulation_steps", JsonNull.INSTANCE);
    return KerasObject.of("keras.optimizers", own(optimizer, config), config);
  }

  /** Adds what only its class has; returns the class. */
  private static String own(Optimizer optimizer, JsonObject config) {
    return switch (optimizer) {
      case Adam adam -> adam(adam, config, "Adam");
      case AdamW adamW -> adam(adamW.adam(), config, "AdamW");
      case Adamax adamax -> {
        config.addProperty("beta_1", adamax.beta1());
        config.addProperty("beta_2", adamax.beta2());
        config.addProperty("epsilon", adamax.epsilon());
        yield "Adamax";
      }
      case Sgd sgd -> {
        config.addProperty("momentum", sgd.momentum());
        config.addProperty("nesterov", sgd.nesterov());
        yield "SGD";
      }
      case RmsProp rms -> {
        config.addProperty("rho", rms.rho());
        config.addProperty("momentum", rms.momentum());
        config.addProperty("epsilon", rms.epsilon());
        config.addProperty("centered", rms.centered());
        yield "RMSprop";
      }
      case Nadam nadam -> {
        config.addProperty("beta_1", nadam.beta1());
        config.addProperty("beta_2", nadam.beta2());
        config.addProperty("epsilon", nadam.epsilon());
        yield "Nadam";
      }
      case Adagrad adagrad -> {
        config.addProperty("initial_accumulator_value", adagrad.initialAccumulatorValue());
        config.addProperty("epsilon", adagrad.epsilon());
        yield "Adagrad";
      }
      case Adadelta adadelta -> {
        config.addProperty("rho", adadelta.rho());
        config.addProperty("epsilon", adadelta.epsilon());
        yield "Adadelta";
      }
      case Lion lion -> {
        config.addProperty("beta_1", lion.beta1());
        config.addProperty("beta_2", lion.beta2());
        yield "Lion";
      }
    };
  }

  private static String adam(Adam adam, JsonObject config, String type) {
    config.addProperty("beta_1", adam.beta1());
    config.addProperty("beta_2", adam.beta2());
    config.addProperty("epsilon", adam.epsilon());
    config.addProperty("amsgrad", adam.amsgrad());
    return type;
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
