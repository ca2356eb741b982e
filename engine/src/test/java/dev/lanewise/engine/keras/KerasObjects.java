package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Losses and metrics as Keras writes them, with Keras's values, from {@code golden/objectives}. */
public final class KerasObjects {
  private KerasObjects() {}

  /** Returns the cases of a list. */
  public static List<JsonObject> cases(String list) {
    String path = "/golden/objectives/" + list + ".json";
    try (Reader reader =
        new InputStreamReader(
            KerasObjects.class.getResourceAsStream(path), StandardCharsets.UTF_8)) {
      JsonArray all = JsonParser.parseReader(reader).getAsJsonArray();
      return StreamSupport.stream(all.spliterator(), false)
          .map(element -> element.getAsJsonObject())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a case's loss. */
  public static Loss loss(JsonObject json) {
    return LossConfig.read(new Config("a case", json));
  }

  /** Returns a case's metric; null if it is not supported. */
  public static @Nullable Metric metricOrNull(JsonObject json) {
    return MetricConfig.readOrNull(json.get("metric"));
  }

  /** Returns a case's rows. */
  public static double[][] rows(JsonObject json, String key) {
    JsonArray rows = json.getAsJsonArray(key);
    return IntStream.range(0, rows.size())
        .mapToObj(r -> numbers(rows.get(r).getAsJsonArray()))
        .toArray(double[][]::new);
  }

  /** Returns a case's number for each row. */
  public static double[] numbers(JsonArray array) {
    return array.asList().stream().mapToDouble(element -> element.getAsDouble()).toArray();
  }

  /** Returns rows, one after another. */
  public static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }
}
