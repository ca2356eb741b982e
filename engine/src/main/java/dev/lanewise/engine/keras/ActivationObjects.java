package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Relu;
import dev.lanewise.engine.layer.Softmax;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keras's layers that are activations: {@code ReLU}, {@code LeakyReLU}, {@code PReLU}, {@code ELU},
 * {@code Softmax} and {@code Identity}. They stand by themselves, or in the place of a layer's
 * activation. What an {@link ActivationLayer} does is written as such.
 */
final class ActivationObjects {
  private static final Set<String> RELU =
      LayerConfig.known("max_value", "negative_slope", "threshold");
  private static final Set<String> SLOPE = LayerConfig.known("negative_slope", "alpha");
  private static final Set<String> SHARED = LayerConfig.known("alpha_initializer", "shared_axes");
  private static final Set<String> ALPHA = LayerConfig.known("alpha");
  private static final Set<String> THETA = LayerConfig.known("theta");
  private static final Set<String> AXIS = LayerConfig.known("axis");
  private static final Set<String> NONE = LayerConfig.known();

  private static final double SIX = 6;

  /** The slope of the activation of that name; the layer's is another by default. */
  private static final double LEAKY = 0.2;

  private ActivationObjects() {}

  /** Reads one of the layers. */
  static Layer layer(String type, Config config) {
    return switch (type) {
      case "ReLU" -> relu(config);
      case "ThresholdedReLU" -> thresholded(config);
      case "PReLU" -> prelu(config);
      case "LeakyReLU" -> new LeakyRelu(slope(config));
      case "ELU" -> elu(config);
      case "Softmax" -> softmax(config);
      default -> {
        config.requireKnown(NONE);
        yield new ActivationLayer(Activation.LINEAR);
      }
    };
  }

  /**
   * Reads what stands in the place of a layer's activation, or returns null if it is no such
   * object.
   *
   * @throws ModelFormatException if no activation does what it does
   */
  static @Nullable Activation activationOrNull(Config object) {
    String type = object.string("class_name");
    if (!Set.of("ReLU", "LeakyReLU", "ELU", "Softmax").contains(type) || !object.isKerasOwn()) {
      return null;
    }
    Config config = object.child("config").at(object.where() + ", " + type);
    return switch (layer(type, config)) {
      case ActivationLayer function -> function.activation();
      case LeakyRelu leaky when leaky.negativeSlope() == LEAKY -> Activation.LEAKY_RELU;
      default ->
          throw new ModelFormatException(
              config.where()
                  + ": as an activation only a slope of 0.2 is supported, an alpha of 1, a"
                  + " max_value of 6, and a softmax of the last axis");
    };
  }

  private static Layer relu(Config config) {
    config.requireKnown(RELU);
    double threshold = config.number("threshold", 0);
    double slope = config.number("negative_slope", 0);
    Double most = config.has("max_value") ? Double.valueOf(config.number("max_value")) : null;
    if (threshold == 0 && most == null) {
      return slope == 0 ? new ActivationLayer(Activation.RELU) : new LeakyRelu(slope(config));
    }
    if (threshold == 0 && slope == 0 && most != null && most == SIX) {
      return new ActivationLayer(Activation.RELU6);
    }
    return new Relu(most, slope, threshold);
  }

  /** Keras 2 had a layer for a threshold alone. */
  private static Layer thresholded(Config config) {
    config.requireKnown(THETA);
    double theta = config.number("theta", 1);
    return theta == 0 ? new ActivationLayer(Activation.RELU) : new Relu(null, 0, theta);
  }

  private static Layer prelu(Config config) {
    config.requireKnown(SHARED);
    List<Integer> shared = new ArrayList<>();
    for (JsonElement axis :
        config.has("shared_axes") ? config.array("shared_axes") : List.<JsonElement>of()) {
      shared.add((int) config.element("shared_axes", axis).whole("shared_axes", 1, 4));
    }
    return new Prelu(shared);
  }

  static void write(JsonObject config, Relu relu) {
    config.addProperty("max_value", relu.maxValue());
    config.addProperty("negative_slope", relu.negativeSlope());
    config.addProperty("threshold", relu.threshold());
  }

  static void write(JsonObject config, Prelu learnt) {
    config.add("alpha_initializer", InitializerConfig.write(Initializer.ZEROS));
    LayerEntry.nulls(config, "alpha_regularizer", "alpha_constraint");
    JsonArray shared = new JsonArray();
    learnt.sharedAxes().forEach(shared::add);
    config.add("shared_axes", shared.isEmpty() ? JsonNull.INSTANCE : shared);
  }

  /** Keras 2 called the slope alpha. */
  private static double slope(Config config) {
    config.requireKnown(config.has("threshold") || config.has("max_value") ? RELU : SLOPE);
    String key = config.has("negative_slope") ? "negative_slope" : "alpha";
    return config.number(key, LeakyRelu.DEFAULT_SLOPE);
  }

  private static Layer elu(Config config) {
    config.requireKnown(ALPHA);
    double alpha = config.number("alpha", 1);
    return alpha == 1 ? new ActivationLayer(Activation.ELU) : new Elu(alpha);
  }

  /** An axis may be written as a list of one. */
  private static Layer softmax(Config config) {
    config.requireKnown(AXIS);
    JsonElement axis = config.json().get("axis");
    boolean one = axis instanceof JsonArray array && array.size() == 1;
    JsonElement number = one ? axis.getAsJsonArray().get(0) : axis;
    if (axis == null || new JsonPrimitive(-1).equals(number)) {
      return new ActivationLayer(Activation.SOFTMAX);
    }
    int along = (int) config.element("axis", number).whole("axis", -4, 4);
    if (along == 0) {
      throw config.wrong("axis", "another axis than the batch's");
    }
    return new Softmax(along);
  }
}
