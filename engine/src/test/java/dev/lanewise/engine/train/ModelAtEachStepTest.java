package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.OneHot;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Graphs whose every layer is called at each step make of sequences what they make of as many
 * samples, and learn from them the same.
 */
class ModelAtEachStepTest {
  private static final int SAMPLES = 5;
  private static final int STEPS = 3;

  private static final Shape PICTURE = Shape.of(4, 6, 2);

  /** Graphs of samples, or of sequences of them. */
  enum Network {
    RESIDUAL,
    ATTENDING;

    Value of(GraphBuilder g, UnaryOperator<Layer> placed, Value x) {
      return switch (this) {
        case RESIDUAL -> residual(g, placed, x);
        case ATTENDING -> attending(g, placed, x);
      };
    }
  }

  /** As networks of pictures are built since they are deep: sums, squeezes, branches. */
  private static Value residual(GraphBuilder g, UnaryOperator<Layer> placed, Value x) {
    PictureWindow window = PictureWindow.of(3).withPadding(Padding.SAME);
    Value first = g.apply(placed.apply(Conv2D.of(5, window)), x);
    Value wide = g.apply(placed.apply(Conv2D.of(5, window).withActivation(Activation.TANH)), first);
    Value sum = g.apply(placed.apply(Pointwise.ADD), first, wide);
    Value mean =
        g.apply(placed.apply(new GlobalGridPooling(GridPooling.Kind.AVERAGE, 2, true)), sum);
    Value gate = g.apply(placed.apply(Dense.of(5, Activation.SIGMOID)), mean);
    Value squeezed = g.apply(placed.apply(Pointwise.MULTIPLY), sum, gate);
    Value pooled = g.apply(placed.apply(GridPooling.max(PictureWindow.tiles(2))), squeezed);
    Value below = g.apply(placed.apply(new Concatenate(1)), pooled, pooled);
    Value beside = g.apply(placed.apply(Concatenate.FEATURES), below, below);
    Value half = g.apply(placed.apply(Arithmetic.with(Arithmetic.Operator.MULTIPLY, 0.5)), beside);
    Value product = g.apply(placed.apply(Arithmetic.of(Arithmetic.Operator.MULTIPLY)), half, half);
    Value root = g.apply(placed.apply(new Elements(Elements.Function.SQUARE)), product);
    return g.apply(
        placed.apply(new Reduction(Kind.SUM, List.of(1, 2), false)),
        g.apply(placed.apply(Normalization.of(List.of(0.5), List.of(2.0))), root));
  }

  /** Steps of steps that attend to each other. */
  private static Value attending(GraphBuilder g, UnaryOperator<Layer> placed, Value x) {
    Value rows = g.apply(placed.apply(Reshape.to(6, 8)), x);
    Value heads = g.apply(placed.apply(MultiHeadAttention.of(2, 3)), rows, rows);
    Value scores = g.apply(placed.apply(Dot.of(2)), rows, heads);
    Value last = g.apply(placed.apply(GetItem.ofStep(-1)), scores);
    Value dropped = g.apply(placed.apply(new Dropout(0, true, true)), scores);
    Value sum = g.apply(placed.apply(new Reduction(Kind.MAX, List.of(1), false)), dropped);
    return g.apply(placed.apply(Pointwise.SUBTRACT), last, sum);
  }

