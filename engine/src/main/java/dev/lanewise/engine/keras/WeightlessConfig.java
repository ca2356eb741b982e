package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GridPooling.Kind;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SpatialDropout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of layers without weights as they are read. */
final class WeightlessConfig {
  private static final Set<String> RATE = LayerConfig.known("rate");
  private static final Set<String> SPATIAL = LayerConfig.known("rate", "data_format");
  private static final Set<String> STDDEV = LayerConfig.known("stddev");
  private static final Set<String> ACTIVATION = LayerConfig.known("activation");
  private static final Set<String> DATA_FORMAT = LayerConfig.known("data_format");
  private static final Set<String> GLOBAL = LayerConfig.known("data_format", "keepdims");
  private static final Set<String> TARGET = LayerConfig.known("target_shape");
  private static final Set<String> MASK_VALUE = LayerConfig.known("mask_value");
  private static final Set<String> TIMES = LayerConfig.known("n");

  private static final int MOST = 1 << 24;

  private WeightlessConfig() {}

  /** Reads a layer, or returns null if the class is none of them. */
  static @Nullable Layer readOrNull(String type, Config config) {
    return switch (type) {
      case "Dropout" -> DropoutConfig.read(config);
      case "SpatialDropout1D" -> new SpatialDropout(rate(config), 1);
      case "SpatialDropout2D" -> spatialDropout(config, 2);
      case "SpatialDropout3D" -> spatialDropout(config, 3);
      case "Activation" -> {
        config.requireKnown(ACTIVATION);
        yield new ActivationLayer(LayerConfig.activation(config, "activation", "linear"));
      }
      case "LeakyReLU", "ReLU", "ThresholdedReLU", "PReLU", "ELU", "Softmax", "Identity" ->
          ActivationObjects.layer(type, config);
      case "Masking" -> masking(config);
      case "Flatten" -> flatten(config);
      case "Reshape" -> reshape(config);
      case "RepeatVector" -> {
        config.requireKnown(TIMES);
        yield new RepeatVector((int) config.whole("n", 1, MOST));
      }
      case "MaxPooling1D" -> WindowConfig.maxPooling(config);
      case "AveragePooling1D" -> WindowConfig.averagePooling(config);
      case "GlobalMaxPooling1D" -> new GlobalMaxPooling1D(keepDims(config));
      case "GlobalAveragePooling1D" -> new GlobalAveragePooling1D(keepDims(config));
      case "MaxPooling2D" -> PictureConfig.pooling(Kind.MAX, config, 2);
      case "MaxPooling3D" -> PictureConfig.pooling(Kind.MAX, config, 3);
      case "AveragePooling2D" -> PictureConfig.pooling(Kind.AVERAGE, config, 2);
      case "AveragePooling3D" -> PictureConfig.pooling(Kind.AVERAGE, config, 3);
      case "GlobalMaxPooling2D" -> PictureConfig.global(Kind.MAX, config, 2);
      case "GlobalMaxPooling3D" -> PictureConfig.global(Kind.MAX, config, 3);
      case "GlobalAveragePooling2D" -> PictureConfig.global(Kind.AVERAGE, config, 2);
      case "GlobalAveragePooling3D" -> PictureConfig.global(Kind.AVERAGE, config, 3);
      case "ZeroPadding2D", "Cropping2D", "UpSampling2D" -> RelocationConfig.read(type, config);
      case "Permute" -> StepsConfig.permute(config);
      case "ZeroPadding1D" -> StepsConfig.zeroPadding(config);
      case "Cropping1D" -> StepsConfig.cropping(config);
      case "UpSampling1D" -> StepsConfig.upSampling(config);
      case "GaussianNoise" -> noise(Noise.Kind.GAUSSIAN_NOISE, config, "stddev");
      case "GaussianDropout" -> noise(Noise.Kind.GAUSSIAN_DROPOUT, config, "rate");
      case "AlphaDropout" -> noise(Noise.Kind.ALPHA_DROPOUT, config, "rate");
      case "UnitNormalization" -> ScalingConfig.unitNormalization(config);
      case "Rescaling" -> ScalingConfig.rescaling(config);
      case "ActivityRegularization" -> ActivityConfig.layer(config);
      default -> null;
    };
  }

  static boolean keepDims(Config config) {
    config.requireKnown(GLOBAL);
    WindowConfig.requireChannelsLast(config);
    return config.bool("keepdims", false);
  }

  /**
   * Returns what a global pooling of [features, steps] is of steps that were turned before it, null
   * for other layers, and where a size of one stays as another axis.
   */
  static @Nullable Config ofTurnedOrNull(Config entry) {
    Config config = entry.child("config");
    boolean turned =
        Set.of("GlobalMaxPooling1D", "GlobalAveragePooling1D").contains(entry.className())
            && config.json().get("data_format") instanceof JsonPrimitive format
            && format.getAsString().equals("channels_first")
            && !config.bool("keepdims", false);
    if (!turned) {
      return null;
    }
    JsonObject later = entry.json().deepCopy();
    later.getAsJsonObject("config").addProperty("data_format", "channels_last");
    return new Config(entry.where(), later);
  }

  private static double rate(Config config) {
    config.requireKnown(RATE);
    return config.rate("rate");
  }

  /** Of pictures, and sequences of them, where Keras asks which axis has the features. */
  private static SpatialDropout spatialDropout(Config config, int axes) {
    config.requireKnown(SPATIAL);
    WindowConfig.requireChannelsLast(config);
    return new SpatialDropout(config.rate("rate"), axes);
  }

  private static Noise noise(Noise.Kind kind, Config config, String key) {
    config.requireKnown(key.equals("rate") ? RATE : STDDEV);
    return new Noise(kind, config.number(key));
  }

  private static Masking masking(Config config) {
    config.requireKnown(MASK_VALUE);
    double value = config.number("mask_value", 0);
    if (!Float.isFinite((float) value)) {
      throw config.wrong("mask_value", "a finite number");
    }
    return new Masking(value);
  }

  private static Flatten flatten(Config config) {
    config.requireKnown(DATA_FORMAT);
    WindowConfig.requireChannelsLast(config);
    return new Flatten();
  }

  private static Reshape reshape(Config config) {
    config.requireKnown(TARGET);
    List<Integer> target = new ArrayList<>();
    for (JsonElement size : config.array("target_shape")) {
      if (!(size instanceof JsonPrimitive number && number.isNumber())
          || number.getAsDouble() != number.getAsInt()) {
        throw config.wrong("target_shape", "whole numbers");
      }
      target.add(number.getAsInt());
    }
    try {
      return new Reshape(target);
    } catch (IllegalArgumentException e) {
      throw config.wrong("target_shape", "1 to 4 sizes, at most one of them -1");
    }
  }
}
