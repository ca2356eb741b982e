package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalHinge;
import dev.lanewise.engine.loss.CosineSimilarity;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.Hinge;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.KlDivergence;
import dev.lanewise.engine.loss.LogCosh;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.MeanAbsoluteError;
import dev.lanewise.engine.loss.MeanAbsolutePercentageError;
import dev.lanewise.engine.loss.MeanSquaredError;
import dev.lanewise.engine.loss.MeanSquaredLogarithmicError;
import dev.lanewise.engine.loss.Poisson;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.loss.SquaredHinge;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A loss in the settings of {@code compile}: a name, or an object of {@code keras.losses}. */
final class LossConfig {
  private static final String FROM_LOGITS = "from_logits";
  private static final String LABEL_SMOOTHING = "label_smoothing";
  private static final String AXIS = "axis";
  private static final String DELTA = "delta";
  private static final String BALANCING = "apply_class_balancing";
  private static final String ALPHA = "alpha";
  private static final String GAMMA = "gamma";
  private static final String REDUCTION = "reduction";
  private static final String MEAN = "sum_over_batch_size";

  /** Those of one loss or another. */
  static final List<String> OPTIONS =
      List.of(FROM_LOGITS, LABEL_SMOOTHING, DELTA, BALANCING, ALPHA, GAMMA);

  private static final Set<String> KNOWN =
      Stream.concat(Stream.of("name", REDUCTION, "fn", "dtype", AXIS), OPTIONS.stream())
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> NOTHING = Set.of("false", "0", "0.0");

  /** The reductions to a mean over the samples, of Keras 3 and 2. */
  private static final Set<String> MEANS = Set.of(MEAN, "auto", "mean");

  private static final List<Loss> LOSSES =
      List.of(
          Loss.CATEGORICAL_CROSSENTROPY,
          Loss.SPARSE_CATEGORICAL_CROSSENTROPY,
          Loss.BINARY_CROSSENTROPY,
          Loss.MEAN_SQUARED_ERROR,
          Loss.MEAN_ABSOLUTE_ERROR,
          Loss.HUBER,
          Loss.LOG_COSH,
          Loss.KL_DIVERGENCE,
          Loss.COSINE_SIMILARITY,
          Loss.MEAN_ABSOLUTE_PERCENTAGE_ERROR,
          Loss.MEAN_SQUARED_LOGARITHMIC_ERROR,
          Loss.POISSON,
          Loss.HINGE,
          Loss.SQUARED_HINGE,
          Loss.CATEGORICAL_HINGE,
          Loss.BINARY_FOCAL_CROSSENTROPY,
          Loss.CATEGORICAL_FOCAL_CROSSENTROPY,
          Loss.CTC);

  private LossConfig() {}

  /**
   * Reads a model's loss.
   *
   * @throws ModelFormatException naming what of it is not supported
   */
  static Loss read(Config compile) {
    String name = compile.stringOrNull("loss");
    if (name != null) {
      return named(compile, name);
    }
    if (!compile.has("loss")) {
      throw new ModelFormatException(compile.where() + ": has no loss");
    }
    if (!compile.json().get("loss").isJsonObject()) {
      throw compile.wrong("loss", "one loss, by name or as an object");
    }
    Config object = compile.child("loss");
    if ("function".equals(object.stringOrNull("class_name"))) {
      return named(compile, function(object));
    }
    String type = object.className();
    Loss loss = named(compile, type);
    Config options = object.child("config").at("loss " + LayerConfig.shortened(type));
    options.requireKnown(KNOWN);
    if (options.has("fn")) {
      String fn = options.stringOrNull("fn");
      if (!named(options, fn != null ? fn : function(options.child("fn"))).equals(loss)) {
        throw options.wrong("fn", loss.kerasName());
      }
    }
    requireMean(options);
    DtypeConfig.requireFloat32(options);
    try {
      return withOptions(loss, options);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(options.where() + ": " + e.getMessage(), e);
    }
  }

  /** Functions of Keras's own and of a program's main file are told apart by their names alone. */
  private static String function(Config object) {
    if (!"builtins".equals(object.stringOrNull("module"))) {
      throw object.wrong("module", "builtins");
    }
    return object.string("config");
  }

  private static Loss named(Config compile, String name) {
    Loss found = namedOrNull(name);
    if (found == null) {
      throw new ModelFormatException(
          compile.where()
              + ": loss "
              + LayerConfig.shortened(name)
              + " is not supported; there are "
              + LOSSES.stream().map(Loss::kerasName).collect(Collectors.joining(", ")));
    }
    return found;
  }

  /** Of functions, of classes, and their abbreviations, of Keras 3 and 2. */
  static @Nullable Loss namedOrNull(String name) {
    String plain = name.replace("_", "").toLowerCase(Locale.ROOT);
    for (Loss loss : LOSSES) {
      if (plain.equals(loss.kerasName().replace("_", ""))) {
        return loss;
      }
    }
    return switch (plain) {
      case "mse" -> Loss.MEAN_SQUARED_ERROR;
      case "mae" -> Loss.MEAN_ABSOLUTE_ERROR;
      case "mape" -> Loss.MEAN_ABSOLUTE_PERCENTAGE_ERROR;
      case "msle" -> Loss.MEAN_SQUARED_LOGARITHMIC_ERROR;
      case "bce" -> Loss.BINARY_CROSSENTROPY;
      case "kld", "kullbackleiblerdivergence" -> Loss.KL_DIVERGENCE;
      case "huberloss" -> Loss.HUBER;
      default -> null;
    };
  }

