package dev.lanewise.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowedLayersTest {
  /** Steps, size, strides and dilation, padding: places, and what is missing at both ends. */
  @ParameterizedTest
  @CsvSource({
    "7, 3, 1, 1, VALID, 5, 0, 0",
    "7, 2, 2, 1, VALID, 3, 0, 0",
    "7, 2, 1, 6, VALID, 1, 0, 0",
    "7, 3, 1, 1, SAME, 7, 1, 1",
    "7, 4, 1, 1, SAME, 7, 1, 2", // the odd one at the end
    "7, 4, 2, 1, SAME, 4, 1, 2",
    "8, 4, 2, 1, SAME, 4, 1, 1",
    "7, 2, 3, 1, SAME, 3, 0, 1",
    "8, 2, 3, 1, SAME, 3, 0, 0",
    "1, 2, 1, 5, SAME, 1, 2, 3",
    "7, 3, 1, 2, CAUSAL, 7, 4, 0",
    "7, 3, 2, 1, CAUSAL, 4, 2, 0",
  })
  void windowsLieAsKerassDo(
      int steps,
      int size,
      int strides,
      int rate,
      Padding padding,
      int count,
      int before,
      int after) {
    SlidingWindow window = new SlidingWindow(size, strides, rate, padding);
    SlidingWindow.Windows windows = window.over("layer", steps);
    assertThat(windows.count()).isEqualTo(count);
    assertThat(windows.before()).isEqualTo(before);
    assertThat(windows.after()).isEqualTo(after);
    for (int place = 0; place < count; place++) {
      int inside = 0;
      for (int at = 0; at < size; at++) {
        int step = place * strides + at * rate - before;
        boolean is = step >= 0 && step < steps;
        inside += is ? 1 : 0;
        assertThat(windows.step(place, at)).isEqualTo(is ? step : -1);
        if (is) {
          assertThat(windows.place(step, at)).isEqualTo(place);
        }
      }
      if (rate == 1) {
        assertThat(windows.inside(place)).isEqualTo(inside);
      }
    }
  }

  @Test
  void stepsThatNoWindowReachesAreInNone() {
    SlidingWindow.Windows windows = SlidingWindow.of(1).withStrides(3).over("layer", 7);
    assertThat(windows.place(1, 0)).isEqualTo(-1);
    assertThat(windows.place(3, 0)).isEqualTo(1);
    SlidingWindow.Windows valid = SlidingWindow.of(3).over("layer", 7);
    assertThat(valid.place(6, 0)).isEqualTo(-1);
    assertThat(valid.place(0, 2)).isEqualTo(-1);
  }

  /** What is dropped of one step is not what is dropped of another. */
  @Test
  void whatIsTheSameOfAWholeSequence() {
    List<Shape> input = List.of(Shape.of(3, 4, 5));
    assertThat(new TimeDistributed(Dropout.of(0.5)).ofWhole(input)).isEqualTo(Dropout.of(0.5));
    assertThat(new TimeDistributed(new Dropout(0.5, false, true)).ofWhole(input)).isNotNull();
    assertThat(new TimeDistributed(new Dropout(0.5, true, false)).ofWhole(input)).isNull();
    assertThat(new TimeDistributed(Reshape.to(20)).ofWhole(input)).isNull();
  }

  private static void refused(ThrowingCallable making, String message) {
    assertThatThrownBy(making)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  /** Keras would have to be asked what a mask of pictures means. */
  @Test
  void convolutionsOfMaskedSequencesAreRefused() {
    ConvLstm layer = ConvLstm.of(3, SlidingWindow.of(2));
    refused(() -> told(layer), "ConvLSTM1D: convolutions of a masked sequence are not offered");
    refused(
        () -> told(Bidirectional.of(layer)),
        "Bidirectional: convolutions of a masked sequence are not offered");
  }

  /** Returns a graph with a layer that is told a mask by name. */
  private static Graph told(Layer layer) {
    GraphBuilder g = new GraphBuilder();
    GraphBuilder.Value words = g.apply(Masking.ofZeros(), g.input("words", Shape.of(4, 2)));
    GraphBuilder.Value x = g.input("x", Shape.of(4, 5, 2));
    g.output(g.share(layer).applyUnder(List.of(words), x).getFirst());
    return g.build();
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    Shape sequence = Shape.of(5, 3);
    refused(() -> SlidingWindow.of(0), "window: size must be between 1 and");
    refused(() -> Conv1D.of(4, 2).withStrides(0), "window: strides must be between 1");
    refused(
        () -> Conv1D.of(4, 2).withStrides(2).withDilationRate(3),
        "strides or dilation_rate must be 1, found strides 2 and dilation_rate 3");
    refused(() -> Conv1D.of(0, 2), "Conv1D: units must be between 1");
    refused(
        () -> Conv1D.of(4, 3).withDilationRate(3).outputShape(sequence),
        "Conv1D: a window of 7 steps does not fit a sequence of 5");
    refused(() -> Conv1D.of(4, 2).outputShape(Shape.of(5)), "Conv1D: input must be [steps,");
    refused(
        () -> Conv1D.of(4, 1 << 24).withPadding(Padding.SAME).outputShape(Shape.of(5, 1 << 20)),
        "kernel_size * features must be at most");
    refused(() -> MaxPooling1D.of(2).withPadding(Padding.CAUSAL), "must be valid or same");
    refused(
        () -> new AveragePooling1D(SlidingWindow.of(2).withDilationRate(2)), "AveragePooling1D: ");
    refused(() -> MaxPooling1D.of(6).outputShape(sequence), "MaxPooling1D: a window of 6 steps");
    refused(
        () -> GlobalMaxPooling1D.withDefaults().outputShape(Shape.of(3)), "GlobalMaxPooling1D: ");
    refused(() -> new ZeroPadding1D(-1, 0), "ZeroPadding1D: the steps of each end");
    refused(() -> new Cropping1D(2, 3).outputShape(sequence), "has none left without 2 and 3");
    refused(() -> new UpSampling1D(0), "UpSampling1D: size must be");
    refused(() -> new UpSampling1D(1 << 24).outputShape(Shape.of(1 << 20, 1)), "are too many");
    refused(() -> new Permute(List.of(1, 3)), "Permute: dims must be");
    refused(() -> Permute.turning().outputShape(Shape.of(5)), "do not fit an input of [5]");
    refused(() -> new Rescaling(Double.NaN, 0), "Rescaling: scale and offset must be finite");
    refused(() -> LayerNormalization.of(0, true, true), "epsilon must be positive");
    refused(
        () -> Normalization.ofAxes(1).outputShape(Shape.of(2, 3, 4)),
        "axes must be the last one, or none, found [1]");
    refused(() -> new TimeDistributed(new Masking(0)), "TimeDistributed: Masking makes a mask");
    refused(() -> new TimeDistributed(Conv1D.of(2, 1)).outputShape(sequence), "found [3]");
    refused(() -> Conv2D.of(2, 1).outputShape(sequence), "Conv2D: input must be [rows, columns");
    refused(() -> Conv2D.of(2, 4).outputShape(Shape.of(5, 3, 1)), "a window of 4 steps");
    refused(
        () -> Conv3D.of(2, 1).outputShape(Shape.of(5, 3, 1)), "Conv3D: input must be [steps, ro");
    refused(() -> Conv3D.of(2, 3).outputShape(Shape.of(5, 3, 2, 1)), "Conv3D: a window of 3 steps");
    refused(() -> GridPooling.max(SlidingWindow.of(2)), "window must be of two or three axes");
    refused(
        () -> new VolumeWindow(SlidingWindow.of(2).withPadding(Padding.SAME), PictureWindow.of(1)),
        "padding must be one for steps, rows and columns, found same and valid");
    refused(() -> new GlobalGridPooling(GridPooling.Kind.MAX, 1, false), "axes must be 2 or 3");
    refused(
        () -> new GlobalGridPooling(GridPooling.Kind.MAX, 3, false).outputShape(Shape.of(3, 2, 1)),
        "GlobalMaxPooling3D: input must be [steps, rows, columns, features], found [3, 2, 1]");
    refused(() -> new SpatialDropout(0.5, 4), "SpatialDropout: axes must be 1, 2 or 3, found 4");
    refused(() -> new SpatialDropout(1, 2), "SpatialDropout: rate must be at least 0 and below 1");
    refused(
        () -> new SpatialDropout(0.5, 2).outputShape(sequence),
        "SpatialDropout2D: input must be [rows, columns, features], found");
    SlidingWindow two = SlidingWindow.of(2);
    PictureWindow square = PictureWindow.of(2);
    VolumeWindow cube = VolumeWindow.of(2);
    refused(() -> DepthwiseConv.of(cube), "DepthwiseConv: window must be of one or two axes");
    refused(() -> SeparableConv.of(2, cube), "SeparableConv: window must be of one or two axes");
    refused(
        () -> DepthwiseConv.of(square).outputShape(sequence),
        "DepthwiseConv2D: input must be [rows, columns, features]");
    refused(
        () -> DepthwiseConv.of(PictureWindow.of(4)).outputShape(Shape.of(3, 4, 1)),
        "DepthwiseConv2D: a window of 4 steps does not fit a sequence of 3");
    refused(
        () -> SeparableConv.of(2, square).outputShape(sequence),
        "SeparableConv2D: input must be [rows, columns, features]");
    refused(
        () -> ConvTranspose.of(2, PictureWindow.tiles(1 << 12)).outputShape(Shape.of(1, 2, 1)),
        "Conv2DTranspose: makes more than 16777216 positions of an input of [1, 2, 1]");
    refused(
        () ->
            DepthwiseConv.of(PictureWindow.of(1 << 24).withPadding(Padding.SAME))
                .outputShape(Shape.of(3, 3, 1)),
        "DepthwiseConv2D: a kernel must have at most 4194304 numbers, found 281474976710656 * 1");
    refused(
        () ->
            Conv3D.of(2, VolumeWindow.of(1 << 24).withPadding(Padding.SAME))
                .outputShape(Shape.of(3, 3, 3, 1)),
        "Conv3D: the window's positions * features must be at most 1073741824");
    refused(
        () ->
            new GroupedConv(4, 2, square, Activation.LINEAR, true, ParameterRules.DEFAULT)
                .outputShape(Shape.of(2, 2, 3)),
        "Conv2D: features must be a multiple of groups, found 3 and 2");
    ConvLstm convolving = ConvLstm.of(3, two);
    refused(() -> convolving.outputShape(sequence), "ConvLSTM1D: input must have 3 sizes, steps");
    refused(() -> convolving.outputShape(Shape.of(4, 1, 2)), "ConvLSTM1D: a window of 2 steps");
    refused(() -> ConvLstm.of(1 << 23, two), "ConvLSTM1D: units must be between 1 and 4194304");
    refused(() -> ConvLstm.of(2, two.withPadding(Padding.CAUSAL)), "valid or same, found causal");
    refused(() -> convolving.withActivation(Activation.SOFTMAX), "ConvLSTM1D: activation must");
    refused(
        () -> convolving.with(RecurrentOptions.DEFAULTS.keepingState()),
        "ConvLSTM1D: stateful must be false");
    refused(
        () ->
            ConvLstm.of(3, PictureWindow.of(1 << 15).withPadding(Padding.SAME))
                .outputShape(Shape.of(2, 3, 3, 2)),
        "ConvLSTM2D: the window's positions * features must be at most");
    refused(() -> PictureWindow.of(2).withPadding(Padding.CAUSAL), "valid or same");
    refused(() -> new Reshape(List.of(1, 2, 3, 4, 5)), "Reshape: target must be 1 to 4 sizes");
    refused(() -> new Concatenate(3).outputShape(sequence), "along axis 3");
  }
}
