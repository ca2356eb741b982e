package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One metric in the settings of {@code compile}: a name, or an object of {@code keras.metrics}. */
final class MetricConfig {
  private static final String THRESHOLD = "threshold";
  private static final String THRESHOLDS = "thresholds";
  private static final String NUMBER = "num_thresholds";
  private static final String CURVE = "curve";
  private static final String METHOD = "summation_method";
  private static final double HALF = 0.5;

  /** So that there is room for what tells two of a name apart. */
  private static final int LONGEST = 64;

  private static final Set<String> KNOWN =
      Set.of("name", "dtype", "fn", "k", THRESHOLD, THRESHOLDS, NUMBER, CURVE, METHOD);

  private MetricConfig() {}

  /** Reads a metric under the name that Keras reports it by; null if it is not supported. */
  static @Nullable Metric readOrNull(JsonElement element) {
    if (element instanceof JsonPrimitive name && name.isString()) {
      return namedOrNull(name.getAsString());
    }
    try {
      return element instanceof JsonObject json ? objectOrNull(new Config("metric", json)) : null;
    } catch (ModelFormatException | IllegalArgumentException e) {
      return null; // it is named among those that are not supported
    }
  }

  /** Keras reports a metric by the very name that it was given. */
  private static @Nullable Metric namedOrNull(String name) {
    Measure measure = measureOrNull(name);
    return measure == null ? null : Metric.of(measure, name);
  }

  private static @Nullable Measure measureOrNull(String name) {
    if (Set.of("accuracy", "acc").contains(name.toLowerCase(Locale.ROOT))) {
      return new Measure.Accuracy();
    }
    return switch (name) {
      case "binary_accuracy", "BinaryAccuracy" -> new Measure.BinaryAccuracy(HALF);
      case "categorical_accuracy",
          "CategoricalAccuracy",
          "sparse_categorical_accuracy",
          "SparseCategoricalAccuracy" ->
          new Measure.CategoricalAccuracy();
      case "top_k_categorical_accuracy",
          "TopKCategoricalAccuracy",
          "sparse_top_k_categorical_accuracy",
          "SparseTopKCategoricalAccuracy" ->
          Metric.TOP_K_CATEGORICAL_ACCURACY.measure();
      case "mae", "MAE", "mean_absolute_error", "MeanAbsoluteError" ->
          new Measure.MeanAbsoluteError();
      case "mse", "MSE", "mean_squared_error", "MeanSquaredError" -> new Measure.MeanSquaredError();
      case "root_mean_squared_error", "RootMeanSquaredError" -> new Measure.RootMeanSquaredError();
      case "cosine_similarity", "CosineSimilarity" -> new Measure.CosineSimilarity();
      case "precision", "Precision" -> new Measure.Precision(HALF);
      case "recall", "Recall" -> new Measure.Recall(HALF);
      case "auc", "AUC" -> new Measure.Auc(Measure.Auc.THRESHOLDS);
      default -> null;
    };
  }

  private static @Nullable Metric objectOrNull(Config object) {
    if ("function".equals(object.stringOrNull("class_name"))) {
      return namedOrNull(object.string("config"));
    }
    Config options = object.child("config");
    options.requireKnown(KNOWN);
    String type = object.className();
    boolean wrapper = type.equals("MeanMetricWrapper");
    if (type.equals("Accuracy")) {
      return null; // whether outputs are the targets, number by number
    }
    Measure plain = measureOrNull(wrapper ? options.string("fn") : type);
    if (plain == null) {
      return null;
    }
    String name = options.string("name");
    return name.length() > LONGEST ? null : Metric.of(withOptions(plain, options), name);
  }

