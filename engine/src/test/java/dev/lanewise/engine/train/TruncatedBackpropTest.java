package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequences in windows, each of which is a step of training with the states of the one before. */
class TruncatedBackpropTest {
  private static final int STEPS = 10;
  private static final int WINDOW = 4; // and a last one of 2
  private static final int WINDOWS = 3;
  private static final int FEATURES = 3;
  private static final int CLASSES = 3;
  private static final int TOKENS = 7;
  private static final int BATCH = 30; // several shards

  /** Models of all that is kept, drawn, met or masked on the way. */
  private enum Kind {
    LSTM,
    GRU_AND_MEETING,
    MASKED,
    GRAPH;

    Model model(int threads, Graph graph) {
      return Model.of(graph)
          .withSeed(3)
          .withThreads(threads)
          .compile(
              Adam.of(0.01),
              this == GRAPH
                  ? List.of(
                      OutputSpec.of("kind", Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY),
                      OutputSpec.of("size", Loss.MEAN_SQUARED_ERROR).withWeight(0.3))
                  : List.of(
                      OutputSpec.only(
                          Loss.CATEGORICAL_CROSSENTROPY, List.of(Metric.ACCURACY, Metric.AUC))));
    }

    /** A stateful one may have any number of steps, and has a batch size. */
    Graph graph(boolean stateful) {
      if (this == GRAPH) {
        Graph graph = ofTwo(stateful);
        List<Graph.Input> inputs =
            graph.inputs().stream()
                .map(i -> new Graph.Input(i.name(), i.shape(), stateful, stateful ? BATCH : 0))
                .toList();
        return new Graph(inputs, graph.layers(), graph.nodes(), graph.outputs());
      }
      List<Layer> layers = new ArrayList<>();
      switch (this) {
        case LSTM -> {
          layers.add(kept(Lstm.of(9).returningSequences().withDropout(0.2, 0.1), stateful));
          layers.add(Dropout.of(0.2));
          layers.add(kept(SimpleRnn.of(5).returningSequences(), stateful));
        }
        case GRU_AND_MEETING -> {
          layers.add(kept(Gru.of(6).returningSequences(), stateful));
          layers.add(BatchNormalization.withDefaults());
          layers.add(kept(Gru.of(5).resettingBefore().returningSequences(), stateful).frozen());
        }
        default -> {
          layers.add(Masking.ofZeros());
          layers.add(kept(Lstm.of(7).returningSequences(), stateful));
        }
      }
      layers.add(Dense.of(CLASSES, Activation.SOFTMAX));
      Shape sample = Shape.of(STEPS, FEATURES);
      return Graph.chain(new Graph.Input("x", sample, stateful, stateful ? BATCH : 0), layers);
    }

    private static Graph ofTwo(boolean stateful) {
      GraphBuilder g = new GraphBuilder();
      int batch = stateful ? BATCH : 0;
      var tokens = g.input("tokens", Shape.of(STEPS), batch);
      var values = g.input("values", Shape.of(STEPS, FEATURES), batch);
      var table = g.apply(Embedding.of(TOKENS, 4).maskingZero(), tokens);
      var states = g.apply(kept(Gru.of(5).returningSequences(), stateful), table);
      var others = g.apply(kept(SimpleRnn.of(4).returningSequences(), stateful), values);
      var both = g.apply(Concatenate.FEATURES, states, others);
      g.output(g.apply(Dense.of(CLASSES, Activation.SOFTMAX), both), g.apply(Dense.of(2), others));
      return g.build();
    }

    private static Recurrent kept(Recurrent layer, boolean stateful) {
      return stateful ? layer.with(layer.options().keepingState()) : layer;
    }

