package dev.lanewise.engine.keras;

import com.google.gson.JsonObject;
import dev.lanewise.engine.metric.ConcordanceCorrelation;
import dev.lanewise.engine.metric.FBetaScore;
import dev.lanewise.engine.metric.FBetaScore.Average;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.OperatingPoint;
import dev.lanewise.engine.metric.OperatingPoint.Trade;
import dev.lanewise.engine.metric.PearsonCorrelation;
import dev.lanewise.engine.metric.R2Score;
import dev.lanewise.engine.metric.R2Score.Aggregation;
import dev.lanewise.engine.metric.Selection;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Scores, correlations and points of curves among the metrics of {@code compile}: classes of {@code
 * keras.metrics} with options of their own. One that would report several values is none.
 */
final class ScoreConfig {
  private static final String AGGREGATION = "class_aggregation";
  private static final String REGRESSORS = "num_regressors";
  private static final String AVERAGE = "average";
  private static final String BETA = "beta";
  private static final String THRESHOLD = "threshold";
  private static final String NUMBER = "num_thresholds";
  private static final String AXIS = "axis";
  private static final String TOP_K = "top_k";
  private static final String CLASS_ID = "class_id";
  private static final String F1 = "F1Score";

  private ScoreConfig() {}

  /** Returns the measure of a name that Keras takes without options; null if there is none. */
  static @Nullable Measure namedOrNull(String name) {
    return switch (name) {
      case "r2_score", "R2Score" -> new R2Score();
      case "pearson_correlation", "PearsonCorrelation" -> new PearsonCorrelation();
      case "concordance_correlation", "ConcordanceCorrelation" -> new ConcordanceCorrelation();
      default -> null;
    };
  }

  /**
   * Returns the measure of a class; null if it is none of these.
   *
   * @throws ModelFormatException naming the option that is not supported
   */
  static @Nullable Measure readOrNull(String type, Config options) {
    return switch (type) {
      case "R2Score" -> {
        options.requireKnown(Set.of("name", "dtype", AGGREGATION, REGRESSORS));
        int regressors =
            options.has(REGRESSORS) ? (int) options.whole(REGRESSORS, 0, Integer.MAX_VALUE) : 0;
        boolean absent = !options.json().has(AGGREGATION); // a null says that none is made
        Aggregation of =
            absent ? Aggregation.UNIFORM_AVERAGE : one(options, AGGREGATION, Aggregation.values());
        yield new R2Score(of, regressors);
      }
      case F1 -> {
        options.requireKnown(Set.of("name", "dtype", AVERAGE, THRESHOLD));
        yield score(options, 1);
      }
      case "FBetaScore" -> {
        options.requireKnown(Set.of("name", "dtype", AVERAGE, BETA, THRESHOLD));
        yield score(options, options.number(BETA, 1));
      }
      case "PearsonCorrelation" -> ofRow(new PearsonCorrelation(), options);
      case "ConcordanceCorrelation" -> ofRow(new ConcordanceCorrelation(), options);
      default -> {
        for (Trade trade : Trade.values()) {
          if (className(trade).equals(type)) {
            yield point(trade, options);
          }
        }
        yield null;
      }
    };
  }

  private static Measure score(Config options, double beta) {
    return new FBetaScore(
        one(options, AVERAGE, Average.values()),
        beta,
        options.has(THRESHOLD) ? options.number(THRESHOLD) : null);
  }

  private static Measure ofRow(Measure measure, Config options) {
    options.requireKnown(Set.of("name", "dtype", AXIS));
    if (options.number(AXIS, -1) != -1) {
      throw options.wrong(AXIS, "-1");
    }
    return measure;
  }

  private static Measure point(Trade trade, Config options) {
    String bound = bound(trade);
    options.requireKnown(Set.of("name", "dtype", NUMBER, bound, CLASS_ID));
    int thresholds =
        options.has(NUMBER)
            ? (int) options.whole(NUMBER, 1, Integer.MAX_VALUE)
            : OperatingPoint.THRESHOLDS;
    return new OperatingPoint(trade, options.number(bound), thresholds, selection(options));
  }

