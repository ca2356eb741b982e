package dev.lanewise.cuda.emulated;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GroupedConv;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.ParameterRules;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.Regularizers;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Convolutions, and windows on pictures, beside the CPU's. */
@Tag("emulated")
class ConvolutionsTest {
  /** Four updates of sums that are shorter than 100 terms, each within a few roundings. */
  private static final double TOLERANCE = 2e-5;

  private static final int SAMPLES = 5;

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  private static void agree(Shape input, Layer... layers) {
    ModelSpec spec = new ModelSpec(input, List.of(layers), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
    Random random = new Random(1);
    Dataset data =
        Dataset.of(
            input,
            Floats.of(Configurations.randoms(random, SAMPLES * input.elementCount(), 1)),
            Floats.of(Configurations.randoms(random, SAMPLES * 2L, 1)),
            2);
    TwoBackends.agree(spec, data, 3, TOLERANCE);
  }

  /** The first has nobody below that asks for a gradient, the second reads where states lie. */
  @Test
  void windowsOnSequences() {
    Regularizers penalty = Regularizers.NONE.withKernel(Regularizer.l2(0.1));
    agree(
        Shape.of(9, 3),
        Conv1D.of(4, 2).withRegularizers(penalty),
        Lstm.of(4).returningSequences(),
        Conv1D.of(5, 3).withActivation(Activation.RELU),
        Conv1D.of(4, 2)
            .withDilationRate(2)
            .withPadding(Padding.CAUSAL)
            .withActivation(Activation.GELU)
            .withoutBias(),
        Conv1D.of(3, 4).withStrides(2).withPadding(Padding.SAME).frozen(),
        new Flatten(),
        Dense.of(2));
  }

  @Test
  void kernelsOfGroupsAndTurnedOnes() {
    SlidingWindow three = SlidingWindow.of(3);
    SlidingWindow two = SlidingWindow.of(2);
    agree(
        Shape.of(6, 4),
        new GroupedConv(
            6, 2, three.withPadding(Padding.SAME), Activation.TANH, true, ParameterRules.DEFAULT),
        new DepthwiseConv(two, 2, Activation.LINEAR, true, ParameterRules.DEFAULT),
        new GroupedConv(6, 3, two.withStrides(2), Activation.ELU, false, ParameterRules.DEFAULT),
        ConvTranspose.of(5, three.withStrides(2).withPadding(Padding.SAME)),
        new SeparableConv(
            4,
            three,
            2,
            Activation.TANH,
            true,
            ParameterRules.DEFAULT.kernel(),
            ParameterRules.DEFAULT),
        new ConvTranspose(3, three.withStrides(2), Activation.RELU, false, ParameterRules.DEFAULT),
        new DepthwiseConv(
                two.withDilationRate(2), 1, Activation.LINEAR, true, ParameterRules.DEFAULT)
            .frozen(),
        new SeparableConv(
            2,
            two,
            1,
            Activation.LINEAR,
            false,
            ParameterRules.DEFAULT.kernel(),
            ParameterRules.DEFAULT),
        new Flatten(),
        Dense.of(2));
  }

  @Test
  void windowsOnPictures() {
    PictureWindow high = new PictureWindow(SlidingWindow.of(3), SlidingWindow.of(2));
    PictureWindow wide = new PictureWindow(SlidingWindow.of(2), SlidingWindow.of(3));
    agree(
        Shape.of(6, 7, 2),
        Conv2D.of(3, high.withPadding(Padding.SAME)).withActivation(Activation.TANH),
        new GridPooling(GridPooling.Kind.MAX, wide.withStrides(1, 2).withPadding(Padding.SAME)),
        Conv2D.of(4, wide.withStrides(2, 1)).withoutBias(),
        new GridPooling(GridPooling.Kind.AVERAGE, high.withStrides(1, 1).withPadding(Padding.SAME)),
        Conv2D.of(3, 1).frozen(),
        new GlobalGridPooling(GridPooling.Kind.AVERAGE, 2, true),
        Conv2D.of(2, 1),
        new Flatten(),
        Dense.of(2));
  }

  @Test
  void kernelsOfPicturesWithZeros() {
    PictureWindow high = new PictureWindow(SlidingWindow.of(3), SlidingWindow.of(2));
    ParameterRules rules = ParameterRules.DEFAULT;
    agree(
        Shape.of(5, 4, 2),
        new DepthwiseConv(high.withPadding(Padding.SAME), 2, Activation.TANH, true, rules),
        new GroupedConv(6, 2, high, Activation.LINEAR, false, rules),
        new ConvTranspose(3, high.withStrides(2, 1), Activation.ELU, true, rules),
        new SeparableConv(
            4, high.withStrides(2, 2), 1, Activation.TANH, true, rules.kernel(), rules),
        DepthwiseConv.of(high).frozen(),
        new Flatten(),
        Dense.of(2));
  }

  @Test
  void picturesAtEachStep() {
    agree(
        Shape.of(2, 4, 4, 2),
        new TimeDistributed(Conv2D.of(3, 2)),
        new TimeDistributed(new GlobalGridPooling(GridPooling.Kind.MAX, 2, false)),
        new TimeDistributed(Dense.of(3)),
        Lstm.of(3),
        Dense.of(2));
  }
}