  private static Dataset data(Shape shape, int samples) {
    SplitMix64 random = new SplitMix64(7);
    float[] x = new float[SAMPLES * STEPS * (int) PICTURE.elementCount()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    int width = 6;
    float[] targets = new float[SAMPLES * STEPS * width];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) random.nextGaussian();
    }
    return Dataset.of(shape, x, targets, targets.length / samples);
  }

  private static Model model(Network network, Shape shape, UnaryOperator<Layer> placed) {
    return Model.graph(
            g -> {
              Value x = g.input("x", shape);
              g.output(g.apply(Dense.of(6), network.of(g, placed, x)));
            })
        .withSeed(3)
        .compile(Sgd.of(0.05), Loss.MEAN_SQUARED_ERROR);
  }

  @ParameterizedTest
  @EnumSource
  void makesAndLearnsWhatItDoesOfAsManySamples(Network network) {
    Dataset sequences = data(PICTURE.times(STEPS), SAMPLES);
    Dataset samples = data(PICTURE, SAMPLES * STEPS);
    FitOptions once = FitOptions.epochs(2).withoutShuffle();
    try (Model each = model(network, PICTURE.times(STEPS), TimeDistributed::new);
        Model alone = model(network, PICTURE, layer -> layer)) {
      float[] answers = alone.predict(samples, SAMPLES * STEPS);
      assertThat(each.predict(sequences, SAMPLES)).containsExactly(answers);
      each.fit(sequences, once.withBatchSize(SAMPLES));
      alone.fit(samples, once.withBatchSize(SAMPLES * STEPS));
      List<float[]> found = each.parameters().values();
      List<float[]> expected = alone.parameters().values();
      for (int i = 0; i < expected.size(); i++) {
        for (int k = 0; k < expected.get(i).length; k++) { // sums over rows in another order
          assertThat(found.get(i)[k])
              .as("parameter %d, %d", i, k)
              .isCloseTo(expected.get(i)[k], within(2e-5f));
        }
      }
      assertThat(expected.getFirst()).isNotEqualTo(model(network).getFirst());
    }
  }

  private static List<float[]> model(Network network) {
    try (Model untrained = model(network, PICTURE, layer -> layer)) {
      return untrained.parameters().values();
    }
  }

  @ParameterizedTest
  @EnumSource
  void hasTheSameBitsOnAnyNumberOfThreads(Network network) {
    assertThat(trained(network, 3)).containsExactly(trained(network, 1));
  }

  private static float[] trained(Network network, int threads) {
    Dataset sequences = data(PICTURE.times(STEPS), SAMPLES);
    try (Model each = model(network, PICTURE.times(STEPS), TimeDistributed::new)) {
      each.withThreads(threads);
      each.fit(sequences, FitOptions.epochs(2).withBatchSize(3).withSeed(1));
      return each.predict(sequences, 2);
    }
  }

  @Test
  void inputsAreOfAsManySteps() {
    TimeDistributed sum = new TimeDistributed(Pointwise.ADD);
    List<Shape> shapes = List.of(Shape.of(3, 4), Shape.of(2, 4));
    assertThatThrownBy(() -> sum.outputShapes(shapes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("inputs must be of as many steps, found [[3, 4], [2, 4]]");
    List<Shape> vectors = List.of(Shape.of(4), Shape.of(4));
    assertThatThrownBy(() -> sum.outputShapes(vectors))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("input must be steps");
    OneHot letters = new OneHot(5);
    assertThatThrownBy(() -> new TimeDistributed(letters))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("OneHot takes the ids of tokens");
  }

  @Test
  void masksAreNoneOfMerges() {
    assertThatThrownBy(
            () ->
                Model.graph(
                    g -> {
                      Value x = g.input("x", Shape.of(3, 4));
                      Value masked = g.apply(new Masking(0), x);
                      g.output(g.apply(new TimeDistributed(Pointwise.ADD), x, masked));
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TimeDistributed of Add reads a masked sequence");
  }

  /** Keras has no layer that would be one. */
  @Test
  void isNotSavedWithoutAModelAround() {
    try (Model each = model(Network.RESIDUAL, PICTURE.times(STEPS), TimeDistributed::new)) {
      SavedModel saved = SavedModel.of(each, LocalDateTime.of(2026, 11, 30, 12, 0));
      assertThatThrownBy(() -> KerasFile.bytes(saved))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is of a merge or an operation, which Keras has in a model alone");
    }
  }
}