  private static Measure withOptions(Measure plain, Config options) {
    return switch (plain) {
      case Measure.BinaryAccuracy(double threshold) ->
          new Measure.BinaryAccuracy(options.number(THRESHOLD, threshold));
      case Measure.TopKCategoricalAccuracy(int k) ->
          new Measure.TopKCategoricalAccuracy((int) options.number("k", k));
      case Measure.Precision(double threshold) ->
          new Measure.Precision(oneThreshold(options, threshold));
      case Measure.Recall(double threshold) -> new Measure.Recall(oneThreshold(options, threshold));
      case Measure.Auc(int thresholds) -> {
        requireDefault(options, CURVE, "ROC");
        requireDefault(options, METHOD, "interpolation");
        if (options.has(THRESHOLDS)) {
          throw options.wrong(THRESHOLDS, "absent");
        }
        yield new Measure.Auc((int) options.number(NUMBER, thresholds));
      }
      case Measure.OutputLoss _,
          Measure.Accuracy _,
          Measure.CategoricalAccuracy _,
          Measure.MeanAbsoluteError _,
          Measure.MeanSquaredError _,
          Measure.RootMeanSquaredError _,
          Measure.CosineSimilarity _ ->
          plain;
    };
  }

  /** Several thresholds would report several values. */
  private static double oneThreshold(Config options, double absent) {
    if (options.has(THRESHOLDS) && options.json().get(THRESHOLDS).isJsonArray()) {
      List<JsonElement> several = options.array(THRESHOLDS);
      if (several.size() != 1) {
        throw options.wrong(THRESHOLDS, "one number");
      }
      return options.element(THRESHOLDS, several.getFirst()).number(THRESHOLDS);
    }
    return options.number(THRESHOLDS, absent);
  }

  private static void requireDefault(Config options, String key, String value) {
    if (options.has(key) && !value.equalsIgnoreCase(options.stringOrNull(key))) {
      throw options.wrong(key, value);
    }
  }

  /**
   * Returns a metric as Keras reads it: by name where that says all, otherwise as an object.
   *
   * @param name the name that it is to be reported by
   * @param loss says whether targets are class indices
   * @param oneUnit whether the model has one output
   */
  static JsonElement write(Metric metric, String name, Loss loss, boolean oneUnit) {
    if (metric.measure().equals(measureOrNull(name))) {
      return new JsonPrimitive(name);
    }
    boolean sparse = loss instanceof SparseCategoricalCrossentropy;
    JsonObject config = new JsonObject();
    config.addProperty("name", name);
    config.addProperty("dtype", "float32");
    return switch (metric.measure()) {
      case Measure.OutputLoss _ ->
          throw new IllegalStateException("a loss is no metric that a model is compiled with");
      case Measure.Accuracy _ when oneUnit -> binary(config, HALF);
      case Measure.Accuracy _, Measure.CategoricalAccuracy _ ->
          object(sparse ? "SparseCategoricalAccuracy" : "CategoricalAccuracy", config);
      case Measure.BinaryAccuracy(double threshold) -> binary(config, threshold);
      case Measure.TopKCategoricalAccuracy(int k) -> {
        config.addProperty("k", k);
        yield object(sparse ? "SparseTopKCategoricalAccuracy" : "TopKCategoricalAccuracy", config);
      }
      case Measure.MeanAbsoluteError _ -> object("MeanAbsoluteError", config);
      case Measure.MeanSquaredError _ -> object("MeanSquaredError", config);
      case Measure.RootMeanSquaredError _ -> object("RootMeanSquaredError", config);
      case Measure.CosineSimilarity _ -> object("CosineSimilarity", config);
      case Measure.Precision(double threshold) -> object("Precision", positives(config, threshold));
      case Measure.Recall(double threshold) -> object("Recall", positives(config, threshold));
      case Measure.Auc(int thresholds) -> {
        config.addProperty(NUMBER, thresholds);
        config.addProperty(CURVE, "ROC");
        config.addProperty(METHOD, "interpolation");
        config.addProperty("multi_label", false);
        config.add("num_labels", JsonNull.INSTANCE);
        config.add("label_weights", JsonNull.INSTANCE);
        config.addProperty("from_logits", false);
        yield object("AUC", config);
      }
    };
  }

  private static JsonObject binary(JsonObject config, double threshold) {
    config.addProperty(THRESHOLD, threshold);
    return object("BinaryAccuracy", config);
  }

  private static JsonObject positives(JsonObject config, double threshold) {
    config.addProperty(THRESHOLDS, threshold);
    config.add("top_k", JsonNull.INSTANCE);
    config.add("class_id", JsonNull.INSTANCE);
    return config;
  }

  private static JsonObject object(String type, JsonObject config) {
    return KerasObject.of("keras.metrics", type, config);
  }
}
