package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GridConvolution;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.Relu;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.Walk;
import dev.lanewise.engine.layer.ZeroPadding1D;
import java.util.List;
import java.util.Locale;

/** A layer's entry as it is written; keys and their order are Keras's. */
final class LayerEntry {
  private LayerEntry() {}

  /**
   * Returns the input layer's entry.
   *
   * @param dtype of its data, Keras's name of it
   */
  static JsonObject ofInput(String name, FileShape input, String dtype) {
    JsonObject config = new JsonObject();
    config.add("batch_shape", input.batched());
    config.addProperty("dtype", dtype);
    config.addProperty("sparse", false);
    config.addProperty("ragged", false);
    config.addProperty("name", name);
    return KerasObject.of("keras.layers", "InputLayer", config);
  }

  /**
   * Returns a layer's entry.
   *
   * @param inputs the shapes of one sample of what it reads
   */
  static JsonObject of(NamedLayer layer, List<FileShape> inputs) {
    JsonObject entry = of(layer.name(), layer.layer(), inputs.getFirst());
    if (layer.layer().unfrozen() instanceof MultiHeadAttention heads) {
      entry.add("build_config", HeadsConfig.build(heads, inputs));
    } else if (layer.layer().unfrozen() instanceof Merge) {
      JsonArray shapes = new JsonArray();
      inputs.forEach(input -> shapes.add(input.batched()));
      entry.getAsJsonObject("build_config").add("input_shape", shapes);
    }
    return entry;
  }

  private static JsonObject of(String name, Layer layer, FileShape input) {
    JsonObject config = named(name, layer.trainable());
    settings(config, layer, input);
    return built(layer.className(), config, input);
  }

  /** Returns the settings that every layer has. */
  static JsonObject named(String name, boolean trainable) {
    JsonObject config = new JsonObject();
    config.addProperty("name", name);
    config.addProperty("trainable", trainable);
    config.add("dtype", KerasObject.floatPolicy());
    return config;
  }

  /** Returns the entry of a layer, or of a cell, that reads inputs of a shape. */
  static JsonObject built(String className, JsonObject config, FileShape input) {
    JsonObject entry = KerasObject.of("keras.layers", className, config);
    JsonObject build = new JsonObject();
    build.add("input_shape", input.batched());
    entry.add("build_config", build);
    return entry;
  }

  private static void settings(JsonObject config, Layer layer, FileShape input) {
    switch (layer) {
      case SimpleRnn rnn -> write(config, rnn);
      case Lstm lstm -> write(config, lstm);
      case Gru gru -> write(config, gru);
      case Rnn rnn -> RnnConfig.write(config, rnn, input);
      case Dense dense -> write(config, dense);
      case Bidirectional both -> write(config, both, input);
      case TimeDistributed distributed -> write(config, distributed, input);
      case ActivationLayer function ->
          config.addProperty("activation", function.activation().kerasName());
      case Masking masking -> config.addProperty("mask_value", masking.maskValue());
      case Relu relu -> ActivationObjects.write(config, relu);
      case Elu elu -> config.addProperty("alpha", elu.alpha());
      case Prelu learnt -> ActivationObjects.write(config, learnt);
      case UnitNormalization unit -> ScalingConfig.write(config, unit);
      case RmsNormalization normalization -> {
        config.addProperty("axis", -1);
        config.addProperty("epsilon", normalization.epsilon());
      }
      case Noise noise -> {
        boolean added = noise.kind() == Noise.Kind.GAUSSIAN_NOISE;
        config.addProperty(added ? "stddev" : "rate", noise.strength());
        nulls(config, "seed");
      }
      case ActivityRegularization penalty -> {
        config.addProperty("l1", penalty.regularizer().l1());
        config.addProperty("l2", penalty.regularizer().l2());
      }
      case Softmax softmax -> config.addProperty("axis", softmax.axis());
      case LeakyRelu leaky -> config.addProperty("negative_slope", leaky.negativeSlope());
      case Dropout dropout -> DropoutConfig.write(config, dropout, input);
      case SpatialDropout dropout -> {
        config.remove("trainable"); // the one kind of layer of Keras 3 that refuses it
        config.addProperty("rate", dropout.rate());
        nulls(config, "seed");
        if (dropout.axes() > 1) {
          config.addProperty("data_format", "channels_last");
        }
      }
      case Flatten flatten -> config.addProperty("data_format", "channels_last");
      case Reshape reshape -> {
        JsonArray target = new JsonArray();
        reshape.target().forEach(target::add);
        config.add("target_shape", target);
      }
      case RepeatVector repeat -> config.addProperty("n", repeat.times());
      case Conv1D convolution -> WindowConfig.write(config, convolution);
      case SparseConvolution convolution -> ConvolutionConfig.write(config, convolution);
      case MaxPooling1D pooling -> WindowConfig.writePooling(config, pooling.window());
      case AveragePooling1D pooling -> WindowConfig.writePooling(config, pooling.window());
      case GlobalMaxPooling1D pooling -> writeGlobal(config, pooling.keepDims());
      case GlobalAveragePooling1D pooling -> writeGlobal(config, pooling.keepDims());
      case ConvLstm convolving -> ConvLstmConfig.write(config, convolving);
      case GridConvolution convolution -> PictureConfig.write(config, convolution);
      case GridPooling pooling -> PictureConfig.write(config, pooling);
      case Relocation picture -> RelocationConfig.write(config, picture);
      case GlobalGridPooling pooling -> writeGlobal(config, pooling.keepDims());
      case LayerNormalization normalization -> ScalingConfig.write(config, normalization);
      case GroupNormalization normalization -> ScalingConfig.write(config, normalization);
      case Normalization normalization -> ScalingConfig.write(config, normalization);
      case Rescaling rescaling -> ScalingConfig.write(config, rescaling);
      case Permute permute -> StepsConfig.write(config, permute);
      case ZeroPadding1D padding -> StepsConfig.write(config, padding);
      case Cropping1D cropping -> StepsConfig.write(config, cropping);
      case UpSampling1D sampling -> config.addProperty("size", sampling.size());
      case Operation operation ->
          throw new IllegalStateException("an operation is no layer: OperationEntry writes it");
      case Embedding embedding -> EmbeddingConfig.write(config, embedding);
      case BatchNormalization normalization -> NormalizationConfig.write(config, normalization);
      case Frozen frozen -> {
        settings(config, frozen.layer(), input);
        WrapperConfig.freezeInner(config);
      }
      case Merge merge -> MergeConfig.write(config, merge);
    }
  }