    /** Sequences of different lengths, padded with zeros, and weights. */
    Dataset data(int size) {
      SplitMix64 random = new SplitMix64(8);
      int tokens = this == GRAPH ? 1 : 0;
      float[] x = new float[size * STEPS * (FEATURES + tokens)];
      int[] labels = new int[size * STEPS];
      float[] sizes = new float[size * STEPS * 2];
      float[] weights = new float[size * STEPS];
      for (int n = 0; n < size; n++) {
        int length = 1 + random.nextInt(STEPS);
        int at = n * STEPS * (FEATURES + tokens);
        for (int t = 0; t < STEPS; t++) {
          if (tokens == 1) {
            x[at + t] = t < length ? 1 + random.nextInt(TOKENS - 1) : 0;
          }
          for (int f = 0; f < FEATURES; f++) {
            float value = random.nextInt(1000) / 500f - 0.999f;
            int place = at + tokens * STEPS + t * FEATURES + f;
            x[place] = this == MASKED && t >= length ? 0 : value;
          }
          labels[n * STEPS + t] = random.nextInt(CLASSES);
          sizes[2 * (n * STEPS + t)] = random.nextInt(9) / 3f;
          weights[n * STEPS + t] = 0.25f + random.nextInt(4);
        }
      }
      Targets kinds = Targets.ofLabels(labels, size, CLASSES);
      return this == GRAPH
          ? Dataset.of(
              List.of(Shape.of(STEPS), Shape.of(STEPS, FEATURES)),
              x,
              List.of(kinds, Targets.of(sizes, size, 2 * STEPS)))
          : Dataset.of(List.of(Shape.of(STEPS, FEATURES)), x, List.of(kinds))
              .withSampleWeights(weights);
    }

    /** Returns some steps of some samples, cut by hand. */
    Dataset cut(Dataset data, int[] samples, int first, int steps) {
      List<Shape> inputs = new ArrayList<>();
      int each = data.floatFeatures().length / data.size();
      float[] x = new float[samples.length * each / STEPS * steps];
      int[] labels = new int[samples.length * steps];
      float[] sizes = new float[samples.length * steps * 2];
      float[] weights = new float[samples.length * steps];
      int at = 0;
      for (int n = 0; n < samples.length; n++) {
        int from = samples[n] * each;
        for (Shape input : data.inputs()) {
          int width = (int) input.elementCount() / STEPS;
          int begin = from + first * width;
          System.arraycopy(data.floatFeatures(), begin, x, at, steps * width);
          at += steps * width;
          from += STEPS * width;
        }
        for (int t = 0; t < steps; t++) {
          int step = first + t;
          labels[n * steps + t] = data.targets(0).label(samples[n], step);
          weights[n * steps + t] = data.targets(0).weight(samples[n], step);
          for (int i = 0; i < 2 && this == GRAPH; i++) {
            sizes[2 * (n * steps + t) + i] = data.targets(1).value(samples[n], 2 * step + i);
          }
        }
      }
      data.inputs().forEach(input -> inputs.add(input.withFirst(steps)));
      Targets kinds = Targets.ofLabels(labels, samples.length, CLASSES);
      return this == GRAPH
          ? Dataset.of(inputs, x, List.of(kinds, Targets.of(sizes, samples.length, 2 * steps)))
          : Dataset.of(inputs, x, List.of(kinds)).withSampleWeights(weights);
    }
  }

  private static FitOptions options() {
    return FitOptions.epochs(2).withBatchSize(BATCH).withSeed(5).withTruncatedBackprop(WINDOW);
  }

  /** Batches as they end: their losses, and on demand what it takes to go on from there. */
  private static final class Recorder implements Callback {
    private final List<Double> losses = new ArrayList<>();
    private final List<byte[]> checkpoints = new ArrayList<>();
    private final Map<String, Training> running = new HashMap<>();
    private final Runnable between;

    Recorder(Runnable between) {
      this.between = between;
    }

    @Override
    public void onTrainBegin(Training training) {
      running.put("it", training);
    }

