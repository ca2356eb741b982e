package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A layer that walks from the end passes over the blank end of each sample, by itself and as the
 * second of two. Zeros with a minus sign are no blanks, and are the same numbers: what both say has
 * to agree.
 */
class BlankEndsTest {
  private static final int SAMPLES = 66;
  private static final int STEPS = 13;
  private static final int FEATURES = 5;
  private static final int SIZE = STEPS * FEATURES;
  private static final int SEQUENCES = 2;

  /** Where the layer is. */
  enum Place {
    ALONE,
    SECOND_OF_TWO,
    AT_EACH_STEP
  }

  private static Layer layer(RecurrentKind kind, Place place) {
    return switch (place) {
      case ALONE -> kind.of(21, Activation.TANH, RecurrentOptions.DEFAULTS.goingBackwards());
      case SECOND_OF_TWO -> Bidirectional.of(kind.last(21));
      case AT_EACH_STEP -> new TimeDistributed(Bidirectional.of(kind.last(6)));
    };
  }

  private static Shape input(Place place) {
    return place == Place.AT_EACH_STEP
        ? Shape.of(SEQUENCES, STEPS, FEATURES)
        : Shape.of(STEPS, FEATURES);
  }

  /** Biases that are not zero: with zeros every blank state would be zero too. */
  private static Model model(RecurrentKind kind, Place place, int threads) {
    Model model =
        Model.sequential(
                input(place), layer(kind, place), new Flatten(), Dense.of(3, Activation.SOFTMAX))
            .withSeed(6)
            .withThreads(threads)
            .compile(Sgd.of(0.2), Loss.CATEGORICAL_CROSSENTROPY);
    Parameters start = model.parameters();
    List<ParameterSpec> specs = model.spec().parameters();
    for (int p = 0; p < specs.size(); p++) {
      float[] values = start.values().get(p);
      for (int i = 0; specs.get(p).name().equals("bias") && i < values.length; i++) {
        values[i] = 0.1f * (i % 7 - 3.5f);
      }
    }
    model.setParameters(start);
    return model;
  }

  /** Blank beginnings and ends of all lengths; one wholly blank sequence; zeros amidst ink. */
  private static float[] inputs(Place place, float blank) {
    SplitMix64 random = new SplitMix64(9);
    float[] inputs = new float[SAMPLES * (int) input(place).elementCount()];
    for (int sequence = 0; sequence * SIZE < inputs.length; sequence++) {
      int lead = sequence == 40 ? STEPS : random.nextInt(STEPS);
      int end = STEPS - random.nextInt(STEPS - lead + 1);
      for (int i = 0; i < SIZE; i++) {
        boolean inked = i >= lead * FEATURES && i < end * FEATURES;
        float ink = random.nextInt(4) == 0 ? 0 : random.nextInt(1000) / 1000f - 0.5f;
        inputs[sequence * SIZE + i] = inked ? ink : blank;
      }
    }
    return inputs;
  }

  private static Dataset data(Place place, float blank) {
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i % 3;
    }
    return Dataset.of(input(place), inputs(place, blank), labels, 3);
  }

  static List<Arguments> kindsAndPlaces() {
    return Stream.of(RecurrentKind.values())
        .flatMap(kind -> Stream.of(Place.values()).map(place -> Arguments.of(kind, place)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("kindsAndPlaces")
  void outputsAndLossesHaveTheSameBits(RecurrentKind kind, Place place) {
    try (Model model = model(kind, place, 2)) {
      float[] expected = model.predict(data(place, -0f), SAMPLES);
      assertThat(model.predict(data(place, 0f), SAMPLES)).isEqualTo(expected);
      assertThat(model.predict(data(place, 0f), 7)).isEqualTo(expected);
      assertThat(model.evaluate(data(place, 0f), SAMPLES))
          .isEqualTo(model.evaluate(data(place, -0f), 7));
    }
  }

  @ParameterizedTest
  @MethodSource("kindsAndPlaces")
  void trainingAgreesToRounding(RecurrentKind kind, Place place) {
    FitOptions options = FitOptions.epochs(3).withBatchSize(50).withSeed(2);
    // One workspace, so that the shard before has left its values.
    try (Model passing = model(kind, place, 1);
        Model walking = model(kind, place, 2);
        Model start = model(kind, place, 1)) {
      passing.fit(data(place, 0f), options);
      walking.fit(data(place, -0f), options);
      List<float[]> before = start.parameters().values();
      List<float[]> expected = walking.parameters().values();
      List<float[]> found = passing.parameters().values();
      for (int p = 0; p < expected.size(); p++) {
        double change = Distance.between(expected.get(p), before.get(p));
        assertThat(change).isPositive();
        assertThat(Distance.between(expected.get(p), found.get(p)) / change).isLessThan(1e-5);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kindsAndPlaces")
  void threadsChangeNothing(RecurrentKind kind, Place place) {
    FitOptions options = FitOptions.epochs(2).withBatchSize(60).withSeed(1);
    try (Model one = model(kind, place, 1);
        Model three = model(kind, place, 3)) {
      one.fit(data(place, 0f), options);
      three.fit(data(place, 0f), options);
      assertThat(three.parameters().values())
          .usingRecursiveComparison()
          .isEqualTo(one.parameters().values());
    }
  }

  @ParameterizedTest
  @MethodSource("kindsAndPlaces")
  void aPredictorHasThePlansBits(RecurrentKind kind, Place place) {
    int size = (int) input(place).elementCount();
    try (Model model = model(kind, place, 2);
        Predictor predictor = model.predictor()) {
      float[] expected = model.predict(data(place, -0f), SAMPLES);
      float[] inputs = inputs(place, 0f);
      for (int i = 0; i < SAMPLES; i++) {
        float[] alone = new float[3];
        predictor.predict(Arrays.copyOfRange(inputs, i * size, (i + 1) * size), alone);
        assertThat(alone).isEqualTo(Arrays.copyOfRange(expected, i * 3, i * 3 + 3));
      }
    }
  }
}
