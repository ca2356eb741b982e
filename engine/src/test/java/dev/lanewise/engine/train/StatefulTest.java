package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** States that go from batch to batch, row by row. */
class StatefulTest {
  private static final int BATCH = 60; // several shards
  private static final int STEPS = 5;
  private static final int FEATURES = 4;
  private static final Shape SAMPLE = Shape.of(STEPS, FEATURES);

  private static Recurrent layer(String name, int units) {
    if (name.startsWith("lstm")) {
      return Lstm.of(units).returningSequences().keepingState();
    }
    if (name.startsWith("simple_rnn")) {
      return SimpleRnn.of(units).returningSequences().keepingState();
    }
    Gru gru = Gru.of(units).returningSequences().keepingState();
    return name.startsWith("gru_reset_before") ? gru.resettingBefore() : gru;
  }

  private static Dataset inputs(String golden, int batch, String... masks) {
    Npy x = Npy.readMember(golden, "x_" + batch);
    float[] values = x.floats();
    int features = x.shape()[2];
    for (String mask : masks) {
      double[] counts = Npy.readMember(golden, mask).values();
      for (int i = 0; i < values.length; i++) {
        values[i] = counts[i / features] == 0 ? 0 : values[i];
      }
    }
    Shape sample = Shape.of(x.shape()[1], features);
    return Dataset.of(sample, values, new float[x.shape()[0]], 1);
  }