  /** Returns the one that is named; where there is none, Keras reports a value of each unit. */
  private static <E extends Enum<E>> E one(Config options, String key, E[] values) {
    String name = options.stringOrNull(key);
    for (E value : values) {
      if (kerasName(value).equals(name)) {
        return value;
      }
    }
    throw options.wrong(key, "one of " + String.join(", ", names(values)));
  }

  private static <E extends Enum<E>> Iterable<String> names(E[] values) {
    return Arrays.stream(values).map(ScoreConfig::kerasName).toList();
  }

  private static String kerasName(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Returns which outputs a metric's options say. */
  static Selection selection(Config options) {
    Integer largest = options.has(TOP_K) ? (int) options.whole(TOP_K, 1, Integer.MAX_VALUE) : null;
    Integer only =
        options.has(CLASS_ID) ? (int) options.whole(CLASS_ID, 0, Integer.MAX_VALUE) : null;
    return new Selection(largest, only);
  }

  /** Refuses a selection among the options of a metric that has none. */
  static void requireNoSelection(Config options) {
    for (String key : List.of(TOP_K, CLASS_ID)) {
      if (options.has(key)) {
        throw options.wrong(key, "absent");
      }
    }
  }

  /** Adds which outputs are looked at to a metric's options. */
  static void addSelection(JsonObject config, Selection selection) {
    config.addProperty(TOP_K, selection.topK());
    config.addProperty(CLASS_ID, selection.classId());
  }

  /** Returns the metric as Keras reads it, with what the object's settings have already. */
  static JsonObject write(OperatingPoint point, JsonObject config) {
    config.addProperty(CLASS_ID, point.selection().classId());
    config.addProperty(NUMBER, point.thresholds());
    config.addProperty(bound(point.trade()), point.least());
    return object(className(point.trade()), config);
  }

  /** As for the others. */
  static JsonObject write(R2Score score, JsonObject config) {
    config.addProperty(AGGREGATION, kerasName(score.classAggregation()));
    config.addProperty(REGRESSORS, score.numRegressors());
    return object("R2Score", config);
  }

  /** As for the others. */
  static JsonObject write(FBetaScore score, JsonObject config) {
    config.addProperty(AVERAGE, kerasName(score.average()));
    config.addProperty(THRESHOLD, score.threshold());
    if (score.beta() == 1) {
      return object(F1, config);
    }
    config.addProperty(BETA, score.beta());
    return object("FBetaScore", config);
  }

  /** As for the others. */
  static JsonObject write(PearsonCorrelation ofRow, JsonObject config) {
    config.addProperty(AXIS, -1);
    return object("PearsonCorrelation", config);
  }

  /** As for the others. */
  static JsonObject write(ConcordanceCorrelation ofRow, JsonObject config) {
    config.addProperty(AXIS, -1);
    return object("ConcordanceCorrelation", config);
  }

  private static JsonObject object(String type, JsonObject config) {
    return KerasObject.of("keras.metrics", type, config);
  }

  private static String className(Trade trade) {
    return switch (trade) {
      case PRECISION_AT_RECALL -> "PrecisionAtRecall";
      case RECALL_AT_PRECISION -> "RecallAtPrecision";
      case SENSITIVITY_AT_SPECIFICITY -> "SensitivityAtSpecificity";
      case SPECIFICITY_AT_SENSITIVITY -> "SpecificityAtSensitivity";
    };
  }

  private static String bound(Trade trade) {
    return switch (trade) {
      case PRECISION_AT_RECALL -> "recall";
      case RECALL_AT_PRECISION -> "precision";
      case SENSITIVITY_AT_SPECIFICITY -> "specificity";
      case SPECIFICITY_AT_SENSITIVITY -> "sensitivity";
    };
  }
}
