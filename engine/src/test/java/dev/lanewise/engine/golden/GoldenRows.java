package dev.lanewise.engine.golden;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.layer.Activation;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/**
 * The inputs of one of Keras's losses or metrics: rows of what a layer gives, targets, weights.
 *
 * @param json all that is said of the case
 * @param z by row
 * @param targets by row, class indices as one-hot
 * @param weights one a row
 * @param mask by row, whether it counts
 * @param positions the rows of a sample
 */
public record GoldenRows(
    JsonObject json,
    double[][] z,
    double[][] targets,
    double[] weights,
    boolean[] mask,
    int positions) {
  /** Reads the cases of a list in {@code golden/recurrent}; all are of the arrays in losses.npz. */
  public static List<GoldenRows> cases(String list) {
    String path = "/golden/recurrent/" + list + ".json";
    try (Reader reader =
        new InputStreamReader(GoldenRows.class.getResourceAsStream(path), StandardCharsets.UTF_8)) {
      JsonArray all = JsonParser.parseReader(reader).getAsJsonArray();
      return StreamSupport.stream(all.spliterator(), false)
          .map(element -> element.getAsJsonObject())
          .map(GoldenRows::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GoldenRows of(JsonObject json) {
    Npy outputs = array(json.get("z").getAsString());
    int width = outputs.shape()[outputs.shape().length - 1];
    int rows = outputs.values().length / width;
    Npy targets = array(json.get("target").getAsString());
    double[][] t =
        targets.values().length == rows
            ? Arrays.stream(targets.values())
                .mapToObj(k -> oneHot((int) k, width))
                .toArray(double[][]::new)
            : rows(targets.values(), width);
    double[] weights = new double[rows];
    Arrays.fill(weights, 1);
    if (!json.get("sample_weight").isJsonNull()) {
      weights = array(json.get("sample_weight").getAsString()).values();
    }
    boolean[] mask = new boolean[rows];
    Arrays.fill(mask, true);
    if (json.get("mask").getAsBoolean()) {
      double[] used = array("mask").values();
      for (int r = 0; r < rows; r++) {
        mask[r] = used[r] != 0;
      }
    }
    int positions = outputs.shape().length == 2 ? 1 : outputs.shape()[1];
    return new GoldenRows(json, rows(outputs.values(), width), t, weights, mask, positions);
  }

  private static double[] oneHot(int index, int width) {
    double[] row = new double[width];
    row[index] = 1;
    return row;
  }

  private static double[][] rows(double[] values, int width) {
    double[][] rows = new double[values.length / width][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = Arrays.copyOfRange(values, r * width, (r + 1) * width);
    }
    return rows;
  }

  private static Npy array(String member) {
    return Npy.readMember("recurrent/losses", member);
  }

  /** Returns how many rows count. */
  public int used() {
    int used = 0;
    for (boolean counts : mask) {
      used += counts ? 1 : 0;
    }
    return used;
  }

  /** Returns Keras's gradient by z. */
  public double[] gradient() {
    return array("grad_" + json.get("case").getAsString()).values();
  }

  /** Returns the activation over z. */
  public Activation activation() {
    return Activation.valueOf(json.get("activation").getAsString().toUpperCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return json.has("case")
        ? json.get("case").getAsString()
        : json.get("metric").getAsString()
            + " "
            + json.get("target").getAsString()
            + (json.get("sample_weight").isJsonNull() ? "" : " weighted")
            + (json.get("mask").getAsBoolean() ? " masked" : "");
  }
}
