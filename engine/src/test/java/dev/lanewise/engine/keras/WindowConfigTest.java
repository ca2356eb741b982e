package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Conv3D;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.GroupedConv;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.ParameterRules;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.VolumeWindow;
import dev.lanewise.engine.layer.ZeroPadding1D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings of layers with windows, and those around them, in whatever form files have them. */
class WindowConfigTest {
  private static Layer read(String type, String config, List<Obstacle> obstacles) {
    JsonObject entry =
        JsonParser.parseString(
                "{'module': 'keras.layers', 'class_name': '"
                    + type
                    + "', 'config': {'name': 'it'"
                    + (config.isEmpty() ? "" : ", " + config)
                    + "}}")
            .getAsJsonObject();
    return LayerConfig.read(new Config("model", entry), obstacles).layer();
  }

  static Stream<Arguments> settings() {
    Conv1D three = Conv1D.of(4, 3);
    return Stream.of(
        Arguments.of("Conv1D", "'filters': 4, 'kernel_size': 3", three),
        Arguments.of("Conv1D", "'filters': 4, 'kernel_size': [3], 'strides': [1]", three),
        Arguments.of("Conv1D", "'filters': 4, 'kernel_size': 3, 'data_format': null", three),
        Arguments.of(
            "Conv1D",
            "'filters': 4, 'kernel_size': [3], 'padding': 'causal', 'dilation_rate': [2]",
            three.withPadding(Padding.CAUSAL).withDilationRate(2)),
        Arguments.of(
            "Conv1D",
            "'filters': 4, 'kernel_size': [3], 'padding': 'same', 'strides': 2, 'use_bias': false",
            three.withPadding(Padding.SAME).withStrides(2).withoutBias()),
        Arguments.of(
            "ConvLSTM1D",
            "'filters': 4, 'kernel_size': 3, 'return_sequences': true, 'go_backwards': true",
            ConvLstm.of(4, SlidingWindow.of(3)).returningSequences().goingBackwards()),
        Arguments.of(
            "ConvLSTM2D",
            "'filters': 4, 'kernel_size': [3, 3], 'padding': 'same', 'strides': [1, 2], 'unroll':"
                + " false, 'stateful': false, 'recurrent_activation': 'hard_sigmoid'",
            ConvLstm.of(4, PictureWindow.of(3).withPadding(Padding.SAME).withStrides(1, 2))
                .withRecurrentActivation(Activation.HARD_SIGMOID)),
        Arguments.of(
            "Conv3D",
            "'filters': 4, 'kernel_size': [3, 3, 3], 'strides': 1, 'padding': 'same'",
            Conv3D.of(4, VolumeWindow.of(3).withPadding(Padding.SAME))),
        Arguments.of(
            "Conv2D",
            "'filters': 4, 'kernel_size': 3, 'groups': 2",
            new GroupedConv(
                4, 2, PictureWindow.of(3), Activation.LINEAR, true, ParameterRules.DEFAULT)),
        Arguments.of(
            "DepthwiseConv2D",
            "'kernel_size': [3, 3], 'strides': [1, 1], 'padding': 'same', 'groups': 1",
            DepthwiseConv.of(PictureWindow.of(3).withPadding(Padding.SAME))),
        Arguments.of(
            "SeparableConv2D",
            "'filters': 4, 'kernel_size': 3, 'strides': [2, 1], 'depth_multiplier': 1",
            SeparableConv.of(4, PictureWindow.of(3).withStrides(2, 1))),
        Arguments.of(
            "Conv2DTranspose",
            "'filters': 4, 'kernel_size': 2, 'strides': 2, 'output_padding': null",
            ConvTranspose.of(4, PictureWindow.tiles(2))),
        Arguments.of(
            "Conv3DTranspose",
            "'filters': 4, 'kernel_size': 2",
            ConvTranspose.of(4, VolumeWindow.of(2))),
        Arguments.of("MaxPooling3D", "", GridPooling.max(VolumeWindow.tiles(2, 2))),
        Arguments.of(
            "AveragePooling3D",
            "'pool_size': [1, 2, 2], 'strides': null",
            GridPooling.average(VolumeWindow.tiles(1, 2))),
        Arguments.of(
            "GlobalMaxPooling3D",
            "'keepdims': true",
            new GlobalGridPooling(GridPooling.Kind.MAX, 3, true)),
        Arguments.of("SpatialDropout1D", "'rate': 0.25", new SpatialDropout(0.25, 1)),
        Arguments.of(
            "SpatialDropout2D",
            "'rate': 0.25, 'data_format': 'channels_last'",
            new SpatialDropout(0.25, 2)),
        Arguments.of("SpatialDropout3D", "'rate': 0.25", new SpatialDropout(0.25, 3)),
        Arguments.of("MaxPooling1D", "", MaxPooling1D.of(2)),
        Arguments.of("MaxPooling1D", "'pool_size': 3, 'strides': null", MaxPooling1D.of(3)),
        Arguments.of(
            "AveragePooling1D",
            "'pool_size': [3], 'strides': [1], 'padding': 'same'",
            AveragePooling1D.of(3).withStrides(1).withPadding(Padding.SAME)),
        Arguments.of("GlobalMaxPooling1D", "", new GlobalMaxPooling1D(false)),
        Arguments.of("GlobalMaxPooling1D", "'keepdims': true", new GlobalMaxPooling1D(true)),
        Arguments.of("ZeroPadding1D", "", ZeroPadding1D.of(1)),
        Arguments.of("ZeroPadding1D", "'padding': 3", ZeroPadding1D.of(3)),
        Arguments.of("ZeroPadding1D", "'padding': [0, 3]", new ZeroPadding1D(0, 3)),
        Arguments.of("Cropping1D", "'cropping': [2, 0]", new Cropping1D(2, 0)),
        Arguments.of("UpSampling1D", "", new UpSampling1D(2)),
        Arguments.of("Permute", "'dims': [2, 1]", Permute.turning()),
        Arguments.of("Dot", "'axes': [3, -4], 'normalize': true", new Dot(3, -4, true)),
        Arguments.of("Rescaling", "'scale': 0.5", Rescaling.of(0.5)),
        Arguments.of("LayerNormalization", "", LayerNormalization.withDefaults()),
        Arguments.of("LayerNormalization", "'axis': -1", LayerNormalization.withDefaults()),
        Arguments.of(
            "LayerNormalization",
            "'axis': [2], 'epsilon': 0.5, 'scale': false",
            LayerNormalization.of(0.5, true, false).withAxes(2)),
        Arguments.of(
            "LayerNormalization",
            "'axis': [1, 2]",
            LayerNormalization.withDefaults().withAxes(1, 2)),
        Arguments.of("GroupNormalization", "", GroupNormalization.of(32)),
        Arguments.of(
            "GroupNormalization",
            "'groups': -1, 'axis': 1, 'epsilon': 0.5, 'center': false",
            GroupNormalization.of(-1).withAxis(1).withEpsilon(0.5).withoutCenter()),
        Arguments.of(
            "BatchNormalization", "'axis': [1]", BatchNormalization.withDefaults().withAxis(1)));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void settingsAreReadInWhateverForm(String type, String config, Layer expected) {
    List<Obstacle> obstacles = new ArrayList<>();
    assertThat(read(type, config, obstacles)).isEqualTo(expected);
    assertThat(obstacles).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "Conv1D | 'filters': 4, 'kernel_size': 3, 'groups': 3 | filters must be a multiple of"
            + " groups, found 4 and 3",
        "Conv1D | 'filters': 4, 'kernel_size': [3, 3] | key kernel_size must be one number",
        "Conv1D | 'filters': 4 | key kernel_size must be a number",
        "Conv1D | 'filters': 4, 'kernel_size': 0 | key kernel_size must be a whole number from 1",
        "Conv1D | 'filters': 4, 'kernel_size': 3, 'padding': 'full' | key padding must be valid,",
        "Conv1D | 'filters': 4, 'kernel_size': 3, 'data_format': 'channels_first' | key"
            + " data_format",
        "Conv1D | 'filters': 4, 'kernel_size': 3, 'strides': 2, 'dilation_rate': 2 | strides or",
        "Conv1D | 'filters': 4, 'kernel_size': 3, 'border_mode': 'same' | key border_mode with",
        "ConvLSTM1D | 'filters': 4, 'kernel_size': 2, 'stateful': true | key stateful must be"
            + " false",
        "ConvLSTM2D | 'filters': 4, 'kernel_size': 2, 'padding': 'causal' | key padding must be",
        "ConvLSTM2D | 'filters': 4, 'kernel_size': 2, 'data_format': 'channels_first' | key data",
        "ConvLSTM1D | 'filters': 4, 'kernel_size': 2, 'padding': 'causal' | key padding must be",
        "ConvLSTM1D | 'filters': 4, 'kernel_size': 2, 'activation': 'softmax' | key activation",
        "Conv3D | 'filters': 4, 'kernel_size': [2, 2] | key kernel_size must be a number or three",
        "Conv3D | 'filters': 4, 'kernel_size': 2, 'groups': 3 | Conv3D: filters must be a multiple",
        "DepthwiseConv2D | 'kernel_size': [2] | key kernel_size must be a number or two",
        "DepthwiseConv2D | 'kernel_size': 2, 'padding': 'causal' | key padding must be valid or",
        "SeparableConv2D | 'filters': 4, 'kernel_size': 2, 'data_format': 'channels_first' | key"
            + " data_format must be channels_last",
        "SeparableConv2D | 'kernel_size': 2 | key filters must be a number",
        "Conv2DTranspose | 'filters': 4, 'kernel_size': 2, 'output_padding': 1, 'strides': 2 | key"
            + " output_padding",
        "Conv1DTranspose | 'filters': 4, 'kernel_size': 2, 'padding': 'causal' | Conv1DTranspose:"
            + " padding must be valid or same, found causal",
        "Conv2D | 'filters': 4, 'kernel_size': [2] | key kernel_size must be a number or two",
        "SpatialDropout2D | 'rate': 0.5, 'data_format': 'channels_first' | key data_format must be",
        "MaxPooling3D | 'data_format': 'channels_first' | key data_format must be channels_last",
        "MaxPooling1D | 'padding': 'causal' | key padding must be valid or same",
        "AveragePooling1D | 'data_format': 'channels_first' | key data_format must be",
        "GlobalMaxPooling1D | 'data_format': 'channels_first' | key data_format must be",
        "ZeroPadding1D | 'padding': [1, 2, 3] | key padding must be a number or two",
        "Cropping1D | 'cropping': [-1, 2] | key cropping must be a whole number from 0",
        "Permute | 'dims': [3, 1, 1] | Permute: dims must be",
        "Rescaling | 'scale': [1, 2] | key scale must be a number",
        "LayerNormalization | 'axis': 0 | key axis must be axes of a sample, of which the batch's,",
        "LayerNormalization | 'axis': [] | key axis must be axes of a sample",
        "GroupNormalization | 'axis': [1, 2] | key axis must be one axis",
        "GroupNormalization | 'groups': 0 | groups must be 1 or more, or -1",
        "BatchNormalization | 'axis': [1, 2] | key axis must be one axis",
        "RMSNormalization | 'axis': 1 | key axis must be the last, -1",
        "LayerNormalization | 'rms_scaling': true | key rms_scaling with value true is not",
        "LayerNormalization | 'epsilon': 0 | key epsilon must be",
      })
  void whatWouldBeAnotherLayerIsRefusedByKey(String type, String config, String message) {
    assertThatThrownBy(() -> read(type.strip(), config.strip(), new ArrayList<>()))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer it (" + type.strip() + ")")
        .hasMessageContaining(message.strip())
        .hasMessageNotContaining("\n");
  }

  @Test
  void aPenaltyOnGammaEndsTrainingAlone() {
    List<Obstacle> obstacles = new ArrayList<>();
    assertThat(read("LayerNormalization", "'gamma_regularizer': {'l2': 1}", obstacles))
        .isEqualTo(LayerNormalization.withDefaults());
    assertThat(obstacles).singleElement().matches(Obstacle::changesLoss);
    assertThat(obstacles.getFirst().reason()).contains("key gamma_regularizer");
  }
}
