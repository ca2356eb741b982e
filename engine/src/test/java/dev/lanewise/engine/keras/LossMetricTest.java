package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Measure.Outcome;
import dev.lanewise.engine.metric.Metric;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses beyond errors and crossentropies, and losses that are metrics, as Keras writes them. */
class LossMetricTest {
  private static Loss loss(String json) {
    JsonObject compile = new JsonObject();
    compile.add("loss", JsonParser.parseString(json));
    return LossConfig.read(new Config("compile_config", compile));
  }

  private static String object(String module, String type, String config) {
    return "{\"module\": \"keras."
        + module
        + "\", \"class_name\": \""
        + type
        + "\", \"config\": {\"name\": \"any\""
        + config
        + "}, \"registered_name\": null}";
  }

  private static @Nullable Metric metric(String json) {
    return MetricConfig.readOrNull(JsonParser.parseString(json));
  }

  @ParameterizedTest
  @CsvSource({
    "mape, mean_absolute_percentage_error",
    "MAPE, mean_absolute_percentage_error",
    "MeanAbsolutePercentageError, mean_absolute_percentage_error",
    "msle, mean_squared_logarithmic_error",
    "MSLE, mean_squared_logarithmic_error",
    "MeanSquaredLogarithmicError, mean_squared_logarithmic_error",
    "poisson, poisson",
    "Poisson, poisson",
    "hinge, hinge",
    "Hinge, hinge",
    "squared_hinge, squared_hinge",
    "SquaredHinge, squared_hinge",
    "categorical_hinge, categorical_hinge",
    "CategoricalHinge, categorical_hinge",
    "binary_focal_crossentropy, binary_focal_crossentropy",
    "BinaryFocalCrossentropy, binary_focal_crossentropy",
    "categorical_focal_crossentropy, categorical_focal_crossentropy",
  })
  void aNameOfALossIsAnyThatKerasTakes(String name, String expected) {
    String function =
        "{\"module\": \"builtins\", \"class_name\": \"function\", \"config\": \""
            + name
            + "\", \"registered_name\": \"function\"}";
    assertThat(loss("\"" + name + "\"").kerasName()).isEqualTo(expected);
    assertThat(loss(function).kerasName()).isEqualTo(expected);
  }