  /** Three batches in turn, the third under a mask or not, and again from states of zero. */
  @ParameterizedTest
  @CsvSource({
    "lstm_stateful",
    "lstm_stateful_masked",
    "gru_stateful_masked",
    "gru_reset_before_stateful_masked",
    "simple_rnn_stateful_masked"
  })
  void batchesGoOnFromKerassStates(String name) {
    String golden = "recurrent/states/" + name;
    boolean masked = name.endsWith("masked");
    int[] y = Npy.readMember(golden, "y_0").shape();
    Dataset first = inputs(golden, 0);
    List<float[]> weights = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      weights.add(Npy.readMember(golden, "weight_" + i).floats());
    }
    Layer[] layers = {Masking.ofZeros(), layer(name, y[2])};
    try (Model model =
        Model.sequential(Graph.Input.ofBatches(y[0], first.sampleShape()), layers)
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      model.setParameters(Parameters.initial(weights));
      requireClose(golden, "y_0", model.predict(first, y[0]));
      requireClose(golden, "y_1", model.predict(inputs(golden, 1), y[0]));
      Dataset third = masked ? inputs(golden, 2, "mask_2") : inputs(golden, 2);
      requireClose(golden, "y_2", model.predict(third, y[0]));
      model.resetStates();
      requireClose(golden, "y_after_reset", model.predict(third, y[0]));
    }
  }

  private static void requireClose(String golden, String member, float[] found) {
    float[] expected = Npy.readMember(golden, member).floats();
    assertThat(found).as(member).containsExactly(expected, Offset.offset(2e-6f));
  }

  private static Model model(RecurrentKind kind, int threads) {
    RecurrentOptions options = RecurrentOptions.DEFAULTS.keepingState();
    return Model.sequential(
            Graph.Input.ofBatches(BATCH, SAMPLE),
            Masking.ofZeros(),
            Bidirectional.of(kind.of(9, Activation.TANH, options.returningSequences())),
            kind.of(17, Activation.TANH, options),
            Dense.of(3, Activation.SOFTMAX))
        .withSeed(3)
        .withThreads(threads)
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
  }

  /** Returns samples some of which are padded, so that they are not worked on as they come. */
  private static Dataset data(int batches) {
    SplitMix64 random = new SplitMix64(8);
    float[] x = new float[batches * BATCH * STEPS * FEATURES];
    int[] labels = new int[batches * BATCH];
    for (int n = 0; n < labels.length; n++) {
      int from = random.nextInt(STEPS + 1);
      boolean behind = random.nextInt(2) == 0;
      for (int t = 0; t < STEPS; t++) {
        for (int f = 0; f < FEATURES; f++) {
          float value = random.nextInt(1000) / 500f - 0.999f;
          x[(n * STEPS + t) * FEATURES + f] =
              behind ? (t < from ? 0 : value) : t >= from ? 0 : value;
        }
      }
      labels[n] = random.nextInt(3);
    }
    return Dataset.of(SAMPLE, x, labels, 3);
  }

  private static FitOptions options() {
    return FitOptions.epochs(2).withBatchSize(BATCH).withValidationSplit(0.25).withoutShuffle();
  }

  @ParameterizedTest
  @EnumSource
  void threadsChangeNoBitsAndRunsGoOnFromEveryBatch(RecurrentKind kind) {
    Dataset data = data(4);
    List<byte[]> checkpoints = new ArrayList<>();
    float[] after;
    String digest;
    try (Model whole = model(kind, 1)) {
      whole.fit(data, options(), recorder(checkpoints));
      digest = SmallRun.digest(whole);
      after = whole.predict(data, BATCH);
    }
    try (Model three = model(kind, 3)) {
      three.fit(data, options());
      assertThat(SmallRun.digest(three)).isEqualTo(digest);
      assertThat(three.predict(data, BATCH)).isEqualTo(after);
    }
    assertThat(checkpoints).hasSize(6);
    for (byte[] checkpoint : checkpoints) {
      try (Model resumed = model(kind, 2)) {
        resumed.resume(
            CheckpointFormat.read(checkpoint).state(),
            data,
            options(),
            recorder(new ArrayList<>()));
        assertThat(SmallRun.digest(resumed)).isEqualTo(digest);
        assertThat(resumed.predict(data, BATCH)).isEqualTo(after);
      }
    }
  }

  private static Callback recorder(List<byte[]> checkpoints) {
    Map<String, Training> running = new HashMap<>();
    return new Callback() {
      @Override
      public void onTrainBegin(Training training) {
        running.put("it", training);
      }

      @Override
      public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
        TrainingState state = running.get("it").state();
        checkpoints.add(CheckpointFormat.bytes(new Checkpoint(Map.of(), state)));
      }
    };
  }

  /** What a batch leaves is that of its rows as they came, whatever their order at work. */
  @Test
  void aRowGoesOnFromItsOwnState() {
    Dataset data = data(2);
    float[] x = data.floatFeatures();
    int half = x.length / 2;
    float[] turned = new float[x.length];
    int each = STEPS * FEATURES;
    for (int n = 0; n < BATCH; n++) { // both batches with their rows the other way round
      System.arraycopy(x, n * each, turned, (BATCH - 1 - n) * each, each);
      System.arraycopy(x, half + n * each, turned, half + (BATCH - 1 - n) * each, each);
    }
    try (Model model = model(RecurrentKind.LSTM, 2)) {
      float[] answers = model.predict(data, BATCH);
      model.resetStates();
      float[] others = model.predict(Dataset.of(SAMPLE, turned, new int[2 * BATCH], 3), BATCH);
      for (int n = 0; n < 2 * BATCH; n++) {
        int there = n < BATCH ? BATCH - 1 - n : 3 * BATCH - 1 - n;
        assertThat(Arrays.copyOfRange(others, there * 3, there * 3 + 3))
            .isEqualTo(Arrays.copyOfRange(answers, n * 3, n * 3 + 3));
      }
    }
  }

  /** Every call moves the states on, and nothing but a reset takes them back. */
  @Test
  void everyCallMovesTheStatesOn() {
    Dataset data = data(2);
    try (Model model = model(RecurrentKind.GRU, 2)) {
      float[] fresh = model.predict(data, BATCH);
      assertThat(model.predict(data, BATCH)).isNotEqualTo(fresh);
      model.resetStates();
      assertThat(model.predict(data, BATCH)).isEqualTo(fresh);
      model.resetStates();
      model.evaluate(data, BATCH);
      assertThat(model.predict(data, BATCH)).isNotEqualTo(fresh);
    }
  }

  /** A sequence in two batches is the sequence in one. */
  @Test
  void halvesOfASequenceAreTheWhole() {
    Layer[] stateful = {Lstm.of(7).keepingState(), Dense.of(2)};
    float[] x = data(1).floatFeatures();
    float[] whole = new float[2 * x.length];
    int each = STEPS * FEATURES;
    for (int n = 0; n < BATCH; n++) {
      System.arraycopy(x, n * each, whole, 2 * n * each, each);
      System.arraycopy(x, (BATCH - 1 - n) * each, whole, (2 * n + 1) * each, each);
    }
    float[] second = new float[x.length];
    for (int n = 0; n < BATCH; n++) {
      System.arraycopy(x, (BATCH - 1 - n) * each, second, n * each, each);
    }
    try (Model halves =
            Model.sequential(Graph.Input.ofBatches(BATCH, SAMPLE), stateful)
                .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
        Model once =
            Model.sequential(Shape.of(2 * STEPS, FEATURES), Lstm.of(7), Dense.of(2))
                .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      halves.predict(Dataset.of(SAMPLE, x, new int[BATCH], 1), BATCH);
      float[] end = halves.predict(Dataset.of(SAMPLE, second, new int[BATCH], 1), BATCH);
      Dataset long_ = Dataset.of(Shape.of(2 * STEPS, FEATURES), whole, new int[BATCH], 1);
      assertThat(end).isEqualTo(once.predict(long_, BATCH));
    }
  }

  @Test
  void predictorsAndStreamsBeginWithZeros() {
    Layer[] layers = {Gru.of(7).returningSequences().keepingState(), Dense.of(2)};
    Dataset data = data(1);
    float[] answer = new float[2];
    float[] answers = new float[BATCH * STEPS * 2];
    try (Model model =
        Model.sequential(Graph.Input.ofBatches(BATCH, SAMPLE), layers)
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      float[] fresh = model.predict(data, BATCH);
      try (Predictor predictor = model.predictor();
          Stream stream = predictor.stream()) {
        for (int call = 0; call < 2; call++) {
          predictor.predict(data.floatFeatures(), answers);
          assertThat(answers).isEqualTo(fresh);
        }
        stream.step(Arrays.copyOf(data.floatFeatures(), FEATURES), answer);
        assertThat(answer).isEqualTo(Arrays.copyOf(fresh, 2));
        float[] more = new float[2 * answers.length];
        assertThatThrownBy(() -> predictor.predict(data(2).floatFeatures(), more))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("predict: the model is stateful, and of more than its batch");
      }
    }
  }

  @Test
  void whatKeepsNoRowsIsRefused() {
    Lstm layer = Lstm.of(3).keepingState();
    assertThatThrownBy(() -> Model.sequential(SAMPLE, layer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "model: LSTM is stateful, and so the inputs need one batch size, found none; give it to"
                + " Graph.Input");
    assertThatThrownBy(
            () ->
                Model.graph(
                    g -> {
                      var x = g.input("x", Shape.of(4, 3), 5);
                      var shared = g.share(layer.returningSequences());
                      g.output(shared.apply(shared.apply(x)));
                    }))
        .hasMessageContaining("LSTM is stateful and called 2 times");
    assertThatThrownBy(
            () -> new Bidirectional(layer, Lstm.of(3).goingBackwards(), Bidirectional.Merge.CONCAT))
        .hasMessageContaining("one layer is stateful and the other is not");
    try (Model model = model(RecurrentKind.GRU, 1)) {
      Dataset data = data(2);
      assertThatThrownBy(() -> model.predict(data, 30))
          .hasMessage(
              "predict: the model is stateful with batches of 60, found a batch size of 30");
      assertThatThrownBy(() -> model.evaluate(data.slice(0, 70), BATCH))
          .hasMessage(
              "evaluate: the model is stateful with batches of 60, and 70 samples are not whole"
                  + " batches; leave out 10");
      assertThatThrownBy(() -> model.fit(data, options()))
          .hasMessageContaining("fit: the model is stateful with batches of 60, and 90 samples");
    }
  }

  @Test
  void statesGoOnAroundLayersThatMeet() {
    Layer[] layers = {
      Lstm.of(7).returningSequences().keepingState(),
      BatchNormalization.withDefaults(),
      SimpleRnn.of(5).keepingState().frozen(),
      Dense.of(3, Activation.SOFTMAX)
    };
    List<String> digests = new ArrayList<>();
    for (int threads : new int[] {1, 2, 3}) {
      try (Model model =
          Model.sequential(Graph.Input.ofBatches(BATCH, SAMPLE), layers)
              .withThreads(threads)
              .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY)) {
        model.fit(data(4), options());
        digests.add(SmallRun.digest(model));
      }
    }
    assertThat(digests).containsOnly(digests.getFirst());
  }
}
