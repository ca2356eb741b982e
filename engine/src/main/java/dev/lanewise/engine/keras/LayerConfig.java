package dev.lanewise.engine.keras;

import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.Walk;
import dev.lanewise.engine.text.Printable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A layer's entry in {@code config.json} as it is read. */
final class LayerConfig {
  private static final String SUPPORTED =
      "SimpleRNN, LSTM, GRU, CuDNNLSTM, CuDNNGRU, RNN of their cells, Bidirectional, Dense,"
          + " TimeDistributed, Embedding, Conv1D, DepthwiseConv1D, DepthwiseConv2D,"
          + " SeparableConv1D, SeparableConv2D, Conv1DTranspose, Conv2DTranspose, Conv3DTranspose,"
          + " MaxPooling1D, AveragePooling1D, GlobalMaxPooling1D, GlobalAveragePooling1D,"
          + " ConvLSTM1D, ConvLSTM2D, Conv2D, ZeroPadding2D, Cropping2D, UpSampling2D,"
          + " MaxPooling2D, AveragePooling2D, GlobalMaxPooling2D, GlobalAveragePooling2D, Conv3D,"
          + " MaxPooling3D, AveragePooling3D, GlobalMaxPooling3D, GlobalAveragePooling3D,"
          + " BatchNormalization, LayerNormalization, GroupNormalization, Normalization, Rescaling,"
          + " Activation, ReLU, ThresholdedReLU, LeakyReLU, PReLU, ELU, Softmax, Identity,"
          + " UnitNormalization, RMSNormalization, ActivityRegularization, GaussianNoise,"
          + " GaussianDropout, AlphaDropout, Dropout, SpatialDropout1D, SpatialDropout2D,"
          + " SpatialDropout3D, Flatten, Reshape, RepeatVector, Permute, ZeroPadding1D, Cropping1D"
          + " and UpSampling1D are, Add, Subtract, Multiply, Average, Maximum, Minimum,"
          + " Concatenate, Dot, Attention, AdditiveAttention and MultiHeadAttention, models of"
          + " these, and, in prediction, RandomFlip and its like";

  private static final int LONGEST = 60;

  /** What decides neither prediction nor training, once weights are there. */
  private static final Set<String> HARMLESS =
      Set.of(
          "name",
          "dtype",
          "unroll",
          "implementation",
          "seed",
          "batch_input_shape",
          "batch_shape",
          "input_shape",
          "input_dim",
          "input_length");

  private static final Set<String> SIMPLE_RNN =
      known(
          "units",
          "activation",
          "use_bias",
          "return_sequences",
          "return_state",
          "go_backwards",
          "stateful",
          "zero_output_for_mask",
          "dropout",
          "recurrent_dropout");
  private static final Set<String> LSTM =
      known(
          "units",
          "activation",
          "recurrent_activation",
          "use_bias",
          "unit_forget_bias",
          "forget_bias_init", // Keras 1's
          "return_sequences",
          "return_state",
          "go_backwards",
          "stateful",
          "zero_output_for_mask",
          "dropout",
          "recurrent_dropout");
  private static final Set<String> GRU =
      known(
          "units",
          "activation",
          "recurrent_activation",
          "use_bias",
          "reset_after",
          "return_sequences",
          "return_state",
          "go_backwards",
          "stateful",
          "zero_output_for_mask",
          "dropout",
          "recurrent_dropout");
  private static final Set<String> DENSE = known("units", "activation", "use_bias");
  private static final Set<String> INPUT =
      Set.of("name", "dtype", "batch_shape", "batch_input_shape", "trainable", "optional");

  private LayerConfig() {}

  /** Returns these keys and those that every layer may have. */
  static Set<String> known(String... keys) {
    Set<String> all = new HashSet<>(HARMLESS);
    all.addAll(TrainingOnly.keys());
    all.addAll(Set.of(keys));
    return Set.copyOf(all);
  }

