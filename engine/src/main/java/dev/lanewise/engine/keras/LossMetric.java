package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
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
import dev.lanewise.engine.metric.Measure;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Metrics that are the mean of a loss: classes of {@code keras.metrics}, or a function of {@code
 * keras.losses} in a {@code MeanMetricWrapper} where there is no class.
 */
final class LossMetric {
  private static final String WRAPPER = "MeanMetricWrapper";

  /** Keras's abbreviations, which it knows beside the names of classes. */
  private static final Set<String> SHORT =
      Set.of("mse", "MSE", "mae", "MAE", "mape", "MAPE", "msle", "MSLE", "bce", "BCE");

  private LossMetric() {}

  /** Returns the measure of a name that Keras has of it, in one of its versions; else null. */
  static @Nullable Measure measureOrNull(String name) {
    Loss loss =
        switch (name) {
          case "log_cosh_error", "LogCoshError" -> Loss.LOG_COSH;
          default -> LossConfig.namedOrNull(name);
        };
    return loss == null || loss instanceof CosineSimilarity || loss instanceof Ctc
        ? null
        : new Measure.OfLoss(loss);
  }

  /**
   * Returns the loss with a metric's options.
   *
   * @throws ModelFormatException naming one that it has not
   */
  static Measure withOptions(Loss loss, Config options, List<String> ofOthers) {
    for (String key : ofOthers) {
      if (options.has(key)) {
        throw options.wrong(key, "absent");
      }
    }
    if (options.number("axis", -1) != -1) {
      throw options.wrong("axis", "-1");
    }
    return new Measure.OfLoss(LossConfig.withOptions(loss, options));
  }

  /** Returns the metric as Keras reads it, with what the object's settings have already. */
  static JsonElement write(Loss loss, String name, JsonObject config) {
    String type = classOrNull(loss);
    boolean plain = loss.equals(LossConfig.namedOrNull(loss.kerasName()));
    if (type == null) {
      config.add("fn", function(loss.kerasName()));
      if (!plain) {
        LossConfig.addOptions(config, loss);
      }
      return KerasObject.of("keras.metrics", WRAPPER, config);
    }
    if (plain && isKnown(loss, type, name)) {
      return new JsonPrimitive(name);
    }
    LossConfig.addOptions(config, loss);
    if (loss instanceof BinaryCrossentropy) {
      config.remove("axis"); // the metric takes none
    }
    return KerasObject.of("keras.metrics", type, config);
  }

  /** Returns whether Keras 3 finds the metric's class by the name. */
  private static boolean isKnown(Loss loss, String type, String name) {
    String snake = loss instanceof LogCosh ? "log_cosh_error" : loss.kerasName();
    return name.equals(type)
        || name.equals(snake)
        || (SHORT.contains(name) && loss.equals(LossConfig.namedOrNull(name)));
  }

  private static JsonObject function(String name) {
    JsonObject function = new JsonObject();
    function.addProperty("module", "builtins");
    function.addProperty("class_name", "function");
    function.addProperty("config", name);
    function.addProperty("registered_name", "function");
    return function;
  }

  /** Returns the class in {@code keras.metrics}; null where there is none. */
  private static @Nullable String classOrNull(Loss loss) {
    return switch (loss) {
      case BinaryCrossentropy _ -> "BinaryCrossentropy";
      case CategoricalCrossentropy _ -> "CategoricalCrossentropy";
      case SparseCategoricalCrossentropy _ -> "SparseCategoricalCrossentropy";
      case MeanSquaredError _ -> "MeanSquaredError";
      case MeanAbsoluteError _ -> "MeanAbsoluteError";
      case MeanAbsolutePercentageError _ -> "MeanAbsolutePercentageError";
      case MeanSquaredLogarithmicError _ -> "MeanSquaredLogarithmicError";
      case Poisson _ -> "Poisson";
      case Hinge _ -> "Hinge";
      case SquaredHinge _ -> "SquaredHinge";
      case CategoricalHinge _ -> "CategoricalHinge";
      case KlDivergence _ -> "KLDivergence";
      case LogCosh _ -> "LogCoshError";
      case Huber _, BinaryFocalCrossentropy _, CategoricalFocalCrossentropy _ -> null;
      case CosineSimilarity _ ->
          throw new IllegalStateException("the cosine is a measure of its own");
      case Ctc _ -> throw new IllegalStateException("ctc is no metric");
    };
  }
}