  /** Weights of samples never enter the divisor here: that of other reductions is another. */
  private static void requireMean(Config options) {
    if (options.number(AXIS, -1) != -1) {
      throw options.wrong(AXIS, "-1");
    }
    boolean mean =
        !options.json().has(REDUCTION)
            || MEANS.contains(String.valueOf(options.stringOrNull(REDUCTION)));
    if (!mean) {
      throw options.wrong(REDUCTION, MEAN);
    }
  }

  /** Returns a loss with its options, and refuses those of others. */
  static Loss withOptions(Loss loss, Config options) {
    return switch (loss) {
      case CategoricalCrossentropy plain -> {
        requireOnly(options, FROM_LOGITS, LABEL_SMOOTHING);
        yield new CategoricalCrossentropy(
            options.bool(FROM_LOGITS, false), options.number(LABEL_SMOOTHING, 0));
      }
      case SparseCategoricalCrossentropy plain -> {
        requireOnly(options, FROM_LOGITS);
        yield new SparseCategoricalCrossentropy(options.bool(FROM_LOGITS, false));
      }
      case BinaryCrossentropy plain -> {
        requireOnly(options, FROM_LOGITS, LABEL_SMOOTHING);
        yield new BinaryCrossentropy(
            options.bool(FROM_LOGITS, false), options.number(LABEL_SMOOTHING, 0));
      }
      case BinaryFocalCrossentropy plain -> {
        requireOnly(options, FROM_LOGITS, LABEL_SMOOTHING, BALANCING, ALPHA, GAMMA);
        yield new BinaryFocalCrossentropy(
            options.bool(BALANCING, false),
            options.number(ALPHA, plain.alpha()),
            options.number(GAMMA, plain.gamma()),
            options.bool(FROM_LOGITS, false),
            options.number(LABEL_SMOOTHING, 0));
      }
      case CategoricalFocalCrossentropy plain -> {
        requireOnly(options, FROM_LOGITS, LABEL_SMOOTHING, ALPHA, GAMMA);
        yield new CategoricalFocalCrossentropy(
            options.number(ALPHA, plain.alpha()),
            options.number(GAMMA, plain.gamma()),
            options.bool(FROM_LOGITS, false),
            options.number(LABEL_SMOOTHING, 0));
      }
      case Huber plain -> {
        requireOnly(options, DELTA);
        yield new Huber(options.number(DELTA, plain.delta())); // Keras itself leaves it out
      }
      case MeanSquaredError _,
          MeanAbsoluteError _,
          MeanAbsolutePercentageError _,
          MeanSquaredLogarithmicError _,
          Poisson _,
          Hinge _,
          SquaredHinge _,
          CategoricalHinge _,
          LogCosh _,
          KlDivergence _,
          CosineSimilarity _,
          Ctc _ -> {
        requireOnly(options);
        yield loss;
      }
    };
  }

  /** Refuses options of losses other than these. */
  static void requireOnly(Config options, String... own) {
    for (String key : OPTIONS) {
      boolean other = !List.of(own).contains(key);
      if (other && options.has(key) && !NOTHING.contains(options.value(key))) {
        throw options.wrong(key, "absent");
      }
    }
  }

  /** Returns a loss as Keras reads it: by name, or as an object if it has options. */
  static JsonElement write(Loss loss) {
    if (loss.equals(namedOrNull(loss.kerasName()))) {
      return new JsonPrimitive(loss.kerasName());
    }
    JsonObject config = new JsonObject();
    config.addProperty("name", loss instanceof Huber ? "huber_loss" : loss.kerasName());
    config.addProperty(REDUCTION, MEAN);
    addOptions(config, loss);
    return KerasObject.of("keras.losses", loss.getClass().getSimpleName(), config);
  }

  /** Adds what a loss may be told. */
  static void addOptions(JsonObject config, Loss loss) {
    switch (loss) {
      case CategoricalCrossentropy crossentropy -> {
        addLogits(config, crossentropy.fromLogits(), crossentropy.labelSmoothing());
        config.addProperty(AXIS, -1);
      }
      case BinaryCrossentropy crossentropy -> {
        addLogits(config, crossentropy.fromLogits(), crossentropy.labelSmoothing());
        config.addProperty(AXIS, -1);
      }
      case SparseCategoricalCrossentropy crossentropy -> {
        config.addProperty(FROM_LOGITS, crossentropy.fromLogits());
        config.add("ignore_class", JsonNull.INSTANCE);
      }
      case BinaryFocalCrossentropy focal -> {
        addLogits(config, focal.fromLogits(), focal.labelSmoothing());
        config.addProperty(AXIS, -1);
        config.addProperty(BALANCING, focal.applyClassBalancing());
        addFocus(config, focal.alpha(), focal.gamma());
      }
      case CategoricalFocalCrossentropy focal -> {
        addLogits(config, focal.fromLogits(), focal.labelSmoothing());
        config.addProperty(AXIS, -1);
        addFocus(config, focal.alpha(), focal.gamma());
      }
      case Huber huber -> config.addProperty(DELTA, huber.delta()); // Keras leaves it out, reads it
      case MeanSquaredError _,
          MeanAbsoluteError _,
          MeanAbsolutePercentageError _,
          MeanSquaredLogarithmicError _,
          Poisson _,
          Hinge _,
          SquaredHinge _,
          CategoricalHinge _,
          LogCosh _,
          KlDivergence _,
          CosineSimilarity _,
          Ctc _ -> {}
    }
  }

  private static void addLogits(JsonObject config, boolean fromLogits, double smoothing) {
    config.addProperty(FROM_LOGITS, fromLogits);
    config.addProperty(LABEL_SMOOTHING, smoothing);
  }

  private static void addFocus(JsonObject config, double alpha, double gamma) {
    config.addProperty(ALPHA, alpha);
    config.addProperty(GAMMA, gamma);
  }
}