  static Stream<Loss> losses() {
    return Stream.of(
        Loss.CATEGORICAL_CROSSENTROPY,
        new CategoricalCrossentropy(true, 0.1),
        Loss.SPARSE_CATEGORICAL_CROSSENTROPY,
        new SparseCategoricalCrossentropy(true),
        Loss.BINARY_CROSSENTROPY,
        new BinaryCrossentropy(true, 0.2),
        Loss.MEAN_SQUARED_ERROR,
        Loss.MEAN_ABSOLUTE_ERROR,
        Loss.MEAN_ABSOLUTE_PERCENTAGE_ERROR,
        Loss.MEAN_SQUARED_LOGARITHMIC_ERROR,
        Loss.POISSON,
        Loss.HINGE,
        Loss.SQUARED_HINGE,
        Loss.CATEGORICAL_HINGE,
        Loss.KL_DIVERGENCE,
        Loss.LOG_COSH,
        Loss.HUBER,
        new Huber(0.3),
        Loss.BINARY_FOCAL_CROSSENTROPY,
        new BinaryFocalCrossentropy(true, 0.3, 1.5, true, 0.1),
        Loss.CATEGORICAL_FOCAL_CROSSENTROPY,
        new CategoricalFocalCrossentropy(0.5, 1, true, 0.1));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void whatIsWrittenIsReadAgain(Loss loss) {
    assertThat(loss(LossConfig.write(loss).toString())).isEqualTo(loss);
    for (String name : new String[] {loss.kerasName(), "another", "logcosh", "kld", "mse"}) {
      Metric metric = Metric.of(loss, name);
      JsonElement written = MetricConfig.write(metric, name, loss, false);
      assertThat(MetricConfig.readOrNull(written)).as("%s", written).isEqualTo(metric);
    }
  }

  /** Keras 3 knows no metric named logcosh, kld or huber: these are its classes and functions. */
  @Test
  void onlyNamesThatKerasKnowsAreWrittenAlone() {
    for (String name : new String[] {"mape", "mean_absolute_percentage_error"}) {
      assertThat(written(Loss.MEAN_ABSOLUTE_PERCENTAGE_ERROR, name))
          .isEqualTo(new JsonPrimitive(name));
    }
    assertThat(written(Loss.LOG_COSH, "log_cosh_error")).hasToString("\"log_cosh_error\"");
    assertThat(written(Loss.LOG_COSH, "logcosh"))
        .hasToString(
            "{\"module\":\"keras.metrics\",\"class_name\":\"LogCoshError\",\"config\":{\"name\":"
                + "\"logcosh\",\"dtype\":\"float32\"},\"registered_name\":null}");
    assertThat(written(Loss.KL_DIVERGENCE, "kld").toString()).contains("\"KLDivergence\"");
    assertThat(written(Loss.HUBER, "huber"))
        .hasToString(
            "{\"module\":\"keras.metrics\",\"class_name\":\"MeanMetricWrapper\",\"config\":{"
                + "\"name\":\"huber\",\"dtype\":\"float32\",\"fn\":{\"module\":\"builtins\","
                + "\"class_name\":\"function\",\"config\":\"huber\",\"registered_name\":"
                + "\"function\"}},\"registered_name\":null}");
  }

  private static JsonElement written(Loss loss, String name) {
    return MetricConfig.write(Metric.of(loss, name), name, loss, false);
  }

  @ParameterizedTest
  @CsvSource({
    "mape, mean_absolute_percentage_error",
    "MSLE, mean_squared_logarithmic_error",
    "poisson, poisson",
    "hinge, hinge",
    "SquaredHinge, squared_hinge",
    "categorical_hinge, categorical_hinge",
    "logcosh, log_cosh",
    "log_cosh, log_cosh",
    "LogCoshError, log_cosh",
    "log_cosh_error, log_cosh",
    "kld, kl_divergence",
    "KLDivergence, kl_divergence",
    "kullback_leibler_divergence, kl_divergence",
    "huber, huber",
    "bce, binary_crossentropy",
    "binary_crossentropy, binary_crossentropy",
    "CategoricalCrossentropy, categorical_crossentropy",
    "sparse_categorical_crossentropy, sparse_categorical_crossentropy",
  })
  void aMetricIsALossByItsName(String name, String expected) {
    Metric found = metric("\"" + name + "\"");
    assertThat(found).isNotNull();
    assertThat(found.name()).isEqualTo(name);
    assertThat(found.measure())
        .isInstanceOfSatisfying(
            Measure.OfLoss.class,
            measure -> assertThat(measure.loss().kerasName()).isEqualTo(expected));
  }

  @Test
  void optionsOfMetricsAreRead() {
    String both = ", \"from_logits\": true, \"label_smoothing\": 0.2, \"axis\": -1";
    assertThat(metric(object("metrics", "CategoricalCrossentropy", both)))
        .isEqualTo(Metric.of(new CategoricalCrossentropy(true, 0.2), "any"));
    String wrapped =
        ", \"dtype\": \"float32\", \"fn\": {\"module\": \"builtins\", \"class_name\":"
            + " \"function\", \"config\": \"huber\"}, \"delta\": 0.5";
    assertThat(metric(object("metrics", "MeanMetricWrapper", wrapped)))
        .isEqualTo(Metric.of(new Huber(0.5), "any"));
    for (Outcome outcome : Outcome.values()) {
      String name = outcome.name().toLowerCase(java.util.Locale.ROOT);
      Metric plain = Metric.of(new Measure.Count(outcome, 0.5), name);
      assertThat(metric("\"" + name + "\"")).isEqualTo(plain);
      assertThat(MetricConfig.write(plain, name, Loss.HINGE, false))
          .isEqualTo(new JsonPrimitive(name));
      Metric other = Metric.of(new Measure.Count(outcome, 0.3), name);
      JsonElement written = MetricConfig.write(other, name, Loss.HINGE, false);
      assertThat(MetricConfig.readOrNull(written)).isEqualTo(other);
    }
    Metric area = Metric.of(new Measure.Auc(30, Measure.Curve.PR), "area");
    JsonElement written = MetricConfig.write(area, "area", Loss.HINGE, false);
    assertThat(MetricConfig.readOrNull(written)).isEqualTo(area);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Poisson | , \"from_logits\": true",
        "Hinge | , \"threshold\": 0.3",
        "MeanAbsoluteError | , \"k\": 2",
        "BinaryCrossentropy | , \"delta\": 2",
        "CategoricalCrossentropy | , \"axis\": 0",
        "CategoricalCrossentropy | , \"label_smoothing\": 2",
        "SparseCategoricalCrossentropy | , \"ignore_class\": 0",
        "TruePositives | , \"thresholds\": [0.1, 0.2]",
        "TruePositives | , \"from_logits\": true",
        "R2Score | , \"class_aggregation\": null",
        "AUC | , \"curve\": \"PR\", \"summation_method\": \"majoring\"",
      })
  void whatIsNotSupportedIsOmitted(String typeAndConfig) {
    String[] parts = typeAndConfig.split(" \\| ", -1);
    assertThat(metric(object("metrics", parts[0], ""))).isEqualTo(plain(parts[0]));
    assertThat(metric(object("metrics", parts[0], parts[1]))).isNull();
  }

  /** So that it is the option for which it is omitted. */
  private static Metric plain(String type) {
    return Objects.requireNonNull(metric("\"" + type + "\"")).named("any");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Poisson | , \"gamma\": 2 | key gamma must be absent, found 2",
        "Hinge | , \"delta\": 2 | key delta must be absent, found 2",
        "MeanSquaredLogarithmicError | , \"from_logits\": true | key from_logits",
        "BinaryFocalCrossentropy | , \"gamma\": -1 | gamma must be at least 0, found -1.0",
        "BinaryFocalCrossentropy | , \"alpha\": 1.5 | alpha must be in [0, 1], found 1.5",
        "BinaryFocalCrossentropy | , \"alpha\": [0.1, 0.9] | key alpha must be a number",
        "BinaryFocalCrossentropy | , \"label_smoothing\": 2 | labelSmoothing must be in [0, 1]",
        "BinaryFocalCrossentropy | , \"axis\": 1 | key axis must be -1",
        "CategoricalFocalCrossentropy | , \"alpha\": [0.1] | key alpha must be a number",
        "CategoricalFocalCrossentropy | , \"apply_class_balancing\": true | key apply_class",
        "CategoricalFocalCrossentropy | , \"focus\": 1 | focus",
        "CategoricalFocalCrossentropy | , \"reduction\": \"sum\" | key reduction",
      })
  void anOptionThatIsNotSupportedIsRefusedByName(String type, String config, String message) {
    assertThatThrownBy(() -> loss(object("losses", type, config)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void theCosineIsAMeasureOfItsOwn() {
    assertThat(metric("\"cosine_similarity\"")).isEqualTo(Metric.COSINE_SIMILARITY);
    assertThatThrownBy(() -> Metric.of(Loss.COSINE_SIMILARITY, "cosine"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Measure.CosineSimilarity");
  }
}
