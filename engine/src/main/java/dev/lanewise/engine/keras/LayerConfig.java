package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Shape;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A layer's entry in {@code config.json}, read and written; keys and their order are Keras's. */
final class LayerConfig {
  private static final String SUPPORTED = "SimpleRNN and Dense are, and Dropout in prediction";

  /** What decides neither prediction nor training, once weights are there and nothing is masked. */
  private static final Set<String> HARMLESS =
      Set.of(
          "name",
          "trainable",
          "dtype",
          "kernel_initializer",
          "recurrent_initializer",
          "bias_initializer",
          "unroll",
          "zero_output_for_mask",
          "implementation",
          "seed",
          "batch_input_shape",
          "batch_shape",
          "input_shape",
          "noise_shape");

  private static final Set<String> SIMPLE_RNN =
      with("units", "activation", "use_bias", "return_sequences", "go_backwards");
  private static final Set<String> DENSE = with("units", "activation", "use_bias");
  private static final Set<String> DROPOUT = Set.of("Dropout", "SpatialDropout1D");

  private LayerConfig() {}

  private static Set<String> with(String... keys) {
    Set<String> all = new HashSet<>(HARMLESS);
    all.addAll(Set.of(keys));
    return Set.copyOf(all);
  }

  /** Returns whether a layer does nothing in prediction, so that only training needs it. */
  static boolean isDropout(Config entry) {
    return DROPOUT.contains(entry.string("class_name"));
  }

  /**
   * Says that a model with a layer that {@link #isDropout} cannot be trained, or null if it can.
   */
  static @Nullable String obstacle(Config entry) {
    Config config = entry.child("config");
    double rate = config.number("rate");
    return rate == 0
        ? null
        : "layer "
            + shortened(config.string("name"))
            + " ("
            + entry.string("class_name")
            + "): key rate with value "
            + rate
            + " is supported in prediction alone";
  }

  /**
   * Reads a layer.
   *
   * @param entry its object in {@code layers}
   * @throws ModelFormatException naming layer and key of what is not supported
   */
  static NamedLayer read(Config entry) {
    String type = entry.string("class_name");
    Config outer = entry.child("config");
    String name = outer.string("name");
    Config config = outer.at("layer " + shortened(name) + " (" + shortened(type) + ")");
    return switch (type) {
      case "SimpleRNN" -> new NamedLayer(name, simpleRnn(config));
      case "Dense" -> new NamedLayer(name, dense(config));
      default ->
          throw new ModelFormatException(
              config.where() + ": layers of this class are not supported; " + SUPPORTED);
    };
  }

  private static SimpleRnn simpleRnn(Config config) {
    config.requireKnown(SIMPLE_RNN);
    requireFloatAndTrainable(config);
    Activation activation = activation(config, "tanh");
    if (activation == Activation.SOFTMAX) {
      throw config.wrong("activation", "tanh, relu, sigmoid or linear");
    }
    return new SimpleRnn(
        units(config),
        activation,
        config.bool("use_bias", true),
        config.bool("return_sequences", false),
        config.bool("go_backwards", false));
  }

  private static Dense dense(Config config) {
    config.requireKnown(DENSE);
    requireFloatAndTrainable(config);
    return new Dense(units(config), activation(config, "linear"), config.bool("use_bias", true));
  }

  private static int units(Config config) {
    return (int) config.whole("units", 1, 1 << 24);
  }

  private static void requireFloatAndTrainable(Config config) {
    if (!config.bool("trainable", true)) {
      throw new ModelFormatException(
          config.where() + ": key trainable with value false is not supported");
    }
    requireFloat32(config);
  }

  /** A data type is a string, or a policy with a name. */
  static void requireFloat32(Config config) {
    if (!config.has("dtype")) {
      return;
    }
    String policy = config.stringOrNull("dtype");
    if (policy == null) {
      policy = config.child("dtype").child("config").string("name");
    }
    if (!policy.equals("float32")) {
      throw new ModelFormatException(
          config.where() + ": key dtype must be float32, found " + shortened(policy));
    }
  }

