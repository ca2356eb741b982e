package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cells that walk together leave the bits of the layers of these cells, one upon the other. */
class RnnTest {
  private static final int SAMPLES = 80; // two batches, of several shards
  private static final int BATCH = 40;
  private static final int STEPS = 7;
  private static final int FEATURES = 3;

  private static final Rnn CELLS =
      Rnn.of(
          Lstm.of(9).withoutUnitForgetBias(),
          Gru.of(17).resettingBefore().withActivation(Activation.SOFTSIGN),
          Gru.of(4).withoutBias(),
          SimpleRnn.of(5).withActivation(Activation.RELU));

  /** Returns samples with masked steps in front, behind, within, throughout, or nowhere. */
  private static float[] padded(int seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] x = new float[SAMPLES * STEPS * FEATURES];
    for (int n = 0; n < SAMPLES; n++) {
      int from = random.nextInt(STEPS + 1);
      for (int t = 0; t < STEPS; t++) {
        boolean masked =
            switch (n % 5) {
              case 0 -> t < from;
              case 1 -> t >= from;
              case 2 -> t == 1 || t == from;
              case 3 -> n % 2 == 0;
              default -> false;
            };
        for (int f = 0; f < FEATURES; f++) {
          float value = random.nextInt(1000) / 500f - 0.999f;
          x[(n * STEPS + t) * FEATURES + f] = masked ? 0 : value;
        }
      }
    }
    return x;
  }

  private static float[] turned(float[] x) {
    float[] turned = new float[x.length];
    for (int n = 0; n < SAMPLES; n++) {
      for (int t = 0; t < STEPS; t++) {
        int from = (n * STEPS + t) * FEATURES;
        int to = (n * STEPS + STEPS - 1 - t) * FEATURES;
        System.arraycopy(x, from, turned, to, FEATURES);
      }
    }
    return turned;
  }

  private static Dataset data(float[] x) {
    float[] y = new float[SAMPLES * 2];
    for (int i = 0; i < y.length; i++) {
      y[i] = i * 37 % 19 / 10f - 1;
    }
    return Dataset.of(List.of(Shape.of(STEPS, FEATURES)), x, y, 2);
  }

  private static Model graph(Consumer<GraphBuilder> wiring, int threads) {
    return Model.graph(wiring)
        .withSeed(3)
        .withThreads(threads)
        .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
  }

  private static Model stack(int threads, List<? extends Layer> walk) {
    return graph(
        g -> {
          Value value = masked(g);
          for (Layer layer : walk) {
            value = g.apply(layer, value);
          }
          value = value.shape().rank() == 1 ? value : g.apply(new Flatten(), value);
          g.output(g.apply(Dense.of(2), value));
        },
        threads);
  }

  /** Trains a little, answers in batches and one by one, and returns all bits of it. */
  private static List<float[]> bits(Model model, Parameters start, float[] x) {
    model.setParameters(start);
    model.fit(data(x), FitOptions.epochs(2).withBatchSize(BATCH).withoutShuffle());
    List<float[]> bits = new ArrayList<>(model.parameters().values());
    float[] answers = model.predict(data(x), BATCH);
    bits.add(answers);
    try (Predictor predictor = model.predictor()) {
      float[] y = new float[2];
      for (int n = 0; n < 20; n++) {
        predictor.predict(Arrays.copyOfRange(x, n * 21, n * 21 + 21), y);
        assertThat(y).isEqualTo(Arrays.copyOfRange(answers, n * 2, n * 2 + 2));
      }
    }
    return bits;
  }

  private static void requireAlike(List<float[]> found, List<float[]> expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).as("array " + i).isEqualTo(expected.get(i));
    }
  }

  private static Parameters start(Model model) {
    return StartWeights.of(model.spec(), 1);
  }

  static java.util.stream.Stream<Rnn> walks() {
    UnaryOperator<Rnn> zeroing = rnn -> rnn.with(rnn.options().withZeroOutputForMask(true));
    Rnn sequences = CELLS.returningSequences();
    return java.util.stream.Stream.of(
        CELLS, sequences, zeroing.apply(CELLS), zeroing.apply(sequences), Rnn.of(Gru.of(5)));
  }

  @ParameterizedTest
  @MethodSource("walks")
  void underAMask(Rnn rnn) {
    float[] x = padded(4);
    Dense below = Dense.of(4, Activation.TANH);
    try (Model together = stack(2, List.of(below, rnn));
        Model apart = stack(1, upon(below, rnn.layers()))) {
      requireAlike(bits(together, start(apart), x), bits(apart, start(apart), x));
    }
  }

  private static List<Layer> upon(Layer below, List<? extends Layer> layers) {
    List<Layer> all = new ArrayList<>(List.of(below));
    all.addAll(layers);
    return all;
  }

  /** What is frozen passes the gradient on, and is not changed. */
  @Test
  void frozen() {
    float[] x = padded(4);
    Dense below = Dense.of(4, Activation.TANH);
    List<Layer> layers = CELLS.layers().stream().map(Layer::frozen).toList();
    try (Model together = stack(2, List.of(below, CELLS.frozen()));
        Model apart = stack(1, upon(below, layers))) {
      Parameters start = start(apart);
      List<float[]> found = bits(together, start, x);
      requireAlike(found, bits(apart, start, x));
      assertThat(found.get(2)).isEqualTo(start.values().get(2));
      assertThat(found.get(0)).isNotEqualTo(start.values().get(0));
    }
  }

  /** From the end, with all cells under the mask as it is walked. */
  @ParameterizedTest
  @MethodSource("walks")
  void backwardsIsForwardsOnWhatIsTurned(Rnn rnn) {
    float[] x = padded(5);
    try (Model back = stack(2, List.of(rnn.goingBackwards()));
        Model forth = stack(1, List.of(rnn))) {
      Parameters start = start(forth);
      requireAlike(bits(back, start, x), bits(forth, start, turned(x)));
    }
  }

  private static Value masked(GraphBuilder g) {
    return g.apply(Masking.ofZeros(), g.input("x", Shape.of(STEPS, FEATURES)));
  }

  @Test
  void inBothDirections() {
    float[] x = padded(6);
    Consumer<GraphBuilder> together =
        g -> g.output(g.apply(Dense.of(2), g.apply(Bidirectional.of(CELLS), masked(g))));
    Consumer<GraphBuilder> apart =
        g -> {
          Value read = masked(g);
          Value forward = g.apply(CELLS, read);
          Value backward = g.apply(CELLS.goingBackwards(), read);
          g.output(g.apply(Dense.of(2), g.apply(Concatenate.FEATURES, forward, backward)));
        };
    try (Model both = graph(together, 2);
        Model two = graph(apart, 1)) {
      requireAlike(bits(both, start(two), x), bits(two, start(two), x));
    }
  }

  /** Walks a layer that gives its states, or the layers of its cells, from states if there are. */
  private static List<Value> walked(
      GraphBuilder g, Rnn rnn, boolean together, Value x, List<Value> states) {
    List<Value> all = new ArrayList<>(List.of(x));
    int next = 0;
    for (Recurrent layer : together ? List.of(rnn) : rnn.layers()) {
      List<Value> read = new ArrayList<>(List.of(all.getFirst()));
      int own = states.isEmpty() ? 0 : layer.stateShapes(Shape.of(1, 1)).size();
      read.addAll(states.subList(next, next + own));
      next += own;
      List<Value> given = g.applyAll(layer, read.toArray(Value[]::new));
      all.set(0, given.getFirst());
      all.addAll(given.subList(1, given.size()));
    }
    return all;
  }

  private static Model encoderAndDecoder(boolean together, int threads) {
    return graph(
        g -> {
          Value x = g.input("x", Shape.of(STEPS, FEATURES));
          Value seen = g.apply(Dense.of(4, Activation.TANH), g.apply(Masking.ofZeros(), x));
          List<Value> end = walked(g, CELLS.returningState(), together, seen, List.of());
          List<Value> states = end.subList(1, end.size());
          Rnn decoder = CELLS.returningSequences().goingBackwards();
          Value decoded = walked(g, decoder, together, x, states).getFirst();
          List<Value> all = new ArrayList<>(end);
          all.add(g.apply(new Flatten(), decoded));
          Value last = g.apply(Concatenate.FEATURES, all.toArray(Value[]::new));
          g.output(g.apply(Dense.of(2), last));
        },
        threads);
  }

  @Test
  void statesInAndOut() {
    float[] x = padded(7);
    try (Model together = encoderAndDecoder(true, 2);
        Model apart = encoderAndDecoder(false, 1)) {
      Parameters start = start(together);
      int encoder = 2 + CELLS.parameters(Shape.of(STEPS, 4)).size();
      assertThat(start.values().get(encoder)).hasSize(FEATURES * 4 * 9); // weights lie alike
      requireAlike(bits(together, start, x), bits(apart, start, x));
    }
  }

  private static Model keeping(List<? extends Layer> layers, int threads) {
    List<Layer> all = upon(Masking.ofZeros(), layers);
    all.add(Dense.of(2));
    Graph.Input input = Graph.Input.ofBatches(BATCH, Shape.of(STEPS, FEATURES));
    return Model.sequential(input, all.toArray(Layer[]::new))
        .withSeed(3)
        .withThreads(threads)
        .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
  }

  @Test
  void statesGoFromBatchToBatchAndRunsGoOnFromEach() {
    Dataset data = data(padded(8)).slice(0, 2 * BATCH);
    FitOptions options = FitOptions.epochs(2).withBatchSize(BATCH).withoutShuffle();
    Rnn rnn = CELLS.keepingState();
    List<byte[]> checkpoints = new ArrayList<>();
    try (Model together = keeping(List.of(rnn), 3);
        Model apart = keeping(rnn.layers(), 1)) {
      together.fit(data, options, recorder(checkpoints));
      apart.fit(data, options);
      String digest = SmallRun.digest(apart);
      assertThat(SmallRun.digest(together)).isEqualTo(digest);
      float[] answers = apart.predict(data, BATCH);
      assertThat(together.predict(data, BATCH)).isEqualTo(answers);
      assertThat(together.predict(data, BATCH))
          .isNotEqualTo(answers)
          .isEqualTo(apart.predict(data, BATCH));
      assertThat(checkpoints).hasSize(4);
      for (byte[] checkpoint : checkpoints) {
        try (Model resumed = keeping(List.of(rnn), 2)) {
          TrainingState state = CheckpointFormat.read(checkpoint).state();
          resumed.resume(state, data, options, recorder(new ArrayList<>()));
          assertThat(SmallRun.digest(resumed)).isEqualTo(digest);
          assertThat(resumed.predict(data, BATCH)).isEqualTo(answers);
        }
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

  @ParameterizedTest
  @MethodSource("walks")
  void aStreamHasTheBitsOfTheWhole(Rnn rnn) {
    float[] x = padded(9);
    float[] answer = new float[2];
    try (Model model =
            Model.sequential(
                    Shape.of(STEPS, FEATURES),
                    Masking.ofZeros(),
                    rnn.returningSequences(),
                    Dense.of(2))
                .withSeed(3)
                .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      int size = rnn.stateShapes(Shape.of(1, 1)).stream().mapToInt(shape -> shape.size(0)).sum();
      assertThat(stream.stateSize()).isEqualTo(size);
      for (int n = 0; n < 10; n++) {
        float[] sample = Arrays.copyOfRange(x, n * 21, n * 21 + 21);
        float[] whole = new float[STEPS * 2];
        predictor.predict(sample, whole);
        stream.reset();
        for (int t = 0; t < STEPS; t++) {
          float[] before = new float[size];
          stream.state(before);
          stream.restore(before);
          stream.step(Arrays.copyOfRange(sample, t * FEATURES, (t + 1) * FEATURES), answer);
          assertThat(answer).isEqualTo(Arrays.copyOfRange(whole, t * 2, t * 2 + 2));
        }
      }
    }
  }

  /** The lowest cell draws what a layer in its place does, and threads change nothing. */
  @Test
  void whatIsDropped() {
    float[] x = padded(10);
    CellLayer lowest = Lstm.of(9).withDropout(0.25, 0.25);
    CellLayer upper = Gru.of(5);
    Rnn first = Rnn.of(lowest, upper);
    Rnn both = Rnn.of(lowest, Gru.of(5).withDropout(0.5, 0));
    try (Model together = stack(2, List.of(first));
        Model apart = stack(1, first.layers());
        Model one = stack(1, List.of(both));
        Model three = stack(3, List.of(both))) {
      Parameters start = start(apart);
      List<float[]> expected = bits(apart, start, x);
      requireAlike(bits(together, start, x), expected);
      List<float[]> dropped = bits(one, start, x);
      requireAlike(bits(three, start, x), dropped);
      assertThat(dropped.getFirst()).isNotEqualTo(expected.getFirst());
    }
  }

  /** Of two cells that hand on what they keep, four times it, a quarter of all is left. */
  @Test
  void eachCellDropsByItself() {
    CellLayer cell =
        SimpleRnn.of(8).withActivation(Activation.LINEAR).withoutBias().withDropout(0.5, 0);
    float[] x = new float[400 * 8];
    Arrays.fill(x, 1);
    float[] identity = new float[64];
    for (int i = 0; i < 8; i++) {
      identity[i * 9] = 1;
    }
    List<float[]> weights = List.of(identity, new float[64], identity, new float[64]);
    try (Model model =
        Model.sequential(Shape.of(1, 8), Rnn.of(cell, cell))
            .withSeed(3)
            .compile(Sgd.of(1e-30), Loss.MEAN_SQUARED_ERROR)) {
      model.setParameters(Parameters.initial(weights));
      Dataset data = Dataset.of(Shape.of(1, 8), x, new float[x.length], 8);
      History history = model.fit(data, FitOptions.epochs(1).withBatchSize(200));
      double loss = history.history().get("loss").getFirst();
      assertThat(loss).isBetween(3.5, 4.5); // 8 if both dropped alike
    }
  }

  @Test
  void whatIsSaidInTheWrongPlaceIsRefused() {
    assertThatThrownBy(() -> Rnn.of(Lstm.of(3), Gru.of(2).returningSequences()))
        .hasMessage(
            "Rnn: sequences, states, direction and masks are said of the whole and not of a cell,"
                + " found them of a GRU; give them to Rnn");
    assertThatThrownBy(() -> Rnn.of(Lstm.of(3)).with(Lstm.of(3).withoutBias().options()))
        .hasMessageStartingWith("Rnn: bias, dropout, initializers and regularizers are said of");
    assertThatThrownBy(Rnn::of).hasMessage("Rnn: at least one cell is needed");
  }
}
