package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CosineSimilarity;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.KlDivergence;
import dev.lanewise.engine.loss.LogCosh;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.MeanAbsoluteError;
import dev.lanewise.engine.loss.MeanSquaredError;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A loss in the settings of {@code compile}: a name, or an object of {@code keras.losses}. */
final class LossConfig {
  private static final String FROM_LOGITS = "from_logits";
  private static final String LABEL_SMOOTHING = "label_smoothing";
  private static final String DELTA = "delta";
  private static final String REDUCTION = "reduction";
  private static final String MEAN = "sum_over_batch_size";

  private static final Set<String> KNOWN =
      Set.of("name", REDUCTION, "fn", "dtype", "axis", FROM_LOGITS, LABEL_SMOOTHING, DELTA);

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
          Loss.COSINE_SIMILARITY);

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
    LayerConfig.requireFloat32(options);
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
  private static @Nullable Loss namedOrNull(String name) {
    String plain = name.replace("_", "").toLowerCase(Locale.ROOT);
    for (Loss loss : LOSSES) {
      if (plain.equals(loss.kerasName().replace("_", ""))) {
        return loss;
      }
    }
    return switch (plain) {
      case "mse" -> Loss.MEAN_SQUARED_ERROR;
      case "mae" -> Loss.MEAN_ABSOLUTE_ERROR;
      case "bce" -> Loss.BINARY_CROSSENTROPY;
      case "kld", "kullbackleiblerdivergence" -> Loss.KL_DIVERGENCE;
      case "huberloss" -> Loss.HUBER;
      default -> null;
    };
  }

  /** Weights of samples never enter the divisor here: that of other reductions is another. */
  private static void requireMean(Config options) {
    if (options.number("axis", -1) != -1) {
      throw options.wrong("axis", "-1");
    }
    boolean mean =
        !options.json().has(REDUCTION)
            || MEANS.contains(String.valueOf(options.stringOrNull(REDUCTION)));
    if (!mean) {
      throw options.wrong(REDUCTION, MEAN);
    }
  }

  private static Loss withOptions(Loss loss, Config options) {
    return switch (loss) {
      case CategoricalCrossentropy plain -> {
        refuse(options, DELTA);
        yield new CategoricalCrossentropy(
            options.bool(FROM_LOGITS, false), options.number(LABEL_SMOOTHING, 0));
      }
      case SparseCategoricalCrossentropy plain -> {
        refuse(options, DELTA, LABEL_SMOOTHING);
        yield new SparseCategoricalCrossentropy(options.bool(FROM_LOGITS, false));
      }
      case BinaryCrossentropy plain -> {
        refuse(options, DELTA);
        yield new BinaryCrossentropy(
            options.bool(FROM_LOGITS, false), options.number(LABEL_SMOOTHING, 0));
      }
      case Huber plain -> {
        refuse(options, FROM_LOGITS, LABEL_SMOOTHING);
        yield new Huber(options.number(DELTA, plain.delta())); // Keras itself leaves it out
      }
      case MeanSquaredError _,
          MeanAbsoluteError _,
          LogCosh _,
          KlDivergence _,
          CosineSimilarity _ -> {
        refuse(options, DELTA, FROM_LOGITS, LABEL_SMOOTHING);
        yield loss;
      }
    };
  }

  private static void refuse(Config options, String... keys) {
    for (String key : keys) {
      if (options.has(key) && !NOTHING.contains(options.value(key))) {
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
    return switch (loss) {
      case CategoricalCrossentropy crossentropy -> {
        addLogits(config, crossentropy.fromLogits(), crossentropy.labelSmoothing());
        yield object("CategoricalCrossentropy", config);
      }
      case BinaryCrossentropy crossentropy -> {
        addLogits(config, crossentropy.fromLogits(), crossentropy.labelSmoothing());
        yield object("BinaryCrossentropy", config);
      }
      case SparseCategoricalCrossentropy crossentropy -> {
        config.addProperty(FROM_LOGITS, crossentropy.fromLogits());
        config.add("ignore_class", JsonNull.INSTANCE);
        yield object("SparseCategoricalCrossentropy", config);
      }
      case Huber huber -> {
        // Keras leaves it out when it writes, and takes it when it reads.
        config.addProperty(DELTA, huber.delta());
        yield object("Huber", config);
      }
      case MeanSquaredError _, MeanAbsoluteError _, LogCosh _, KlDivergence _, CosineSimilarity _ ->
          throw new IllegalStateException(loss + " has no options: its name says all");
    };
  }

  private static void addLogits(JsonObject config, boolean fromLogits, double smoothing) {
    config.addProperty(FROM_LOGITS, fromLogits);
    config.addProperty(LABEL_SMOOTHING, smoothing);
    config.addProperty("axis", -1);
  }

  private static JsonObject object(String type, JsonObject config) {
    return KerasObject.of("keras.losses", type, config);
  }
}
