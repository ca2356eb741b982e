package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.MemoryLedger;
import dev.lanewise.engine.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A sequence that goes through step by step leaves the bits of the whole. */
@Timeout(120)
class StreamTest {
  private static final int STEPS = 40;
  private static final int FEATURES = 5;
  private static final int ANSWERS = 3;

  private long liveBytes;

  @BeforeEach
  void count() {
    liveBytes = MemoryLedger.liveBytes();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(MemoryLedger.liveBytes()).isEqualTo(liveBytes);
  }

  private static Model model(int steps, Layer... layers) {
    return Model.sequential(Shape.of(steps, FEATURES), layers)
        .withSeed(3)
        .withThreads(1)
        .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
  }

  private static Model sequences(RecurrentKind kind) {
    RecurrentOptions options = RecurrentOptions.DEFAULTS.returningSequences();
    return model(
        STEPS,
        kind.of(17, Activation.TANH, options),
        Dense.of(9, Activation.RELU),
        kind.of(20, Activation.SOFTSIGN, options.withoutBias()),
        Dense.of(ANSWERS, Activation.SOFTMAX));
  }

  private static float[] sequence(int seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] values = new float[STEPS * FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(2001) / 1000f - 1;
    }
    return values;
  }

  private static float[] step(float[] sequence, int t) {
    return Arrays.copyOfRange(sequence, t * FEATURES, (t + 1) * FEATURES);
  }

  /** Returns the answers after steps [from, to). */
  private static float[] run(Stream stream, float[] sequence, int from, int to) {
    float[] all = new float[(to - from) * ANSWERS];
    float[] answer = new float[ANSWERS];
    for (int t = from; t < to; t++) {
      stream.step(step(sequence, t), answer);
      System.arraycopy(answer, 0, all, (t - from) * ANSWERS, ANSWERS);
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void everyStepHasTheBitsOfTheWholeSequence(RecurrentKind kind) {
    float[] sequence = sequence(8);
    float[] whole = new float[STEPS * ANSWERS];
    try (Model model = sequences(kind);
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      predictor.predict(sequence, whole);
      assertThat(run(stream, sequence, 0, STEPS)).isEqualTo(whole);
      stream.reset();
      assertThat(run(stream, sequence, 0, STEPS)).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereTheLastStateIsAskedForEachStepAnswersAsIfItWereTheLast(RecurrentKind kind) {
    float[] sequence = sequence(9);
    for (int steps : new int[] {1, 2, STEPS}) {
      try (Model model = model(steps, kind.last(12), Dense.of(ANSWERS));
          Predictor predictor = model.predictor();
          Stream stream = predictor.stream()) {
        float[] whole = new float[ANSWERS];
        predictor.predict(Arrays.copyOf(sequence, steps * FEATURES), whole);
        float[] last = run(stream, sequence, 0, steps);
        assertThat(Arrays.copyOfRange(last, last.length - ANSWERS, last.length)).isEqualTo(whole);
      }
    }
  }

  @Test
  void aTokenIsAStep() {
    try (Model model =
            Model.sequential(
                    Shape.of(6),
                    Embedding.of(11, 4),
                    BatchNormalization.withDefaults(),
                    Gru.of(5),
                    Dense.of(ANSWERS))
                .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      float[] whole = new float[ANSWERS];
      float[] last = new float[ANSWERS];
      float[] ids = {3, 10, 0, 7, 7, 1};
      predictor.predict(ids, whole);
      for (float id : ids) {
        stream.step(new float[] {id}, last);
      }
      assertThat(last).isEqualTo(whole);
      assertThatThrownBy(() -> stream.step(new float[] {11}, last))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be a whole number from 0 to 10");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStateGoesOnInAnotherStreamAndAForkGoesItsOwnWay(RecurrentKind kind) {
    float[] sequence = sequence(10);
    float[] other = sequence(11);
    try (Model model = sequences(kind);
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream();
        Stream second = predictor.stream()) {
      float[] start = run(stream, sequence, 0, 7);
      float[] state = new float[stream.stateSize()];
      stream.state(state);
      try (Stream fork = stream.fork()) {
        float[] rest = run(stream, sequence, 7, STEPS);
        assertThat(run(fork, sequence, 7, 12)).isEqualTo(Arrays.copyOf(rest, 5 * ANSWERS));
        assertThat(run(fork, other, 12, STEPS))
            .isNotEqualTo(Arrays.copyOfRange(rest, 5 * ANSWERS, rest.length));
        run(second, other, 0, 3);
        second.restore(state);
        assertThat(run(second, sequence, 7, STEPS)).isEqualTo(rest);
      }
      second.restore(new float[state.length]); // the state before the first step
      assertThat(run(second, sequence, 0, 7)).isEqualTo(start);
    }
  }

  @Test
  void aStateIsEachLayersHAndBehindItAnLstmsC() {
    try (Model model = model(STEPS, Lstm.of(6), Dense.of(ANSWERS));
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      assertThat(stream.inputSize()).isEqualTo(FEATURES);
      assertThat(stream.outputSize()).isEqualTo(ANSWERS);
      assertThat(stream.stateSize()).isEqualTo(12);
      run(stream, sequence(1), 0, 1);
      float[] state = new float[12];
      stream.state(state);
      for (int i = 0; i < 6; i++) { // h = o tanh(c): of c's sign, and smaller
        assertThat(state[i] * state[6 + i]).isPositive();
        assertThat(Math.abs(state[i])).isLessThan(Math.abs(state[6 + i]));
      }
    }
  }

  @Test
  void streamsOfOnePredictorOnManyThreadsDoNotMeet() throws Exception {
    try (Model model = sequences(RecurrentKind.LSTM);
        Predictor predictor = model.predictor();
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<float[]>> answers =
          java.util.stream.IntStream.range(0, 24)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            try (Stream stream = predictor.stream()) {
                              return run(stream, sequence(i % 3), 0, STEPS);
                            }
                          }))
              .toList();
      for (int i = 0; i < answers.size(); i++) {
        float[] whole = new float[STEPS * ANSWERS];
        predictor.predict(sequence(i % 3), whole);
        assertThat(answers.get(i).get()).isEqualTo(whole);
      }
    }
  }

  @Test
  void aStepAllocatesNothing() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[] in = step(sequence(1), 0);
    float[] out = new float[ANSWERS];
    try (Model model = sequences(RecurrentKind.GRU);
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      long least = Long.MAX_VALUE;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (least > 0 && System.nanoTime() < end) { // until the JIT has done its work
        long before = bean.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 2000; i++) {
          stream.step(in, out);
        }
        least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).isZero();
    }
  }

  static List<Model> lookingAhead() {
    return List.of(
        model(STEPS, Bidirectional.of(SimpleRnn.of(4)), Dense.of(ANSWERS)),
        model(STEPS, SimpleRnn.of(4).goingBackwards(), Dense.of(ANSWERS)),
        model(STEPS, new Flatten(), Dense.of(ANSWERS)),
        model(STEPS, SimpleRnn.of(4), new RepeatVector(2), SimpleRnn.of(ANSWERS)));
  }

  @ParameterizedTest
  @MethodSource("lookingAhead")
  void whatNeedsMoreThanTheStepsSoFarIsRefusedByName(Model owned) {
    try (Model model = owned;
        Predictor predictor = model.predictor()) {
      assertThatThrownBy(predictor::stream)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageMatching(
              "stream: layer [01] \\((bidirectional|simple_rnn|flatten|repeat_vector)\\) .+");
    }
  }

  @Test
  void aModelWithoutStepsIsRefused() {
    try (Model model =
            Model.sequential(Shape.of(4), Dense.of(2))
                .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
        Predictor predictor = model.predictor()) {
      assertThatThrownBy(predictor::stream)
          .hasMessage("stream: the model's input must be [steps, features], found [4]");
    }
  }

  @Test
  void arraysOfAnotherLengthAreRefusedAndChangeNothing() {
    float[] sequence = sequence(2);
    try (Model model = sequences(RecurrentKind.GRU);
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      float[] answer = new float[ANSWERS];
      assertThatThrownBy(() -> stream.step(new float[FEATURES + 1], answer))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("stream: the inputs of a step must be 5 values, found 6");
      assertThatThrownBy(() -> stream.step(new float[FEATURES], new float[2]))
          .hasMessage("stream: the outputs of a step must be 3 values, found 2");
      assertThatThrownBy(() -> stream.restore(new float[3]))
          .hasMessage("stream: the state must be 37 values, found 3");
      float[] whole = new float[STEPS * ANSWERS];
      predictor.predict(sequence, whole);
      assertThat(run(stream, sequence, 0, STEPS)).isEqualTo(whole);
    }
  }

  @Test
  @SuppressWarnings("try") // closing early is what is tested
  void aPredictorStaysAsLongAsAStreamIsOpen() {
    try (Model model = sequences(RecurrentKind.SIMPLE_RNN);
        Predictor predictor = model.predictor()) {
      long without = predictor.bytes();
      Stream stream = predictor.stream();
      assertThat(predictor.bytes()).isGreaterThan(without);
      assertThatThrownBy(predictor::close)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "arena streams of [40, 5] -> [40, 3] is in use by an open stream; close it first");
      run(stream, sequence(1), 0, 3);
      stream.close();
      stream.close();
      assertThatThrownBy(() -> run(stream, sequence(1), 0, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("stream is closed");
      assertThatThrownBy(stream::fork).isInstanceOf(IllegalStateException.class);
      predictor.close();
      assertThatThrownBy(predictor::stream).isInstanceOf(IllegalStateException.class);
    }
  }
}
