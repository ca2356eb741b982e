package dev.lanewise.engine.keras;

import static dev.lanewise.engine.metric.Selection.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.keras.SavedModel.NamedOptimizer;
import dev.lanewise.engine.keras.SavedModel.Objective;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.metric.ConcordanceCorrelation;
import dev.lanewise.engine.metric.FBetaScore;
import dev.lanewise.engine.metric.FBetaScore.Average;
import dev.lanewise.engine.metric.IoU;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.metric.OperatingPoint;
import dev.lanewise.engine.metric.OperatingPoint.Trade;
import dev.lanewise.engine.metric.PearsonCorrelation;
import dev.lanewise.engine.metric.R2Score;
import dev.lanewise.engine.metric.R2Score.Aggregation;
import dev.lanewise.engine.metric.Selection;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses and metrics as {@code compile_config} has them. */
class ObjectiveConfigTest {
  private static final NamedOptimizer OPTIMIZER = new NamedOptimizer("sgd", Sgd.of(0.1));

  private static Objective read(String json) {
    JsonObject object = JsonParser.parseString(json).getAsJsonObject();
    return ObjectiveConfig.read(new Config("compile_config", object), List.of("dense"));
  }

  private static Loss loss(String json) {
    return read("{\"loss\": " + json + "}").loss();
  }

  private static String object(String type, String config) {
    return "{\"module\": \"keras.losses\", \"class_name\": \""
        + type
        + "\", \"config\": {\"name\": \"any\""
        + config
        + "}, \"registered_name\": null}";
  }

  @ParameterizedTest
  @CsvSource({
    "mse, mean_squared_error",
    "MSE, mean_squared_error",
    "MeanSquaredError, mean_squared_error",
    "mae, mean_absolute_error",
    "MAE, mean_absolute_error",
    "mean_absolute_error, mean_absolute_error",
    "huber, huber",
    "huber_loss, huber",
    "log_cosh, log_cosh",
    "logcosh, log_cosh",
    "LogCosh, log_cosh",
    "bce, binary_crossentropy",
    "binary_crossentropy, binary_crossentropy",
    "kld, kl_divergence",
    "KLD, kl_divergence",
    "kl_divergence, kl_divergence",
    "kullback_leibler_divergence, kl_divergence",
    "KLDivergence, kl_divergence",
    "cosine_similarity, cosine_similarity",
    "sparse_categorical_crossentropy, sparse_categorical_crossentropy",
  })
  void aNameOfALossIsAnyThatKerasTakes(String name, String expected) {
    assertThat(loss("\"" + name + "\"").kerasName()).isEqualTo(expected);
  }