  /**
   * Reads a layer.
   *
   * @param entry its object in {@code layers}
   * @param obstacles takes what of it is supported in prediction alone
   * @throws ModelFormatException naming layer and key of what is not supported
   */
  static NamedLayer read(Config entry, List<Obstacle> obstacles) {
    Config config = config(entry);
    String name = config.string("name");
    Layer layer;
    try {
      layer = layer(entry.className(), config, obstacles);
    } catch (IllegalArgumentException e) { // what the layer says of its numbers
      throw new ModelFormatException(config.where() + ": " + e.getMessage(), e);
    }
    DtypeConfig.collect(config, obstacles);
    boolean former = entry.className().startsWith("CuDNN"); // whose arrays have other sizes
    Set<String> arrays = RulesConfig.carriedBy(layer);
    TrainingOnly.collect(config, arrays, former ? Set.of() : arrays, obstacles);
    return new NamedLayer(name, config.bool("trainable", true) ? layer : layer.frozen());
  }

  private static Layer layer(String type, Config config, List<Obstacle> obstacles) {
    return switch (type) {
      case "SimpleRNN" -> simpleRnn(config);
      case "LSTM" -> lstm(config);
      case "GRU" -> gru(config);
      case "CuDNNLSTM" -> CudnnConfig.lstm(config);
      case "CuDNNGRU" -> CudnnConfig.gru(config);
      case "RNN" -> RnnConfig.read(config, obstacles);
      case "Dense" -> dense(config);
      case "Conv1D" -> WindowConfig.convolution(config);
      case "DepthwiseConv1D" -> ConvolutionConfig.depthwise(config, 1);
      case "DepthwiseConv2D" -> ConvolutionConfig.depthwise(config, 2);
      case "SeparableConv1D" -> ConvolutionConfig.separable(config, 1);
      case "SeparableConv2D" -> ConvolutionConfig.separable(config, 2);
      case "Conv1DTranspose" -> ConvolutionConfig.transposed(config, 1);
      case "Conv2DTranspose" -> ConvolutionConfig.transposed(config, 2);
      case "Conv3DTranspose" -> ConvolutionConfig.transposed(config, 3);
      case "ConvLSTM1D" -> ConvLstmConfig.ofSequences(config);
      case "ConvLSTM2D" -> ConvLstmConfig.ofPictures(config);
      case "Conv2D" -> PictureConfig.convolution(config, 2);
      case "Conv3D" -> PictureConfig.convolution(config, 3);
      case "LayerNormalization" -> ScalingConfig.layerNormalization(config);
      case "GroupNormalization" -> ScalingConfig.groupNormalization(config);
      case "RMSNormalization" -> ScalingConfig.rmsNormalization(config);
      case "Normalization" -> ScalingConfig.normalization(config);
      case "Embedding" -> EmbeddingConfig.read(config);
      case "BatchNormalization" -> NormalizationConfig.batch(config);
      case "Bidirectional" -> WrapperConfig.bidirectional(config, obstacles);
      case "TimeDistributed" -> WrapperConfig.timeDistributed(config, obstacles);
      default -> {
        Layer random = AugmentationConfig.readOrNull(type, config, obstacles);
        Layer weightless = random == null ? WeightlessConfig.readOrNull(type, config) : random;
        Layer other =
            weightless == null ? MergeConfig.readOrNull(type, config, obstacles) : weightless;
        if (other == null) {
          throw new ModelFormatException(
              config.where()
                  + ": layers of this class are not supported; "
                  + SUPPORTED
                  + Replacements.hint(config.string("name")));
        }
        yield other;
      }
    };
  }

  /** Returns a layer's settings, told by its name and class. */
  static Config config(Config entry) {
    Config own = entry.child("config");
    boolean table = entry.className().equals("Embedding"); // whose output_dim still is its name
    Config config = table ? own : FirstKeras.translated(own);
    String place = shortened(config.string("name")) + " (" + shortened(entry.className()) + ")";
    return config.at("layer " + place);
  }

