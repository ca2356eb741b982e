package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.SimulatedDisk;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Adamax;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.optimizer.UpdateOptions;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values that are no ordinary numbers, at each entry that takes numbers: refused by name, or taken
 * with the result that the entry's documentation tells.
 */
class SpecialValuesTest {
  private static final float[] SPECIAL = {
    Float.NaN,
    Float.intBitsToFloat(0xffc12345), // negative, with a payload
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.intBitsToFloat(0x007fffff), // the largest that is denormal
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE
  };

  private static final DoublePredicate FINITE = Double::isFinite;
  private static final DoublePredicate POSITIVE = value -> value > 0 && Double.isFinite(value);
  private static final DoublePredicate NOT_NEGATIVE = value -> value >= 0 && Double.isFinite(value);
  private static final DoublePredicate SHARE = value -> value >= 0 && value < 1;
  private static final Path RUN = Path.of("run").toAbsolutePath();
  private static final CheckpointFolder NO_FOLDER = new CheckpointFolder(new SimulatedDisk(), RUN);

  /** An entry, which values it takes, and what a refusal names. */
  private record Entry(String name, DoublePredicate takes, DoubleConsumer call, String named) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Dataset one(float feature, float target) {
    return Dataset.of(Shape.of(2), new float[] {1, feature}, new float[] {target}, 1);
  }

  private static Entry rate(String optimizer, DoubleConsumer call) {
    return new Entry(optimizer + ": learning rate", POSITIVE, call, "learningRate");
  }

  private static java.util.stream.Stream<Arguments> entries() {
    Adam adam = Adam.withDefaults();
    List<Entry> entries =
        List.of(
            new Entry("a feature", FINITE, x -> one((float) x, 0), "feature 1 of sample 0"),
            new Entry("a target", FINITE, x -> one(0, (float) x), "target 0 of sample 0"),
            new Entry(
                "a sample weight",
                FINITE,
                x -> one(0, 0).withSampleWeights(new float[] {(float) x}),
                "weight 0"),
            new Entry(
                "a class weight",
                FINITE,
                x -> FitOptions.epochs(1).withClassWeights(Map.of(3, x)),
                "class 3"),
            new Entry(
                "an output's weight",
                FINITE,
                x -> OutputSpec.of("mean", Loss.MEAN_SQUARED_ERROR).withWeight(x),
                "weight"),
            new Entry(
                "validation split",
                SHARE,
                x -> FitOptions.epochs(1).withValidationSplit(x),
                "validationSplit"),
            rate("Adam", Adam::of),
            rate("AdamW", x -> AdamW.of(x, 0)),
            rate("Adamax", Adamax::of),
            rate("Sgd", Sgd::of),
            rate("RmsProp", RmsProp::of),
            rate("Nadam", Nadam::of),
            rate("Adagrad", Adagrad::of),
            rate("Adadelta", Adadelta::of),
            rate("Lion", Lion::of),
            new Entry(
                "a schedule's first rate",
                POSITIVE,
                x -> CosineDecay.of(x, 10),
                "initialLearningRate"),
            rate("a callback", SpecialValuesTest::fitWithRate),
            new Entry("momentum", SHARE, x -> Sgd.of(0.1, x), "momentum"),
            new Entry("beta1", SHARE, x -> new Adam(adam.options(), x, 0.9, 1e-7, false), "beta1"),
            new Entry(
                "epsilon",
                POSITIVE,
                x -> new Adam(adam.options(), 0.9, 0.999, x, false),
                "epsilon"),
            new Entry(
                "weight decay",
                NOT_NEGATIVE,
                x -> UpdateOptions.of(0.1).withWeightDecay(x),
                "weightDecay"),
            new Entry("dropout", SHARE, Dropout::of, "rate"),
            new Entry("the value of a mask", FINITE, Masking::new, "maskValue"),
            new Entry("a scale", FINITE, Rescaling::of, "scale"),
            new Entry(
                "minimum delta",
                NOT_NEGATIVE,
                x -> new Monitor("loss", Monitor.Mode.MIN, x),
                "minimumDelta"));
    return entries.stream()
        .flatMap(
            entry ->
                java.util.stream.IntStream.range(0, SPECIAL.length)
                    .mapToObj(i -> Arguments.of(entry, SPECIAL[i])));
  }

  private static void fitWithRate(double rate) {
    Callback setting =
        new Callback() {
          @Override
          public void onTrainBegin(Training training) {
            training.setLearningRate(rate);
          }
        };
    try (Model model =
        Model.sequential(Shape.of(2), Dense.of(1)).compile(Sgd.of(1), Loss.MEAN_SQUARED_ERROR)) {
      model.fit(one(0, 0), FitOptions.epochs(1), setting);
    } catch (DivergedException e) {
      assertThat(rate).isGreaterThan(1e30); // taken, and more than the loss can bear
    }
  }