  static Stream<Loss> losses() {
    return Stream.of(
        Loss.CATEGORICAL_CROSSENTROPY,
        new CategoricalCrossentropy(true, 0.1),
        Loss.SPARSE_CATEGORICAL_CROSSENTROPY,
        new SparseCategoricalCrossentropy(true),
        Loss.BINARY_CROSSENTROPY,
        new BinaryCrossentropy(true, 0),
        new BinaryCrossentropy(false, 0.25),
        Loss.MEAN_SQUARED_ERROR,
        Loss.MEAN_ABSOLUTE_ERROR,
        Loss.HUBER,
        new Huber(0.3),
        Loss.LOG_COSH,
        Loss.KL_DIVERGENCE,
        Loss.COSINE_SIMILARITY);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void whatIsWrittenIsReadAgain(Loss loss) {
    assertThat(loss(LossConfig.write(loss).toString())).isEqualTo(loss);
  }

  @Test
  void onlyALossWithOptionsIsAnObject() {
    assertThat(LossConfig.write(Loss.HUBER)).hasToString("\"huber\"");
    assertThat(LossConfig.write(new Huber(0.3)))
        .hasToString(
            "{\"module\":\"keras.losses\",\"class_name\":\"Huber\",\"config\":{\"name\":"
                + "\"huber_loss\",\"reduction\":\"sum_over_batch_size\",\"delta\":0.3},"
                + "\"registered_name\":null}");
  }

  /** Keras leaves delta out of its files, and begins with 1 again. */
  @Test
  void huberHasTheDeltaOfTheFileOrKerass() {
    assertThat(loss(object("Huber", ""))).isEqualTo(Loss.HUBER);
    assertThat(loss(object("Huber", ", \"delta\": 2.5"))).isEqualTo(new Huber(2.5));
  }

  @Test
  void optionsOfCrossentropiesAreRead() {
    assertThat(loss(object("SparseCategoricalCrossentropy", ", \"from_logits\": true")))
        .isEqualTo(new SparseCategoricalCrossentropy(true));
    String both = ", \"from_logits\": true, \"label_smoothing\": 0.2, \"axis\": -1";
    assertThat(loss(object("BinaryCrossentropy", both)))
        .isEqualTo(new BinaryCrossentropy(true, 0.2));
    assertThat(loss(object("CategoricalCrossentropy", both)))
        .isEqualTo(new CategoricalCrossentropy(true, 0.2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Huber | , \"delta\": 0 | Huber: delta must be above 0, found 0.0",
        "Huber | , \"from_logits\": true | key from_logits must be absent, found true",
        "MeanSquaredError | , \"delta\": 1 | key delta must be absent, found 1",
        "CategoricalCrossentropy | , \"label_smoothing\": 1.5 | labelSmoothing must be in [0, 1]",
        "SparseCategoricalCrossentropy | , \"label_smoothing\": 0.1 | key label_smoothing",
        "BinaryCrossentropy | , \"axis\": 0 | key axis must be -1",
        "MeanSquaredError | , \"reduction\": \"mean_with_sample_weight\" | key reduction",
        "Tversky | , \"alpha\": 1 | loss Tversky is not supported; there are categorical",
      })
  void whatIsNotSupportedIsRefusedByName(String type, String config, String message) {
    assertThatThrownBy(() -> loss(object(type, config)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private static List<Metric> metrics(String json) {
    return read("{\"loss\": \"mse\", " + json + "}").metrics();
  }

  private static String metric(String type, String config) {
    return "{\"module\": \"keras.metrics\", \"class_name\": \""
        + type
        + "\", \"config\": {"
        + config
        + "}, \"registered_name\": null}";
  }

  @Test
  void aMetricKeepsTheNameThatItWasGiven() {
    assertThat(metrics("\"metrics\": [\"mae\", \"mean_absolute_error\", \"acc\", \"AUC\"]"))
        .containsExactly(
            Metric.MEAN_ABSOLUTE_ERROR,
            Metric.MEAN_ABSOLUTE_ERROR.named("mean_absolute_error"),
            Metric.ACCURACY.named("acc"),
            Metric.AUC.named("AUC"));
    assertThat(metrics("\"metrics\": [" + metric("RootMeanSquaredError", "\"name\": \"r\"") + "]"))
        .containsExactly(Metric.ROOT_MEAN_SQUARED_ERROR.named("r"));
  }

  /** As Keras tells them apart in its history. */
  @Test
  void namesThatAreTakenGetAnother() {
    assertThat(
            metrics(
                "\"metrics\": [\"accuracy\", \"mse\", \"mse\"], \"weighted_metrics\":"
                    + " [\"accuracy\", \"mae\"]"))
        .containsExactly(
            Metric.ACCURACY,
            Metric.MEAN_SQUARED_ERROR,
            Metric.MEAN_SQUARED_ERROR.named("mse_1"),
            Metric.ACCURACY.byWeight().named("weighted_accuracy"),
            Metric.MEAN_ABSOLUTE_ERROR.byWeight());
  }

  @Test
  void optionsOfMetricsAreRead() {
    String several =
        String.join(
            ", ",
            metric("TopKCategoricalAccuracy", "\"name\": \"top3\", \"k\": 3"),
            metric("Precision", "\"name\": \"p\", \"thresholds\": [0.7], \"top_k\": null"),
            metric("Recall", "\"name\": \"q\", \"thresholds\": null"),
            metric("BinaryAccuracy", "\"name\": \"b\", \"threshold\": 0.2"),
            metric(
                "AUC",
                "\"name\": \"a\", \"num_thresholds\": 50, \"curve\": \"ROC\", \"summation_method\":"
                    + " \"interpolation\", \"multi_label\": false"));
    assertThat(metrics("\"metrics\": [" + several + "]"))
        .containsExactly(
            Metric.of(new Measure.TopKCategoricalAccuracy(3), "top3"),
            Metric.of(new Measure.Precision(0.7), "p"),
            Metric.of(new Measure.Recall(0.5), "q"),
            Metric.of(new Measure.BinaryAccuracy(0.2), "b"),
            Metric.of(new Measure.Auc(50), "a"));
  }

  @Test
  void metricsWithOtherOptionsAreOmittedByName() {
    String several =
        String.join(
            ", ",
            metric("AUC", "\"name\": \"a\", \"curve\": \"PRGAIN\""),
            metric("AUC", "\"name\": \"a\", \"thresholds\": [0.5]"),
            metric("Precision", "\"name\": \"p\", \"thresholds\": [0.2, 0.4]"),
            metric("F1Score", "\"name\": \"f\", \"average\": null, \"threshold\": 0.5"),
            metric("R2Score", "\"name\": \"r\", \"class_aggregation\": null"),
            metric("PearsonCorrelation", "\"name\": \"c\", \"axis\": 0"),
            metric("AUC", "\"name\": \"a\", \"class_id\": 2"),
            metric("PrecisionAtRecall", "\"name\": \"p\", \"recall\": 1.5"),
            metric("OneHotIoU", "\"name\": \"i\", \"num_classes\": 2, \"target_class_ids\": [2]"),
            metric("Accuracy", "\"name\": \"accuracy\""),
            metric("Recall", "\"name\": \"\\u001b[31mx\""),
            metric("BinaryAccuracy", "\"name\": \"" + "b".repeat(65) + "\""));
    Objective found =
        read(
            "{\"loss\": \"mse\", \"metrics\": ["
                + several
                + "], \"weighted_metrics\": [\"f1_score\"]}");
    assertThat(found.metrics()).isEmpty();
    assertThat(found.omitted())
        .containsExactly(
            "AUC",
            "Precision",
            "F1Score",
            "R2Score",
            "PearsonCorrelation",
            "PrecisionAtRecall",
            "OneHotIoU",
            "Accuracy",
            "Recall",
            "BinaryAccuracy",
            "weighted_metrics f1_score");
  }

  @Test
  void metricsThatAreWrittenAreReadAgain() {
    Selection second = Selection.ofClass(1);
    List<Metric> metrics =
        List.of(
            Metric.ACCURACY,
            Metric.ACCURACY.byWeight().named("weighted_accuracy"),
            Metric.MEAN_ABSOLUTE_ERROR,
            Metric.MEAN_SQUARED_ERROR.named("mean_squared_error"),
            Metric.ROOT_MEAN_SQUARED_ERROR,
            Metric.TOP_K_CATEGORICAL_ACCURACY,
            Metric.of(new Measure.TopKCategoricalAccuracy(2), "top2"),
            Metric.of(new Measure.CategoricalAccuracy(), "categories"),
            Metric.BINARY_ACCURACY,
            Metric.of(new Measure.BinaryAccuracy(0.25), "binary_accuracy_1"),
            Metric.PRECISION,
            Metric.of(new Measure.Precision(0.75), "sure"),
            Metric.RECALL.byWeight(),
            Metric.of(new Measure.Recall(0.75), "found"),
            Metric.COSINE_SIMILARITY,
            Metric.AUC,
            Metric.of(new Measure.Auc(20), "area").byWeight(),
            Metric.of(new R2Score(), "r2_score"),
            Metric.of(new R2Score(), "R2Score").byWeight(),
            Metric.of(new R2Score(Aggregation.VARIANCE_WEIGHTED_AVERAGE, 3), "adjusted"),
            Metric.of(FBetaScore.f1(Average.MACRO, null), "f1_score"),
            Metric.of(FBetaScore.f1(Average.MICRO, 0.25), "f"),
            Metric.of(new FBetaScore(Average.WEIGHTED, 2, 0.5), "fbeta_score"),
            Metric.of(new OperatingPoint(Trade.PRECISION_AT_RECALL, 0.75), "precision_at_recall"),
            Metric.of(new OperatingPoint(Trade.RECALL_AT_PRECISION, 0.5, 1, ALL), "recalls"),
            Metric.of(new OperatingPoint(Trade.SENSITIVITY_AT_SPECIFICITY, 0, 3, ALL), "at"),
            Metric.of(new OperatingPoint(Trade.SPECIFICITY_AT_SENSITIVITY, 1, 7, second), "s"),
            Metric.of(new PearsonCorrelation(), "pearson_correlation"),
            Metric.of(new PearsonCorrelation(), "rows"),
            Metric.of(new ConcordanceCorrelation(), "concordance"),
            Metric.of(new Measure.Precision(0.5, second), "precision_of"),
            Metric.of(new Measure.Recall(0.25, new Selection(2, 1)), "recall_of"),
            Metric.of(new Measure.Recall(-1e10, Selection.ofLargest(2)), "recall_of_two"),
            Metric.of(IoU.ofAll(3), "io_u"),
            Metric.of(new IoU(4, List.of(0, 2), 3, new IoU.Call.Largest(), false), "some"),
            Metric.of(new IoU(4, List.of(1), null, new IoU.Call.Value(), true), "values"),
            Metric.of(new IoU(2, List.of(1), null, new IoU.Call.From(0.25), true), "yes"),
            Metric.of(new IoU(2, List.of(0, 1), null, new IoU.Call.From(0.5), true), "BinaryIoU"));
    for (Loss loss : List.of(Loss.CATEGORICAL_CROSSENTROPY, Loss.SPARSE_CATEGORICAL_CROSSENTROPY)) {
      Objective objective = new Objective(loss, metrics, List.of());
      ModelSpec model = new ModelSpec(Shape.of(3), List.of(Dense.of(3)), loss, OPTIMIZER.rule());
      Objective again = read(ObjectiveConfig.write(objective, OPTIMIZER, model).toString());
      assertThat(again.omitted()).isEmpty();
      assertThat(again.metrics()).containsExactlyInAnyOrderElementsOf(metrics);
    }
  }

  /** Keras has them of [units], and ends with an error where it is to measure them of others. */
  @Test
  void metricsOfOtherOutputsThanTheModelsAreOmittedByName() {
    Objective read =
        read(
            "{\"loss\": \"mse\", \"metrics\": [\"r2_score\", \"mae\", "
                + metric("Recall", "\"name\": \"third\", \"class_id\": 3")
                + "]}");
    Graph sequences = Graph.chain(Shape.of(5, 3), List.of(Dense.of(3)));
    Objective found = ObjectiveConfig.ofOutputs(read, sequences);
    assertThat(found.metrics()).containsExactly(Metric.MEAN_ABSOLUTE_ERROR);
    assertThat(found.omitted()).containsExactly("r2_score", "third");
    Graph rows = Graph.chain(Shape.of(3), List.of(Dense.of(4)));
    assertThat(ObjectiveConfig.ofOutputs(read, rows).metrics()).isEqualTo(read.metrics());
    ModelSpec plain =
        new ModelSpec(sequences, Loss.MEAN_SQUARED_ERROR, OPTIMIZER.rule(), List.of());
    assertThatThrownBy(() -> plain.withMetrics(List.of(Metric.of(new R2Score(), "score"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "metric score: R2Score is of outputs [units], one row a sample, found [5, 3]; leave it"
                + " out");
  }

  /** A class is the one that suits the targets: Keras tells them apart. */
  @Test
  void accuracyUnderAnotherNameIsWrittenByItsClass() {
    assertThat(written(Loss.CATEGORICAL_CROSSENTROPY, false)).contains("\"CategoricalAccuracy\"");
    assertThat(written(Loss.SPARSE_CATEGORICAL_CROSSENTROPY, false))
        .contains("\"SparseCategoricalAccuracy\"");
    assertThat(written(Loss.BINARY_CROSSENTROPY, true)).contains("\"BinaryAccuracy\"");
  }

  private static String written(Loss loss, boolean oneUnit) {
    return MetricConfig.write(Metric.ACCURACY, "right", loss, oneUnit).toString();
  }
}