  private static void writeGlobal(JsonObject config, boolean keepDims) {
    config.addProperty("data_format", "channels_last");
    config.addProperty("keepdims", keepDims);
  }

  /** Both layers' names are made of the class's. */
  private static void write(JsonObject config, Bidirectional both, FileShape input) {
    boolean merges = both.merge() != Bidirectional.Merge.NONE;
    config.addProperty("merge_mode", merges ? both.merge().name().toLowerCase(Locale.ROOT) : null);
    Recurrent forward = both.forward();
    Recurrent backward = both.backward();
    config.add("layer", of("forward_" + forward.kerasName(), forward, input));
    config.add("backward_layer", of("backward_" + backward.kerasName(), backward, input));
  }

  private static void write(JsonObject config, TimeDistributed distributed, FileShape input) {
    Layer layer = distributed.layer();
    config.add("layer", of(layer.kerasName(), layer, input.part()));
  }

  private static void write(JsonObject config, SimpleRnn rnn) {
    writeWalk(config, rnn);
    writeUnits(config, rnn.units(), rnn.activation());
    writeWeights(config, rnn);
    writeRest(config, rnn);
  }

  private static void write(JsonObject config, Lstm lstm) {
    writeWalk(config, lstm);
    writeUnits(config, lstm.units(), lstm.activation());
    config.addProperty("recurrent_activation", lstm.recurrentActivation().kerasName());
    writeWeights(config, lstm);
    config.addProperty("unit_forget_bias", lstm.unitForgetBias());
    writeRest(config, lstm);
    config.add("seed", JsonNull.INSTANCE);
  }

  private static void write(JsonObject config, Gru gru) {
    writeWalk(config, gru);
    writeUnits(config, gru.units(), gru.activation());
    config.addProperty("recurrent_activation", gru.recurrentActivation().kerasName());
    writeWeights(config, gru);
    writeRest(config, gru);
    config.addProperty("reset_after", gru.resetAfter());
    config.add("seed", JsonNull.INSTANCE);
  }

  static void writeWalk(JsonObject config, Recurrent layer) {
    writeWalk(config, layer.options().walk());
    if (!(layer instanceof SimpleRnn) || layer.zeroOutputForMask()) { // others know it for longer
      config.addProperty("zero_output_for_mask", layer.zeroOutputForMask());
    }
  }

  /** Writes a walk but for what comes of masked steps. */
  static void writeWalk(JsonObject config, Walk walk) {
    config.addProperty("return_sequences", walk.returnSequences());
    config.addProperty("return_state", walk.returnState());
    config.addProperty("go_backwards", walk.goBackwards());
    config.addProperty("stateful", walk.stateful());
    config.addProperty("unroll", false);
  }

  private static void writeWeights(JsonObject config, CellLayer layer) {
    config.addProperty("use_bias", layer.useBias());
    RulesConfig.writeInitializers(config, layer);
  }

  private static void writeRest(JsonObject config, CellLayer layer) {
    RulesConfig.writeRest(config, layer);
    config.addProperty("dropout", layer.dropout());
    config.addProperty("recurrent_dropout", layer.recurrentDropout());
  }

  private static void write(JsonObject config, Dense dense) {
    writeUnits(config, dense.units(), dense.activation());
    config.addProperty("use_bias", dense.useBias());
    RulesConfig.writeInitializers(config, dense);
    RulesConfig.writeRegularizers(config, dense);
    RulesConfig.writeConstraints(config, dense);
  }

  private static void writeUnits(JsonObject config, int units, Activation activation) {
    config.addProperty("units", units);
    config.addProperty("activation", activation.kerasName());
  }

  static void nulls(JsonObject config, String... keys) {
    for (String key : keys) {
      config.add(key, JsonNull.INSTANCE);
    }
  }
}
