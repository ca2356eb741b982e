package dev.lanewise.engine.golden;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Bidirectional.Merge;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.ParameterRules;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.Walk;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Layers with inputs, outputs and gradients that Keras computed: a {@code .json} and a {@code
 * .npz}.
 */
public record GoldenStack(String path, Shape input, List<Layer> layers) {
  /** Returns all stacks that do in training what they do in prediction. */
  public static Stream<GoldenStack> all() {
    return paths("recurrent/layers").map(path -> of(path, description(path)));
  }

  /** Returns the paths of a folder's cases, without the files' endings. */
  public static Stream<String> paths(String folder) {
    List<Path> files;
    try (Stream<Path> list = Files.list(resource(folder))) {
      files = list.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files.stream()
        .map(file -> folder + "/" + file.getFileName().toString().replace(".json", ""));
  }

  /** Returns what a case's {@code .json} says. */
  public static JsonObject description(String path) {
    try {
      return JsonParser.parseString(Files.readString(resource(path + ".json"))).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path resource(String path) {
    try {
      return Path.of(GoldenStack.class.getResource("/golden/" + path).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns a case.
   *
   * @param json says its {@code layers}, each [class, arguments]
   */
  public static GoldenStack of(String path, JsonObject json) {
    int[] x = Npy.readMember(path, "x").shape();
    Shape input = x.length == 2 ? Shape.of(x[1]) : Shape.of(x[1], x[2]);
    List<Layer> layers = new ArrayList<>();
    for (JsonElement layer : json.getAsJsonArray("layers")) {
      layers.add(layer(layer.getAsJsonArray()));
    }
    return new GoldenStack(path, input, layers);
  }

  private static Layer layer(JsonArray layer) {
    JsonObject arguments = layer.size() > 1 ? layer.get(1).getAsJsonObject() : new JsonObject();
    return switch (layer.get(0).getAsString()) {
      case "SimpleRNN" ->
          new SimpleRnn(units(arguments), activation(arguments, "tanh"), options(arguments));
      case "LSTM" ->
          new Lstm(
              units(arguments),
              activation(arguments, "tanh"),
              gate(arguments),
              true,
              options(arguments));
      case "GRU" ->
          new Gru(
              units(arguments),
              activation(arguments, "tanh"),
              gate(arguments),
              flag(arguments, "reset_after", true),
              options(arguments));
      case "Dense" -> Dense.of(units(arguments), activation(arguments, "linear"));
      case "BatchNormalization" -> normalization(arguments);
      case "Embedding" -> {
        Embedding table =
            Embedding.of(
                arguments.get("input_dim").getAsInt(), arguments.get("output_dim").getAsInt());
        yield flag(arguments, "mask_zero", false) ? table.maskingZero() : table;
      }
      case "Bidirectional" -> bidirectional(arguments);
      case "TimeDistributed" -> new TimeDistributed(layer(arguments.getAsJsonArray("layer")));
      case "Activation" -> new ActivationLayer(activation(arguments, "linear"));
      case "Flatten" -> new Flatten();
      case "Masking" ->
          new Masking(arguments.has("mask_value") ? arguments.get("mask_value").getAsDouble() : 0);
      case "Dropout" -> Dropout.of(rate(arguments, "rate"));
      case "RepeatVector" -> new RepeatVector(arguments.get("n").getAsInt());
      case "Conv1D" ->
          new Conv1D(
              arguments.get("filters").getAsInt(),
              window(arguments, "kernel_size", 1),
              activation(arguments, "linear"),
              flag(arguments, "use_bias", true),
              ParameterRules.DEFAULT);
      case "MaxPooling1D" ->
          new MaxPooling1D(window(arguments, "pool_size", whole(arguments, "pool_size", 2)));
      case "AveragePooling1D" ->
          new AveragePooling1D(window(arguments, "pool_size", whole(arguments, "pool_size", 2)));
      case "GlobalMaxPooling1D" -> new GlobalMaxPooling1D(flag(arguments, "keepdims", false));
      case "GlobalAveragePooling1D" ->
          new GlobalAveragePooling1D(flag(arguments, "keepdims", false));
      case "LayerNormalization" ->
          LayerNormalization.of(
              arguments.has("epsilon") ? arguments.get("epsilon").getAsDouble() : 1e-3,
              flag(arguments, "center", true),
              flag(arguments, "scale", true));
      case "Rescaling" ->
          new Rescaling(
              arguments.get("scale").getAsDouble(), arguments.get("offset").getAsDouble());
      case "Permute" -> Permute.turning();
      case "ZeroPadding1D" ->
          new ZeroPadding1D(end(arguments, "padding", 0), end(arguments, "padding", 1));
      case "Cropping1D" ->
          new Cropping1D(end(arguments, "cropping", 0), end(arguments, "cropping", 1));
      case "UpSampling1D" -> new UpSampling1D(whole(arguments, "size", 2));
      default -> throw new IllegalStateException("no layer for " + layer);
    };
  }

  private static SlidingWindow window(JsonObject arguments, String size, int absentStrides) {
    String padding = arguments.has("padding") ? arguments.get("padding").getAsString() : "valid";
    return new SlidingWindow(
        whole(arguments, size, 2),
        whole(arguments, "strides", absentStrides),
        whole(arguments, "dilation_rate", 1),
        Padding.valueOf(padding.toUpperCase(Locale.ROOT)));
  }

  private static int whole(JsonObject arguments, String key, int absent) {
    return arguments.has(key) ? arguments.get(key).getAsInt() : absent;
  }

  private static int end(JsonObject arguments, String key, int which) {
    return arguments.getAsJsonArray(key).get(which).getAsInt();
  }

  private static Layer normalization(JsonObject arguments) {
    BatchNormalization defaults = BatchNormalization.withDefaults();
    Layer layer =
        new BatchNormalization(
            -1,
            arguments.has("momentum") ? arguments.get("momentum").getAsDouble() : 0.99,
            arguments.has("epsilon") ? arguments.get("epsilon").getAsDouble() : 1e-3,
            flag(arguments, "center", true),
            flag(arguments, "scale", true),
            defaults.gamma(),
            defaults.beta());
    return flag(arguments, "trainable", true) ? layer : layer.frozen();
  }

  private static Bidirectional bidirectional(JsonObject arguments) {
    Recurrent forward = (Recurrent) layer(arguments.getAsJsonArray("layer"));
    Recurrent backward =
        arguments.has("backward_layer")
            ? (Recurrent) layer(arguments.getAsJsonArray("backward_layer"))
            : forward.turned();
    String merge =
        arguments.has("merge_mode") ? arguments.get("merge_mode").getAsString() : "concat";
    return new Bidirectional(forward, backward, Merge.valueOf(merge.toUpperCase(Locale.ROOT)));
  }

  private static int units(JsonObject arguments) {
    return arguments.get("units").getAsInt();
  }

  private static Activation activation(JsonObject arguments, String absent) {
    return function(arguments, "activation", absent);
  }

  private static Activation gate(JsonObject arguments) {
    return function(arguments, "recurrent_activation", "sigmoid");
  }

  private static Activation function(JsonObject arguments, String key, String absent) {
    String name = arguments.has(key) ? arguments.get(key).getAsString() : absent;
    return Activation.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static boolean flag(JsonObject arguments, String key, boolean absent) {
    return arguments.has(key) ? arguments.get(key).getAsBoolean() : absent;
  }

  private static double rate(JsonObject arguments, String key) {
    return arguments.has(key) ? arguments.get(key).getAsDouble() : 0;
  }

  private static RecurrentOptions options(JsonObject arguments) {
    return new RecurrentOptions(
        new Walk(
            flag(arguments, "return_sequences", false),
            flag(arguments, "return_state", false),
            flag(arguments, "go_backwards", false),
            flag(arguments, "stateful", false),
            flag(arguments, "zero_output_for_mask", false)),
        flag(arguments, "use_bias", true),
        rate(arguments, "dropout"),
        rate(arguments, "recurrent_dropout"),
        ParameterRules.DEFAULT);
  }

  /** Returns an array by its name. */
  public Npy array(String member) {
    return Npy.readMember(path, member);
  }

  /** Returns prefix0, prefix1, ..., one a weight. */
  public List<Npy> arrays(String prefix) {
    Shape shape = input;
    int count = 0;
    for (Layer layer : layers) {
      count += layer.parameters(shape).size();
      shape = layer.outputShape(shape);
    }
    return IntStream.range(0, count).mapToObj(i -> array(prefix + i)).toList();
  }

  /** Returns the shape of one sample's output. */
  public Shape output() {
    Shape shape = input;
    for (Layer layer : layers) {
      shape = layer.outputShape(shape);
    }
    return shape;
  }

  @Override
  public String toString() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
