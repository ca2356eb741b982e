package dev.lanewise.cuda.emulated;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Cropping2D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Relu;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.UpSampling2D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.layer.ZeroPadding2D;
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

/** Layers without a walk over time, several of a kind in a model, beside the CPU's. */
@Tag("emulated")
class PlainLayersTest {
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

  @Test
  void rectifiersAndWhatBringsVectorsToALength() {
    agree(
        Shape.of(4, 3),
        Normalization.of(List.of(0.1, -0.2, 0.3), List.of(0.5, 2.0, 0.0001)),
        Dense.of(35),
        new Relu(0.5, 0.1, 0.05),
        new Prelu(List.of(1)),
        RmsNormalization.withDefaults(),
        Dense.of(5),
        new Relu(null, 0, 0),
        new Relu(null, 0.3, 0),
        new UnitNormalization(),
        new Prelu(List.of()),
        new Softmax(1),
        new ActivationLayer(Activation.ELU),
        new Softmax(-1),
        new Flatten(),
        Dense.of(2));
  }

  @Test
  void statisticsOfFeaturesAndOfSteps() {
    agree(
        Shape.of(4, 3),
        Normalization.ofFeatures(),
        Dense.of(3),
        Normalization.ofAxes(1, 2),
        Normalization.ofAxes(1).inverted(),
        Normalization.ofAxes(),
        Lstm.of(4),
        Normalization.of(List.of(0.5), List.of(2.0)).inverted(),
        Dense.of(2));
  }

  @Test
  void noiseIsDrawnAsOnTheCpu() {
    agree(
        Shape.of(4, 3),
        new Noise(Noise.Kind.GAUSSIAN_NOISE, 0.3),
        Dense.of(40),
        new Noise(Noise.Kind.GAUSSIAN_DROPOUT, 0.3),
        Dense.of(5),
        new Noise(Noise.Kind.ALPHA_DROPOUT, 0.4),
        new Flatten(),
        new Noise(Noise.Kind.GAUSSIAN_NOISE, 0.1),
        Dense.of(2));
  }

  @Test
  void sequencesAreMoved() {
    agree(
        Shape.of(4, 3),
        Lstm.of(4).returningSequences(),
        new ZeroPadding1D(1, 2),
        new UpSampling1D(2),
        new Cropping1D(3, 4),
        Permute.turning(),
        Dense.of(3),
        new Permute(List.of(1, 2)),
        new Flatten(),
        Dense.of(2));
  }

  @Test
  void picturesAreMoved() {
    agree(
        Shape.of(3, 4, 2),
        Dense.of(3),
        new UpSampling2D(1, 2),
        new ZeroPadding2D(1, 0, 2, 1),
        new SpatialDropout(0.3, 2),
        new Prelu(List.of(2)),
        new Cropping2D(0, 1, 3, 1),
        new Softmax(1),
        new Permute(List.of(3, 1, 2)),
        new Softmax(2),
        new Prelu(List.of(1, 3)),
        new Flatten(),
        Dense.of(2));
  }

  /** What is dropped differs from step to step. */
  @Test
  void stepsAreSamplesOfWhatIsWrapped() {
    agree(
        Shape.of(2, 3, 4),
        new TimeDistributed(Dense.of(3, Activation.TANH)),
        new TimeDistributed(new SpatialDropout(0.4, 1)),
        new TimeDistributed(Gru.of(4).withDropout(0.3, 0).returningSequences()),
        new TimeDistributed(new TimeDistributed(new Prelu(List.of()))),
        new TimeDistributed(Permute.turning()),
        new TimeDistributed(Lstm.of(4)).frozen(),
        new TimeDistributed(new Noise(Noise.Kind.ALPHA_DROPOUT, 0.2)),
        new TimeDistributed(new Prelu(List.of())),
        new Flatten(),
        Dense.of(2));
  }
}