    @Override
    public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
      losses.add(progress.batchLoss());
      TrainingState state = running.get("it").state();
      checkpoints.add(CheckpointFormat.bytes(new Checkpoint(Map.of(), state)));
      between.run();
    }
  }

  @ParameterizedTest
  @EnumSource
  void windowsAreSequencesCutByHand(Kind kind) {
    Dataset data = kind.data(2 * BATCH);
    List<Double> losses = new ArrayList<>();
    String digest;
    try (Model hand = kind.model(2, kind.graph(true))) {
      for (int epoch = 0; epoch < 2; epoch++) {
        int[] order = new DataOrder(data.size(), true, 5).ofEpoch(epoch);
        for (int from = 0; from < order.length; from += BATCH) {
          hand.resetStates();
          int[] samples = Arrays.copyOfRange(order, from, from + BATCH);
          for (int first = 0; first < STEPS; first += WINDOW) {
            Dataset window = kind.cut(data, samples, first, Math.min(WINDOW, STEPS - first));
            FitOptions once = FitOptions.epochs(1).withBatchSize(BATCH).withoutShuffle();
            losses.add(hand.fit(window, once).history().get("loss").getFirst());
          }
        }
      }
      digest = SmallRun.digest(hand);
    }
    Recorder recorder = new Recorder(() -> {});
    try (Model model = kind.model(3, kind.graph(false))) {
      model.fit(data, options(), recorder);
      assertThat(recorder.losses).isEqualTo(losses);
      assertThat(SmallRun.digest(model)).isEqualTo(digest);
      assertThat(model.parameters().iterations()).isEqualTo(2 * 2 * WINDOWS);
    }
  }

  /** A fit goes on from every window, also where a callback asks for whole answers in between. */
  @ParameterizedTest
  @EnumSource
  void runsGoOnFromEveryWindow(Kind kind) {
    Dataset data = kind.data(BATCH + 11);
    FitOptions options = options().withValidationSplit(0.1);
    String digest;
    try (Model model = kind.model(1, kind.graph(false))) {
      model.fit(data, options);
      digest = SmallRun.digest(model);
    }
    Model[] asked = new Model[1];
    Recorder recorder = new Recorder(() -> asked[0].evaluate(data, BATCH));
    try (Model model = kind.model(2, kind.graph(false))) {
      asked[0] = model;
      model.fit(data, options, recorder);
      assertThat(SmallRun.digest(model)).isEqualTo(digest);
    }
    assertThat(recorder.checkpoints).hasSize(2 * 2 * WINDOWS);
    for (byte[] checkpoint : recorder.checkpoints) {
      try (Model resumed = kind.model(2, kind.graph(false))) {
        resumed.resume(
            CheckpointFormat.read(checkpoint).state(), data, options, new Recorder(() -> {}));
        assertThat(SmallRun.digest(resumed)).isEqualTo(digest);
      }
    }
  }

  /** What is judged and answered in windows has the bits of whole sequences. */
  @ParameterizedTest
  @EnumSource
  void answersAreThoseOfWholeSequences(Kind kind) {
    Dataset data = kind.data(BATCH + 11);
    try (Model model = kind.model(2, kind.graph(false));
        Model whole = kind.model(1, kind.graph(false))) {
      FitOptions options = options().withEpochs(1).withValidationSplit(0.4);
      Map<String, List<Double>> history = model.fit(data, options).history();
      whole.setParameters(model.parameters());
      Dataset held = data.slice(options.trainingCount(data.size()), data.size());
      Map<String, Double> judged = whole.evaluate(held, BATCH).values();
      judged.forEach(
          (name, value) -> assertThat(history.get("val_" + name)).as(name).containsExactly(value));
      assertThat(model.evaluate(data, 7).values()).isEqualTo(whole.evaluate(data, 7).values());
      assertThat(model.predict(data, 100)).isEqualTo(whole.predict(data, 100));
    }
  }

  /** The last batch may be smaller, as elsewhere: its rows are the first places' of a batch. */
  @Test
  void theLastBatchMayBeSmaller() {
    Dataset data = Kind.LSTM.data(BATCH + 4);
    FitOptions options = options().withEpochs(1).withoutShuffle();
    try (Model model = Kind.LSTM.model(2, Kind.LSTM.graph(false));
        Model parts = Kind.LSTM.model(2, Kind.LSTM.graph(false))) {
      model.fit(data, options);
      parts.fit(data.slice(0, BATCH), options);
      parts.fit(data.slice(BATCH, BATCH + 4), options);
      assertThat(model.parameters().iterations()).isEqualTo(2 * WINDOWS);
      List<float[]> expected = parts.parameters().values(); // other shards, so other sums
      for (int p = 0; p < expected.size(); p++) {
        assertThat(model.parameters().values().get(p))
            .containsExactly(expected.get(p), Offset.offset(2e-6f));
      }
    }
  }

  /** One window of all steps is what a fit without windows does. */
  @ParameterizedTest
  @ValueSource(ints = {STEPS, STEPS + 7})
  void aWindowOfAllStepsIsNone(int window) {
    Dataset data = Kind.MASKED.data(BATCH + 4);
    FitOptions options = FitOptions.epochs(1).withBatchSize(BATCH);
    try (Model model = Kind.MASKED.model(2, Kind.MASKED.graph(false));
        Model whole = Kind.MASKED.model(2, Kind.MASKED.graph(false))) {
      whole.fit(data, options);
      model.fit(data, options.withTruncatedBackprop(window));
      assertThat(SmallRun.digest(model)).isEqualTo(SmallRun.digest(whole));
    }
  }

  /** States stay with stateful layers also where the next batch's sequences have another length. */
  @Test
  void statesOutliveAnotherNumberOfSteps() {
    Dataset data = Kind.LSTM.data(BATCH);
    int[] all = new int[BATCH];
    Arrays.setAll(all, i -> i);
    try (Model whole = Kind.LSTM.model(1, Kind.LSTM.graph(false));
        Model stateful = Kind.LSTM.model(1, Kind.LSTM.graph(true))) {
      float[] expected = whole.predict(data, BATCH);
      stateful.predict(Kind.LSTM.cut(data, all, 0, 7), BATCH);
      float[] end = stateful.predict(Kind.LSTM.cut(data, all, 7, 3), BATCH);
      for (int n = 0; n < BATCH; n++) {
        int at = (n * STEPS + 7) * CLASSES;
        assertThat(Arrays.copyOfRange(end, n * 3 * CLASSES, (n + 1) * 3 * CLASSES))
            .isEqualTo(Arrays.copyOfRange(expected, at, at + 3 * CLASSES));
      }
    }
  }

  private static Model layers(int steps, Layer... layers) {
    return Model.sequential(Shape.of(steps, FEATURES), layers)
        .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
  }

  /** However long the sequences, and told before anything is taken. */
  @Test
  void memoryIsThatOfAWindow() {
    CpuBackend backend = new CpuBackend();
    PlanOptions windows = new PlanOptions(BATCH, 2, 0, 130);
    Layer[] layers = {Lstm.of(9).returningSequences(), Dense.of(2)};
    try (Model few = layers(1300, layers);
        Model many = layers(13_000_000, layers);
        Model rest = layers(1301 + 140, layers)) {
      long bytes = backend.planBytes(few.spec(), windows);
      assertThat(backend.planBytes(many.spec(), windows)).isEqualTo(bytes);
      few.withThreads(2).prepare(BATCH, 130);
      assertThat(few.bytes()).isEqualTo(bytes);
      few.prepare(BATCH);
      assertThat(few.bytes()).isGreaterThan(5 * bytes);
      rest.withThreads(2).prepare(BATCH, 130);
      assertThat(rest.bytes()).isEqualTo(backend.planBytes(rest.spec(), windows));
      assertThat(rest.bytes()).isBetween(bytes + 1, 2 * bytes);
      assertThatThrownBy(() -> many.prepare(BATCH)).isInstanceOf(InsufficientMemoryException.class);
    }
  }

  @Test
  void aWindowMayBeOneStepAndSoMayAConvolutions() {
    Dataset data = Dataset.of(Shape.of(6, FEATURES), new float[24 * FEATURES], new float[48], 12);
    try (Model model = layers(6, Lstm.of(3).returningSequences(), Conv1D.of(2, 1))) {
      model.fit(data, FitOptions.epochs(1).withBatchSize(2).withTruncatedBackprop(1));
      assertThat(model.parameters().iterations()).isEqualTo(2 * 6);
    }
  }

  private static void refuses(String message, Model model) {
    int steps = model.spec().input().size(0);
    float[] x = new float[4 * (int) model.spec().input().elementCount()];
    int width = (int) model.spec().output().elementCount();
    Dataset data = Dataset.of(model.spec().input(), x, new float[4 * width], width);
    Parameters before = model.parameters();
    assertThatThrownBy(
            () -> model.fit(data, FitOptions.epochs(1).withBatchSize(4).withTruncatedBackprop(2)))
        .as("%d steps", steps)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("truncated backprop: " + message);
    assertThat(model.parameters().values().getFirst()).isEqualTo(before.values().getFirst());
    model.close();
  }

  @Test
  void whatHasNoAnswerFromTheStepsSoFarIsRefused() {
    Lstm sequences = Lstm.of(3).returningSequences();
    refuses(
        "a window is judged by the answers to its steps, and the model gives [2] for a sequence of"
            + " 6; have all recurrent layers return sequences, with a target for each step",
        layers(6, sequences, Lstm.of(2)));
    refuses(
        "layer 0 (bidirectional) reads the sequence from its end as well",
        layers(6, Bidirectional.of(sequences), Dense.of(2)));
    refuses(
        "layer 0 (conv_lstm1d) takes a sequence or a picture at each step",
        Model.sequential(
                Shape.of(6, 5, FEATURES),
                ConvLstm.of(2, SlidingWindow.of(2)).returningSequences(),
                new TimeDistributed(new Flatten()))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR));
    refuses(
        "layer 1 (conv1d) reads steps of the window before, which are not kept; train whole"
            + " sequences",
        layers(6, sequences, Conv1D.of(2, 3).withPadding(Padding.CAUSAL)));
    refuses(
        "layer 1 (activity_regularization) adds a penalty of whole sequences to the loss; train on"
            + " whole sequences",
        layers(6, sequences, ActivityRegularization.l1(0.1)));
    refuses(
        "layer 0 (lstm) begins with the last step (go_backwards)",
        layers(6, sequences.goingBackwards()));
    refuses(
        "a sequence begins with states of zero, and the model's layers keep theirs (stateful);"
            + " leave out keepingState",
        Model.sequential(Graph.Input.ofBatches(4, Shape.of(6, FEATURES)), sequences.keepingState())
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR));
    refuses(
        "layer 0 (lstm) is called 2 times, and states are kept of one call",
        Model.graph(
                g -> {
                  var shared = g.share(Lstm.of(3).returningSequences());
                  g.output(shared.apply(shared.apply(g.input("x", Shape.of(6, 3)))));
                })
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR));
    refuses(
        "layer 1 (attention) needs all steps at once",
        Model.graph(
                g -> {
                  var states = g.apply(sequences, g.input("x", Shape.of(6, 3)));
                  g.output(g.apply(Attention.create(), states, states));
                })
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR));
    refuses(
        "the model's input must be [steps, features], found [6]",
        Model.sequential(Shape.of(6), Dense.of(2))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR));
    assertThatThrownBy(() -> options().withTruncatedBackprop(0))
        .hasMessage("fit: truncatedBackprop must be at least 1 step, found 0");
  }
}
