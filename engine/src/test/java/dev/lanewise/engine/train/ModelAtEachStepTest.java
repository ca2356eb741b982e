package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.OneHot;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.reference.StepNetwork;
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
  private static final int SAMPLES =
      40; // of which a shard has more steps than a block of a convolution
  private static final int STEPS = 3;

  private static Dataset data(Shape shape, int samples) {
    SplitMix64 random = new SplitMix64(7);
    float[] x = new float[SAMPLES * STEPS * (int) StepNetwork.INPUT.elementCount()];
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

  private static Model model(StepNetwork network, Shape shape, UnaryOperator<Layer> placed) {
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
  void makesAndLearnsWhatItDoesOfAsManySamples(StepNetwork network) {
    Dataset sequences = data(StepNetwork.INPUT.times(STEPS), SAMPLES);
    Dataset samples = data(StepNetwork.INPUT, SAMPLES * STEPS);
    FitOptions once = FitOptions.epochs(2).withoutShuffle();
    try (Model each = model(network, StepNetwork.INPUT.times(STEPS), TimeDistributed::new);
        Model alone = model(network, StepNetwork.INPUT, layer -> layer)) {
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

  private static List<float[]> model(StepNetwork network) {
    try (Model untrained = model(network, StepNetwork.INPUT, layer -> layer)) {
      return untrained.parameters().values();
    }
  }

  @ParameterizedTest
  @EnumSource
  void hasTheSameBitsOnAnyNumberOfThreads(StepNetwork network) {
    assertThat(trained(network, 3)).containsExactly(trained(network, 1));
  }

  private static float[] trained(StepNetwork network, int threads) {
    Dataset sequences = data(StepNetwork.INPUT.times(STEPS), SAMPLES);
    try (Model each = model(network, StepNetwork.INPUT.times(STEPS), TimeDistributed::new)) {
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

  @Test
  void masksWithinStepsAreNoneOfMerges() {
    assertThatThrownBy(
            () ->
                Model.graph(
                    g -> {
                      Value ids = g.input("ids", Shape.of(3, 4));
                      Layer table = new TimeDistributed(Embedding.of(9, 2).maskingZero());
                      Value words = g.apply(table, ids);
                      Value others = g.apply(new TimeDistributed(Dense.of(2)), words);
                      g.output(g.apply(new TimeDistributed(Pointwise.ADD), others, words));
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reads sequences that are masked within its steps");
  }

  /** Keras has no layer that would be one. */
  @Test
  void isNotSavedWithoutAModelAround() {
    try (Model each =
        model(StepNetwork.RESIDUAL, StepNetwork.INPUT.times(STEPS), TimeDistributed::new)) {
      SavedModel saved = SavedModel.of(each, LocalDateTime.of(2026, 11, 30, 12, 0));
      assertThatThrownBy(() -> KerasFile.bytes(saved))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is of a merge or an operation, which Keras has in a model alone");
    }
  }
}
