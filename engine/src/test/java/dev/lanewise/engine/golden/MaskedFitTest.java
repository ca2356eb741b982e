package dev.lanewise.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole fits of masked sequences against Keras's: what an epoch reports, and where it ends. */
class MaskedFitTest {
  private static final double TOLERANCE = 1e-5;
  private static final Shape INPUT = Shape.of(6, 3);
  private static final int SAMPLES = 20;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tagging_masked",
        "tagging_masked_sample_weight",
        "tagging_masked_time_distributed",
        "regression_masked",
        "batch_normalization_masked"
      })
  void followsKeras(String name) {
    String path = "recurrent/fit/" + name;
    JsonObject json = GoldenStack.description(path);
    GoldenStack stack = GoldenStack.of(path, json);
    int batch = json.get("batch_size").getAsInt();
    FitOptions options =
        FitOptions.epochs(json.get("epochs").getAsInt())
            .withBatchSize(batch)
            .withoutShuffle()
            .withValidationSplit(json.get("validation_rows").getAsDouble() / SAMPLES);
    List<Metric> metrics = metrics(json);
    Dataset data = data(stack, json);
    try (Model model =
        Model.sequential(INPUT, stack.layers().toArray(Layer[]::new))
            .withThreads(2)
            .compile(optimizer(json), loss(json), metrics.toArray(Metric[]::new))) {
      model.setParameters(
          Parameters.initial(stack.arrays("init_weight_").stream().map(Npy::floats).toList()));
      Map<String, List<Double>> history = model.fit(data, options).history();
      JsonObject expected = json.getAsJsonObject("history");
      assertThat(history.keySet()).containsAll(expected.keySet());
      for (String key : expected.keySet()) {
        JsonArray values = expected.getAsJsonArray(key);
        for (int epoch = 0; epoch < values.size(); epoch++) {
          assertThat(history.get(key).get(epoch))
              .as(key + " of epoch " + epoch)
              .isCloseTo(values.get(epoch).getAsDouble(), offset(TOLERANCE));
        }
      }
      List<float[]> weights = model.parameters().values();
      List<Npy> after = stack.arrays("after_weight_");
      IntStream.range(0, after.size())
          .forEach(
              i ->
                  assertThat(after.get(i).absoluteError(weights.get(i)))
                      .as("weight " + i)
                      .isLessThan(TOLERANCE));
      assertThat(stack.array("predict").absoluteError(model.predict(data, batch)))
          .isLessThan(TOLERANCE);
      JsonObject evaluated = json.getAsJsonObject("evaluate_all_rows_batch_8");
      Map<String, Double> found = model.evaluate(data, batch).values();
      for (String key : evaluated.keySet()) {
        assertThat(found.get(key))
            .as(key + " of all")
            .isCloseTo(evaluated.get(key).getAsDouble(), offset(TOLERANCE));
      }
    }
  }

  private static Dataset data(GoldenStack stack, JsonObject json) {
    float[] x = stack.array("x").floats();
    float[] y = stack.array("y").floats();
    if (loss(json) != Loss.SPARSE_CATEGORICAL_CROSSENTROPY) {
      return Dataset.of(INPUT, x, y, y.length / SAMPLES);
    }
    int[] labels = IntStream.range(0, y.length).map(i -> (int) y[i]).toArray();
    Dataset data = Dataset.of(INPUT, x, labels, 4);
    return stack.toString().endsWith("sample_weight")
        ? data.withSampleWeights(stack.array("sample_weight").floats())
        : data;
  }

  private static Loss loss(JsonObject json) {
    return switch (json.get("loss").getAsString()) {
      case "mse" -> Loss.MEAN_SQUARED_ERROR;
      case "huber" -> Loss.HUBER;
      default -> Loss.SPARSE_CATEGORICAL_CROSSENTROPY;
    };
  }

  private static Optimizer optimizer(JsonObject json) {
    return json.get("optimizer").getAsString().equals("adam")
        ? Adam.withDefaults()
        : RmsProp.withDefaults();
  }

  private static List<Metric> metrics(JsonObject json) {
    List<Metric> metrics = new ArrayList<>();
    for (JsonElement metric : json.getAsJsonArray("metrics")) {
      metrics.add(
          switch (metric.getAsString()) {
            case "accuracy" -> Metric.ACCURACY;
            case "mae" -> Metric.MEAN_ABSOLUTE_ERROR;
            case "root_mean_squared_error" -> Metric.ROOT_MEAN_SQUARED_ERROR;
            default -> throw new IllegalStateException("no metric " + metric);
          });
    }
    if (!json.getAsJsonArray("weighted_metrics").isEmpty()) {
      metrics.add(Metric.ACCURACY.byWeight().named("weighted_accuracy"));
    }
    return metrics;
  }
}
