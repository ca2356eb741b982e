package dev.lanewise.engine.golden;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A recurrent layer in training, with the factors that Keras drew for its inputs and its states,
 * and the outputs and gradients that it had with them.
 *
 * @param values the layer, its arrays
 * @param masked whether it had a mask
 */
public record GoldenDropout(GoldenStack values, boolean masked) {
  private static final String BOTH = "Bidirectional ";

  /** Returns all that there are. */
  public static Stream<GoldenDropout> all() {
    return GoldenStack.paths("recurrent/dropout").map(GoldenDropout::read);
  }

  /** What a description leaves to its arrays is the units and whether every state is given. */
  private static GoldenDropout read(String path) {
    JsonObject cell = GoldenStack.description(path);
    cell.addProperty("units", Npy.readMember(path, "weight_1").shape()[0]);
    cell.addProperty("return_sequences", Npy.readMember(path, "y").shape().length == 3);
    String type = cell.get("layer").getAsString();
    JsonArray layer = entry(type.replace(BOTH, ""), cell);
    if (type.startsWith(BOTH)) {
      JsonObject arguments = new JsonObject();
      arguments.add("layer", layer);
      layer = entry("Bidirectional", arguments);
    }
    JsonArray layers = new JsonArray();
    layers.add(layer);
    JsonObject stack = new JsonObject();
    stack.add("layers", layers);
    return new GoldenDropout(
        GoldenStack.of(path, stack), cell.has("masked") && cell.get("masked").getAsBoolean());
  }

  private static JsonArray entry(String type, JsonObject arguments) {
    JsonArray entry = new JsonArray();
    entry.add(type);
    entry.add(arguments);
    return entry;
  }

  /** Returns the layer. */
  public Layer layer() {
    return values.layers().getFirst();
  }

  /**
   * Returns a sample's factors.
   *
   * @param member the array of all samples, [samples, width] or [gates, samples, width]
   */
  public List<double[]> masks(String member, int sample) {
    Npy all = values.array(member);
    int[] shape = all.shape();
    int width = shape[shape.length - 1];
    int samples = shape[shape.length - 2];
    int masks = all.values().length / samples / width;
    return IntStream.range(0, masks)
        .map(mask -> (mask * samples + sample) * width)
        .mapToObj(from -> Arrays.copyOfRange(all.values(), from, from + width))
        .toList();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