  @ParameterizedTest
  @MethodSource
  void entries(Entry entry, float value) {
    if (entry.takes().test(value)) {
      entry.call().accept(value);
    } else {
      Throwable refusal = catchThrowable(() -> entry.call().accept(value));
      assertThat(refusal)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(entry.named());
      assertThat(refusal.getMessage()) // a float where it is kept as one
          .containsAnyOf(String.valueOf(value), String.valueOf((double) value));
    }
  }

  private static java.util.stream.Stream<Arguments> valuesOfEachKind() {
    return Arrays.stream(RecurrentKind.values())
        .flatMap(
            kind ->
                java.util.stream.IntStream.range(0, SPECIAL.length)
                    .mapToObj(i -> Arguments.of(kind, SPECIAL[i])));
  }

  private static Model model(RecurrentKind kind) {
    return Model.sequential(Shape.of(5, 3), kind.last(4), Dense.of(2))
        .withSeed(1)
        .compile(Adam.of(0.1), Loss.MEAN_SQUARED_ERROR);
  }

  private static float[] ramp(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i * 7 % 11) / 11f - 0.5f;
    }
    return values;
  }

  /** In one sample of an answer: no other sample, and no later answer, has other bits for it. */
  @ParameterizedTest
  @MethodSource("valuesOfEachKind")
  void anInputConcernsItsOwnSampleAlone(RecurrentKind kind, float value) {
    float[] inputs = ramp(30 * 15);
    float[] expected = new float[30 * 2];
    float[] found = new float[30 * 2];
    try (Model model = model(kind);
        Predictor predictor = model.predictor()) {
      predictor.predict(inputs, expected);
      float[] special = inputs.clone();
      special[7 * 15 + 4] = value;
      predictor.predict(special, found);
      for (int i = 0; i < 30; i++) {
        if (i != 7) {
          assertThat(Arrays.copyOfRange(found, 2 * i, 2 * i + 2))
              .isEqualTo(Arrays.copyOfRange(expected, 2 * i, 2 * i + 2));
        }
      }
      if (Float.isNaN(value)) {
        assertThat(found[14]).isNaN();
      }
      predictor.predict(inputs, found);
      assertThat(found).isEqualTo(expected);
    }
  }

  /** In a step of a stream: until it is reset, or its state is set, and in no other stream. */
  @ParameterizedTest
  @MethodSource("valuesOfEachKind")
  void aStepConcernsItsOwnStreamAlone(RecurrentKind kind, float value) {
    float[] step = {0.1f, -0.2f, 0.3f};
    float[] expected = new float[2];
    float[] found = new float[2];
    try (Model model = model(kind);
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream();
        Stream other = predictor.stream()) {
      stream.step(step, expected);
      float[] state = new float[stream.stateSize()];
      stream.state(state);
      stream.step(new float[] {0, value, 0}, found);
      other.step(step, found);
      assertThat(found).isEqualTo(expected);
      stream.reset();
      stream.step(step, found);
      assertThat(found).isEqualTo(expected);
      float[] special = state.clone();
      Arrays.fill(special, value);
      stream.restore(special);
      stream.step(step, found);
      assertThat(Float.isNaN(value) && !Float.isNaN(found[0])).isFalse();
      stream.restore(state);
      other.step(step, expected);
      stream.step(step, found);
      assertThat(found).isEqualTo(expected);
    }
  }

  private static final List<String> PLACES =
      List.of("a weight", "a weight that a resumed fit begins with", "a feature");

  private static java.util.stream.Stream<Arguments> placesInAFit() {
    return PLACES.stream()
        .flatMap(place -> valuesOfEachKind().map(a -> Arguments.of(place, a.get()[0], a.get()[1])));
  }

  /**
   * A fit ends with numbers, or names the batch; a checkpoint that is there can be gone on from.
   */
  @ParameterizedTest
  @MethodSource("placesInAFit")
  void aFitEndsWithNumbersOrNamesWhereItStopped(String place, RecurrentKind kind, float value)
      throws IOException {
    boolean inData = place.equals(PLACES.get(2));
    if (inData && !Float.isFinite(value)) {
      return; // refused by Dataset, above
    }
    float[] features = ramp(6 * 15);
    features[5 * 15 + 4] = inData ? value : features[4];
    Dataset data = Dataset.of(Shape.of(5, 3), features, ramp(12), 2);
    FitOptions options = FitOptions.epochs(2).withBatchSize(2);
    CheckpointFolder folder = new CheckpointFolder(new SimulatedDisk(), RUN);
    Callback saving = new Checkpoints(folder, Map.of(), 1);
    try (Model model = model(kind)) {
      model.fit(data.slice(0, 5), FitOptions.epochs(1).withBatchSize(2), saving);
      Checkpoint sound = Checkpoint.load(folder).checkpoint();
      Parameters special =
          inData ? model.parameters() : withFirst(value, sound.state().parameters());
      Throwable failure =
          catchThrowable(
              () -> {
                if (place.equals(PLACES.get(1))) {
                  TrainingState s = sound.state();
                  model.resume(
                      new TrainingState(
                          special, 0, 1, s.sums(), new History(), s.states(), s.callbacks()),
                      data,
                      options,
                      saving);
                } else {
                  model.setParameters(special);
                  model.fit(data, options, saving);
                }
              });
      if (failure == null) {
        assertThat(model.parameters().firstNotFinite()).isNegative();
      } else {
        assertThat(failure)
            .isInstanceOf(DivergedException.class)
            .hasMessageMatching("fit: .+ (epoch|batch) [0-9].+; lower the learning rate or .+");
      }
      if (!inData && !Float.isFinite(value)) {
        TrainingState s = sound.state();
        Checkpoint unsound =
            new Checkpoint(
                Map.of(),
                new TrainingState(special, 9, 0, s.sums(), s.history(), s.states(), s.callbacks()));
        refused(() -> unsound.save(folder), "checkpoint: parameter 0 has values that are NaN");
      }
      Checkpoint left = Checkpoint.load(folder).checkpoint();
      assertThat(left.state().parameters().firstNotFinite()).isNegative();
    }
  }

  private static Parameters withFirst(float value, Parameters parameters) {
    List<float[]> values = new ArrayList<>(parameters.values());
    values.set(0, values.get(0).clone());
    values.get(0)[1] = value;
    return new Parameters(values, parameters.slots(), parameters.iterations());
  }

  /** The last update's weights no loss has seen: the state would be saved as if it were sound. */
  @Test
  void aStateWithWeightsThatAreNoNumbersIsNotKept() throws IOException {
    Dataset data = Dataset.of(Shape.of(1), new float[] {1, 2}, new float[] {1e15f, 2}, 1);
    CheckpointFolder folder = new CheckpointFolder(new SimulatedDisk(), RUN);
    Checkpoints saving = new Checkpoints(folder, Map.of(), 1);
    FitOptions options = FitOptions.epochs(1).withBatchSize(1).withoutShuffle();
    try (Model model =
        Model.sequential(Shape.of(1), Dense.of(1)).compile(Sgd.of(1e30), Loss.MEAN_SQUARED_ERROR)) {
      assertThatThrownBy(() -> model.fit(data, options, saving))
          .isInstanceOf(DivergedException.class)
          .hasMessage(
              "fit: kernel of dense has values that are NaN or infinite after batch 1 of epoch 1;"
                  + " lower the learning rate or scale the inputs");
      TerminateOnNaN quiet = new TerminateOnNaN();
      Checkpoint first = Checkpoint.load(folder).checkpoint();
      model.setParameters(first.state().parameters());
      assertThat(model.fit(data, options, quiet, saving).epoch()).isEmpty();
      assertThat(quiet.terminated()).isTrue();
      assertThat(Checkpoint.load(folder).checkpoint().state().batch()).isZero();
    }
  }

  /** Sizes of nothing, and the largest that can be said: nothing of those is computed first. */
  @Test
  @Timeout(30)
  void sizesAreRefusedByNameOrTaken() {
    refused(() -> Shape.of(3, 0), "at least 1");
    refused(() -> Shape.of(1 << 30, 1 << 30, 1 << 30), "2^63");
    refused(() -> Dataset.of(Shape.of(2), new float[0], new int[0], 2), "at least one sample");
    refused(() -> FitOptions.epochs(0), "epochs");
    refused(() -> FitOptions.epochs(1).withBatchSize(0), "batchSize");
    refused(() -> Lstm.of(0), "units");
    refused(() -> new Checkpoints(NO_FOLDER, Map.of(), 0), "everyBatches");
    try (Model model = model(RecurrentKind.GRU);
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      refused(() -> predictor.predict(new float[0], new float[0]), "a sample has 15 values");
      refused(() -> stream.step(new float[0], new float[2]), "3");
      refused(() -> stream.restore(new float[0]), "state");
      Dataset data = Dataset.of(Shape.of(5, 3), ramp(45), ramp(6), 2);
      float[] expected = model.predict(data, 3);
      assertThat(model.predict(data, Integer.MAX_VALUE)).isEqualTo(expected);
      model.fit(data, FitOptions.epochs(1).withBatchSize(Integer.MAX_VALUE));
    }
    refused(() -> Lstm.of(Integer.MAX_VALUE), "units must be between 1 and 4194304");
    try (Model model =
        Model.sequential(Shape.of(5, 3), Lstm.of(1 << 22), Dense.of(2))
            .compile(Adam.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      assertThatThrownBy(model::predictor)
          .isInstanceOf(InsufficientMemoryException.class)
          .hasMessageStartingWith("the start weights need 281,")
          .hasMessageContaining("for recurrent_kernel [4194304, 16777216]; the heap has");
    }
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String named) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }
}