  /** An activation is a string, absent, or an object around a function's name. */
  private static Activation activation(Config config, String absent) {
    String name = absent;
    if (config.has("activation")) {
      String plain = config.stringOrNull("activation");
      name = plain != null ? plain : config.child("activation").string("config");
    } else if (config.json().has("activation")) {
      name = "linear"; // null
    }
    for (Activation activation : Activation.values()) {
      if (activation.kerasName().equals(name)) {
        return activation;
      }
    }
    throw config.wrong("activation", "linear, relu, tanh, sigmoid or softmax");
  }

  static String shortened(String text) {
    String clean =
        text.codePoints().limit(60).mapToObj(LayerConfig::visible).reduce("", String::concat);
    return clean.length() < text.length() ? clean + "..." : clean;
  }

  private static String visible(int c) {
    return Character.isISOControl(c) ? "?" : Character.toString(c);
  }

  /** Returns the input layer's entry. */
  static JsonObject inputEntry(String name, Shape input) {
    JsonObject config = new JsonObject();
    config.add("batch_shape", batchShape(input));
    config.addProperty("dtype", "float32");
    config.addProperty("sparse", false);
    config.addProperty("ragged", false);
    config.addProperty("name", name);
    return KerasObject.of("keras.layers", "InputLayer", config);
  }

  /**
   * Returns a layer's entry.
   *
   * @param input the shape of one sample of its input
   */
  static JsonObject entry(NamedLayer layer, Shape input) {
    JsonObject config = new JsonObject();
    config.addProperty("name", layer.name());
    config.addProperty("trainable", true);
    config.add("dtype", KerasObject.floatPolicy());
    String type =
        switch (layer.layer()) {
          case SimpleRnn rnn -> {
            write(config, rnn);
            yield "SimpleRNN";
          }
          case Dense dense -> {
            write(config, dense);
            yield "Dense";
          }
        };
    JsonObject entry = KerasObject.of("keras.layers", type, config);
    JsonObject build = new JsonObject();
    build.add("input_shape", batchShape(input));
    entry.add("build_config", build);
    return entry;
  }

  private static void write(JsonObject config, SimpleRnn rnn) {
    config.addProperty("return_sequences", rnn.returnSequences());
    config.addProperty("return_state", false);
    config.addProperty("go_backwards", rnn.goBackwards());
    config.addProperty("stateful", false);
    config.addProperty("unroll", false);
    writeUnits(config, rnn.units(), rnn);
    config.addProperty("use_bias", rnn.useBias());
    config.add("kernel_initializer", KerasObject.glorotUniform());
    config.add("recurrent_initializer", KerasObject.orthogonal());
    config.add("bias_initializer", KerasObject.zeros());
    nulls(
        config,
        "kernel_regularizer",
        "recurrent_regularizer",
        "bias_regularizer",
        "activity_regularizer",
        "kernel_constraint",
        "recurrent_constraint",
        "bias_constraint");
    config.addProperty("dropout", 0.0);
    config.addProperty("recurrent_dropout", 0.0);
  }

  private static void write(JsonObject config, Dense dense) {
    writeUnits(config, dense.units(), dense);
    config.addProperty("use_bias", dense.useBias());
    config.add("kernel_initializer", KerasObject.glorotUniform());
    config.add("bias_initializer", KerasObject.zeros());
    nulls(config, "kernel_regularizer", "bias_regularizer", "kernel_constraint", "bias_constraint");
  }

  private static void writeUnits(JsonObject config, int units, Layer layer) {
    config.addProperty("units", units);
    config.addProperty("activation", layer.activation().kerasName());
  }

  private static void nulls(JsonObject config, String... keys) {
    for (String key : keys) {
      config.add(key, JsonNull.INSTANCE);
    }
  }

  static JsonElement batchShape(Shape shape) {
    JsonArray sizes = new JsonArray();
    sizes.add(JsonNull.INSTANCE);
    for (int size : shape.toArray()) {
      sizes.add(size);
    }
    return sizes;
  }
}
