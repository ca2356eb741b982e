package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.metric.ConcordanceCorrelation;
import dev.lanewise.engine.metric.FBetaScore;
import dev.lanewise.engine.metric.IoU;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Measure.Curve;
import dev.lanewise.engine.metric.Measure.Outcome;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.metric.OperatingPoint;
import dev.lanewise.engine.metric.PearsonCorrelation;
import dev.lanewise.engine.metric.R2Score;
import dev.lanewise.engine.metric.Selection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** Options of metrics that are no loss. */
  private static final List<String> OWN =
      List.of("k", THRESHOLD, THRESHOLDS, NUMBER, CURVE, METHOD, "top_k", "class_id");

  private static final Set<String> KNOWN =
      Stream.of(List.of("name", "dtype", "fn", "axis"), OWN, LossConfig.OPTIONS)
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableSet());

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
      case "root_mean_squared_error", "RootMeanSquaredError" -> new Measure.RootMeanSquaredError();
      case "cosine_similarity", "CosineSimilarity" -> new Measure.CosineSimilarity();
      case "precision", "Precision" -> new Measure.Precision(HALF);
      case "recall", "Recall" -> new Measure.Recall(HALF);
      case "auc", "AUC" -> new Measure.Auc(Measure.Auc.THRESHOLDS);
      default -> {
        Measure own = countOrNull(name);
        own = own == null ? ScoreConfig.namedOrNull(name) : own;
        own = own == null ? IoUConfig.namedOrNull(name) : own;
        yield own == null ? LossMetric.measureOrNull(name) : own;
      }
    };
  }

  private static @Nullable Measure countOrNull(String name) {
    String plain = name.replace("_", "").toLowerCase(Locale.ROOT);
    for (Outcome outcome : Outcome.values()) {
      if (plain.equals(outcome.name().replace("_", "").toLowerCase(Locale.ROOT))) {
        return new Measure.Count(outcome, HALF);
      }
    }
    return null;
  }

  private static @Nullable Metric objectOrNull(Config object) {
    if ("function".equals(object.stringOrNull("class_name"))) {
      return namedOrNull(object.string("config"));
    }
    Config options = object.child("config");
    String type = object.className();
    Measure score = ScoreConfig.readOrNull(type, options);
    score = score == null ? IoUConfig.readOrNull(type, options) : score;
    return score == null ? plainOrNull(type, options) : named(score, options);
  }

  private static @Nullable Metric plainOrNull(String type, Config options) {
    options.requireKnown(KNOWN);
    boolean wrapper = type.equals("MeanMetricWrapper");
    if (type.equals("Accuracy")) {
      return null; // whether outputs are the targets, number by number
    }
    Measure plain = measureOrNull(wrapper ? function(options) : type);
    if (plain == null) {
      return null;
    }
    return named(withOptions(plain, options), options);
  }

  private static @Nullable Metric named(Measure measure, Config options) {
    String name = options.string("name");
    return name.length() > LONGEST ? null : Metric.of(measure, name);
  }

  private static String function(Config options) {
    String name = options.stringOrNull("fn");
    return name != null ? name : options.child("fn").string("config");
  }

  private static Measure withOptions(Measure plain, Config options) {
    if (!(plain instanceof Measure.OfLoss)) {
      LossConfig.requireOnly(options);
    }
    if (!(plain instanceof Measure.Precision || plain instanceof Measure.Recall)) {
      ScoreConfig.requireNoSelection(options);
    }
    return switch (plain) {
      case Measure.OfLoss(Loss loss) -> LossMetric.withOptions(loss, options, OWN);
      case Measure.Count(Outcome outcome, double threshold) ->
          new Measure.Count(outcome, oneThreshold(options, threshold));
      case Measure.BinaryAccuracy(double threshold) ->
          new Measure.BinaryAccuracy(options.number(THRESHOLD, threshold));
      case Measure.TopKCategoricalAccuracy(int k) ->
          new Measure.TopKCategoricalAccuracy((int) options.number("k", k));
      case Measure.Precision _ -> {
        Selection of = ScoreConfig.selection(options);
        yield new Measure.Precision(oneThreshold(options, absent(of)), of);
      }
      case Measure.Recall _ -> {
        Selection of = ScoreConfig.selection(options);
        yield new Measure.Recall(oneThreshold(options, absent(of)), of);
      }
      case Measure.Auc(int thresholds, Curve curve) -> {
        requireDefault(options, METHOD, "interpolation");
        if (options.has(THRESHOLDS)) {
          throw options.wrong(THRESHOLDS, "absent");
        }
        yield new Measure.Auc((int) options.number(NUMBER, thresholds), curve(options, curve));
      }
      case Measure.OutputLoss _,
          Measure.Accuracy _,
          Measure.CategoricalAccuracy _,
          Measure.RootMeanSquaredError _,
          Measure.CosineSimilarity _,
          ConcordanceCorrelation _,
          FBetaScore _,
          IoU _,
          OperatingPoint _,
          PearsonCorrelation _,
          R2Score _ ->
          plain;
    };
  }

  /** Among the largest outputs, all say yes. */
  private static double absent(Selection selection) {
    return selection.topK() == null ? HALF : Selection.NOT_AMONG_LARGEST;
  }

  private static Curve curve(Config options, Curve absent) {
    String name = options.stringOrNull(CURVE);
    if (name == null) {
      return absent;
    }
    for (Curve curve : Curve.values()) {
      if (curve.name().equalsIgnoreCase(name)) {
        return curve;
      }
    }
    throw options.wrong(CURVE, "ROC or PR");
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
    boolean ofLoss = metric.measure() instanceof Measure.OfLoss;
    if (!ofLoss && metric.measure().equals(measureOrNull(name))) {
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
      case Measure.OfLoss(Loss measured) -> LossMetric.write(measured, name, config);
      case Measure.RootMeanSquaredError _ -> object("RootMeanSquaredError", config);
      case Measure.CosineSimilarity _ -> object("CosineSimilarity", config);
      case Measure.Count(Outcome outcome, double threshold) -> {
        config.addProperty(THRESHOLDS, threshold);
        yield object(className(outcome), config);
      }
      case Measure.Precision(double threshold, Selection of) ->
          object("Precision", positives(config, threshold, of));
      case Measure.Recall(double threshold, Selection of) ->
          object("Recall", positives(config, threshold, of));
      case ConcordanceCorrelation measure -> ScoreConfig.write(measure, config);
      case FBetaScore measure -> ScoreConfig.write(measure, config);
      case IoU measure -> IoUConfig.write(measure, config, sparse);
      case OperatingPoint measure -> ScoreConfig.write(measure, config);
      case PearsonCorrelation measure -> ScoreConfig.write(measure, config);
      case R2Score measure -> ScoreConfig.write(measure, config);
      case Measure.Auc(int thresholds, Curve curve) -> {
        config.addProperty(NUMBER, thresholds);
        config.addProperty(CURVE, curve.name());
        config.addProperty(METHOD, "interpolation");
        config.addProperty("multi_label", false);
        config.add("num_labels", JsonNull.INSTANCE);
        config.add("label_weights", JsonNull.INSTANCE);
        config.addProperty("from_logits", false);
        yield object("AUC", config);
      }
    };
  }

  private static String className(Outcome outcome) {
    return switch (outcome) {
      case TRUE_POSITIVES -> "TruePositives";
      case FALSE_POSITIVES -> "FalsePositives";
      case TRUE_NEGATIVES -> "TrueNegatives";
      case FALSE_NEGATIVES -> "FalseNegatives";
    };
  }

  private static JsonObject binary(JsonObject config, double threshold) {
    config.addProperty(THRESHOLD, threshold);
    return object("BinaryAccuracy", config);
  }

  private static JsonObject positives(JsonObject config, double threshold, Selection selection) {
    boolean own = selection.topK() == null || threshold != absent(selection);
    config.addProperty(THRESHOLDS, own ? threshold : null);
    ScoreConfig.addSelection(config, selection);
    return config;
  }

  private static JsonObject object(String type, JsonObject config) {
    return KerasObject.of("keras.metrics", type, config);
  }
}