  /** Returns whether an input layer's data are booleans, which calls take as masks. */
  static boolean tellsMask(Config config) {
    return config.json().get("dtype") instanceof JsonPrimitive type
        && type.getAsString().equals("bool");
  }

  /** Refuses an input layer whose data are no plain arrays: of numbers, ids of tokens, a mask. */
  static void requirePlainInput(Config config, boolean ids) {
    config.requireKnown(INPUT);
    if (tellsMask(config)) {
      return;
    }
    boolean whole = Set.of("int32", "int64").contains(String.valueOf(config.stringOrNull("dtype")));
    if (!ids || !whole) {
      DtypeConfig.requireFloat(config);
    }
  }

  static SimpleRnn simpleRnn(Config config) {
    config.requireKnown(SIMPLE_RNN);
    return new SimpleRnn(
        units(config, 1), cellActivation(config, "activation", "tanh"), recurrentOptions(config));
  }

  static Lstm lstm(Config config) {
    config.requireKnown(LSTM);
    return new Lstm(
        units(config, 4),
        cellActivation(config, "activation", "tanh"),
        cellActivation(config, "recurrent_activation", "sigmoid"),
        config.bool("unit_forget_bias", true),
        recurrentOptions(config));
  }

  static Gru gru(Config config) {
    config.requireKnown(GRU);
    boolean resetAfter = config.bool("reset_after", true);
    return new Gru(
        units(config, 4),
        cellActivation(config, "activation", "tanh"),
        cellActivation(config, "recurrent_activation", "sigmoid"),
        resetAfter,
        recurrentOptions(config, resetAfter ? 2 : 1));
  }

  static RecurrentOptions recurrentOptions(Config config) {
    return recurrentOptions(config, 1);
  }

  private static RecurrentOptions recurrentOptions(Config config, int biasRank) {
    return new RecurrentOptions(
        new Walk(
            config.bool("return_sequences", false),
            config.bool("return_state", false),
            config.bool("go_backwards", false),
            config.bool("stateful", false),
            config.bool("zero_output_for_mask", false)),
        config.bool("use_bias", true),
        config.rate("dropout", 0),
        config.rate("recurrent_dropout", 0),
        RulesConfig.read(config, 2, biasRank));
  }

  private static Dense dense(Config config) {
    config.requireKnown(DENSE);
    return new Dense(
        units(config, 1),
        activation(config, "activation", "linear"),
        config.bool("use_bias", true),
        RulesConfig.read(config, 2, 1));
  }

  private static int units(Config config, int gates) {
    return (int) config.whole("units", 1, (1 << 24) / gates);
  }

  /** A cell's activation acts on each element alone. */
  static Activation cellActivation(Config config, String key, String absent) {
    Activation activation = activation(config, key, absent);
    if (activation == Activation.SOFTMAX) {
      throw config.wrong(key, "one that acts on each element alone");
    }
    return activation;
  }

  /** An activation is a string, absent, or an object around a function's name. */
  static Activation activation(Config config, String key, String absent) {
    String name = absent;
    if (config.has(key)) {
      String plain = config.stringOrNull(key);
      Activation object =
          plain == null ? ActivationObjects.activationOrNull(config.child(key)) : null;
      if (object != null) {
        return object;
      }
      name = plain != null ? plain : function(config.child(key));
    } else if (config.json().has(key)) {
      name = "linear"; // null
    }
    Activation activation = ActivationNames.of(name);
    if (activation == null) {
      throw config.wrong(key, "one of " + ActivationNames.listed());
    }
    return activation;
  }

  /** A function registered by somebody has a package in front of its name. */
  private static String function(Config object) {
    boolean builtIn =
        object.string("class_name").equals("function")
            && "builtins".equals(object.stringOrNull("module"))
            && "function".equals(object.stringOrNull("registered_name"));
    if (!builtIn) {
      throw new ModelFormatException(
          object.where() + ": class " + object.value("class_name") + " is not supported");
    }
    return object.string("config");
  }

  static String shortened(String text) {
    return Printable.of(text, LONGEST);
  }
}
