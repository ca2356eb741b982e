package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Constant;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Masks, convolutions and graphs step by step leave the bits of the whole sequence. */
@Timeout(120)
class StreamedGraphTest {
  private static final int STEPS = 23;
  private static final int FEATURES = 5;

  private static Model model(Consumer<GraphBuilder> wiring) {
    return Model.graph(wiring)
        .withSeed(5)
        .withThreads(1)
        .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
  }

  private static Value x(GraphBuilder g) {
    return g.input("x", Shape.of(STEPS, FEATURES));
  }

  /** Returns steps of which some are masked: the first, the last, runs between, or all. */
  private static float[] padded(int kind) {
    SplitMix64 random = new SplitMix64(kind);
    float[] values = new float[STEPS * FEATURES];
    for (int t = 0; t < STEPS; t++) {
      boolean masked =
          switch (kind % 6) {
            case 1 -> t < 4;
            case 2 -> t > 17;
            case 3 -> t > 5 && t < 9 || t == 20;
            case 4 -> t % 2 == 0;
            case 5 -> true;
            default -> false;
          };
      for (int f = 0; f < FEATURES; f++) {
        float value = (random.nextInt(2001) - 1000) / 500f;
        values[t * FEATURES + f] = masked ? 0 : value;
      }
    }
    return values;
  }

  /** Holds each step's answer against the whole sequence's, of each padding. */
  private static void requireSameBits(Consumer<GraphBuilder> wiring) {
    try (Model model = model(wiring);
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      int answers = stream.outputSize();
      for (int kind = 0; kind < 12; kind++) {
        float[] inputs = padded(kind);
        float[] whole = new float[STEPS * answers];
        predictor.predict(inputs, whole);
        float[] found = new float[whole.length];
        float[] answer = new float[answers];
        stream.reset();
        for (int t = 0; t < STEPS; t++) {
          stream.step(Arrays.copyOfRange(inputs, t * FEATURES, (t + 1) * FEATURES), answer);
          System.arraycopy(answer, 0, found, t * answers, answers);
        }
        assertThat(found).as("padding " + kind).isEqualTo(whole);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMaskedStepLeavesTheStateAndRepeatsTheOutput(RecurrentKind kind) {
    for (RecurrentOptions options :
        List.of(RecurrentOptions.DEFAULTS, RecurrentOptions.DEFAULTS.withZeroOutputForMask(true))) {
      Recurrent layer = kind.of(9, Activation.TANH, options.returningSequences());
      requireSameBits(
          g -> {
            Value h = g.apply(layer, g.apply(Masking.ofZeros(), x(g)));
            g.output(g.apply(Dense.of(3), g.apply(Gru.of(6).returningSequences(), h)));
          });
    }
  }

  @Test
  void aMaskedStepIsALastStepLikeOthers() {
    for (boolean zero : new boolean[] {false, true}) {
      Lstm lstm = Lstm.of(7);
      Recurrent last = lstm.with(lstm.options().withZeroOutputForMask(zero));
      try (Model model =
              model(
                  g ->
                      g.output(
                          g.apply(Dense.of(2), g.apply(last, g.apply(Masking.ofZeros(), x(g))))));
          Predictor predictor = model.predictor();
          Stream stream = predictor.stream()) {
        for (int kind = 0; kind < 6; kind++) {
          float[] inputs = padded(kind);
          float[] whole = new float[2];
          float[] answer = new float[2];
          predictor.predict(inputs, whole);
          stream.reset();
          for (int t = 0; t < STEPS; t++) {
            stream.step(Arrays.copyOfRange(inputs, t * FEATURES, (t + 1) * FEATURES), answer);
          }
          assertThat(answer).isEqualTo(whole);
        }
      }
    }
  }

  @Test
  void theIdZeroIsAMaskedStep() {
    try (Model model =
            model(
                g -> {
                  Value e =
                      g.apply(Embedding.of(9, 4).maskingZero(), g.input("x", Shape.of(STEPS)));
                  g.output(g.apply(Lstm.of(5).returningSequences(), e));
                });
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      float[] ids = new float[STEPS];
      for (int t = 0; t < STEPS; t++) {
        ids[t] = t < 3 || t % 4 == 1 ? 0 : t % 9;
      }
      float[] whole = new float[STEPS * 5];
      predictor.predict(ids, whole);
      float[] answer = new float[5];
      for (int t = 0; t < STEPS; t++) {
        stream.step(new float[] {ids[t]}, answer);
        assertThat(answer).isEqualTo(Arrays.copyOfRange(whole, t * 5, t * 5 + 5));
      }
      assertThat(Arrays.copyOf(whole, 15)).containsOnly(0);
    }
  }

  private static Conv1D causal(int size, int dilation) {
    return Conv1D.of(6, size).withPadding(Padding.CAUSAL).withDilationRate(dilation);
  }

  static List<Consumer<GraphBuilder>> graphs() {
    return List.of(
        g -> {
          Value x = x(g);
          Value h = g.apply(Lstm.of(FEATURES).returningSequences(), x);
          Value sum = g.apply(LayerNormalization.withDefaults(), g.apply(Pointwise.ADD, x, h));
          Value again = g.apply(Gru.of(FEATURES).returningSequences(), sum);
          Value all = g.apply(Concatenate.FEATURES, sum, again, x);
          g.output(g.apply(new TimeDistributed(Dense.of(3)), all));
        },
        g -> { // two ways through one mask, which meet
          Value x = g.apply(Masking.ofZeros(), x(g));
          Value a = g.apply(SimpleRnn.of(4).returningSequences(), x);
          Value b = g.apply(Lstm.of(4).returningSequences(), x);
          Value c = g.apply(Pointwise.MULTIPLY, a, b);
          g.output(g.apply(Gru.of(3).returningSequences(), g.apply(Pointwise.MAXIMUM, c, a)));
        },
        g -> { // one masked, one not; and a mask that is told
          Value x = x(g);
          Value mask = g.apply(Masking.ofZeros(), x);
          Value h = g.share(Gru.of(5).returningSequences()).applyUnder(List.of(mask), x).getFirst();
          Value y = g.apply(Pointwise.MULTIPLY, h, g.apply(Dense.of(5), mask));
          g.output(g.apply(Dense.of(3), g.apply(Concatenate.FEATURES, y, x)));
        },
        g -> { // a temporal convolutional network, with a residual
          Value x = x(g);
          Value a = g.apply(causal(3, 1).withActivation(Activation.RELU), x);
          Value b = g.apply(causal(2, 4).withActivation(Activation.TANH), a);
          Value c = g.apply(causal(3, 9).withoutBias(), g.apply(Pointwise.ADD, a, b));
          Value d = g.apply(Conv1D.of(3, 1), g.apply(Pointwise.ADD, b, c));
          Value e = g.apply(causal(1, 1).withActivation(Activation.SOFTMAX), d);
          g.output(g.apply(Concatenate.FEATURES, e, d));
        },
        g -> { // a layer in two places has a state in each
          GraphBuilder.Shared gru = g.share(Gru.of(FEATURES).returningSequences());
          Value x = x(g);
          Value once = gru.apply(x);
          Value parts =
              g.apply(
                  new GetItem(List.of(GetItem.Slice.ALL, new GetItem.Slice(1, 4, null))),
                  gru.apply(once));
          g.output(g.apply(Pointwise.SUBTRACT, parts, g.apply(Dense.of(3), once)));
        });
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void everyStepOfAGraphHasTheBitsOfTheWholeSequence(Consumer<GraphBuilder> wiring) {
    requireSameBits(wiring);
  }

  /** What several inputs have at a step, and several outputs, lies one after the other. */
  @Test
  void severalInputsAndOutputsTakeAStepTogether() {
    try (Model model =
            model(
                g -> {
                  Value ids = g.input("ids", Shape.of(STEPS));
                  Value f = g.input("f", Shape.of(STEPS, 2));
                  Value e = g.apply(Embedding.of(7, 3).maskingZero(), ids);
                  Value h =
                      g.apply(Lstm.of(4).returningSequences(), g.apply(Concatenate.FEATURES, e, f));
                  Value last = g.apply(GetItem.ofStep(-1), h);
                  g.output(g.apply(Dense.of(2), last), g.apply(Gru.of(3), e));
                });
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      assertThat(stream.inputSize()).isEqualTo(3);
      assertThat(stream.outputSize()).isEqualTo(5);
      float[] sample = new float[STEPS * 3];
      float[] answer = new float[5];
      for (int t = 0; t < STEPS; t++) {
        sample[t] = t % 5 == 2 ? 0 : t % 7;
        sample[STEPS + 2 * t] = 0.1f * t;
        sample[STEPS + 2 * t + 1] = 1 - 0.2f * t;
        stream.step(
            new float[] {sample[t], sample[STEPS + 2 * t], sample[STEPS + 2 * t + 1]}, answer);
      }
      float[] whole = new float[5];
      predictor.predict(sample, whole);
      assertThat(answer).isEqualTo(whole);
    }
  }

  @Test
  void aConvolutionsStateGoesOnElsewhere() {
    try (Model model = model(graphs().get(3));
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream();
        Stream second = predictor.stream()) {
      float[] inputs = padded(0);
      float[] whole = new float[STEPS * 9];
      predictor.predict(inputs, whole);
      float[] answer = new float[9];
      for (int t = 0; t < 13; t++) {
        stream.step(Arrays.copyOfRange(inputs, t * FEATURES, (t + 1) * FEATURES), answer);
        second.step(new float[FEATURES], new float[9]);
      }
      float[] state = new float[stream.stateSize()];
      stream.state(state);
      second.restore(state);
      try (Stream fork = second.fork()) {
        for (int t = 13; t < STEPS; t++) {
          float[] step = Arrays.copyOfRange(inputs, t * FEATURES, (t + 1) * FEATURES);
          fork.step(step, answer);
          assertThat(answer).isEqualTo(Arrays.copyOfRange(whole, t * 9, (t + 1) * 9));
        }
      }
      Arrays.fill(state, -1);
      second.restore(state);
      assertThatThrownBy(() -> second.step(new float[FEATURES], answer))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the state that was restored is none that a stream of this model");
    }
  }

  @Test
  void aStepAllocatesNothing() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[] in = {1, 2, 3, 4, 5};
    float[] masked = new float[FEATURES];
    float[] out = new float[3];
    try (Model model =
            model(
                g -> {
                  Value x = g.apply(Masking.ofZeros(), x(g));
                  Value h = g.apply(Lstm.of(6).returningSequences(), x);
                  Value y = g.apply(Pointwise.MULTIPLY, h, g.apply(Dense.of(6), x));
                  g.output(g.apply(Conv1D.of(3, 3).withPadding(Padding.CAUSAL), y));
                });
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      long least = Long.MAX_VALUE;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (least > 0 && System.nanoTime() < end) { // until the JIT has done its work
        long before = bean.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 2000; i++) {
          stream.step(i % 3 == 0 ? masked : in, out);
        }
        least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).isZero();
    }
  }

  static java.util.stream.Stream<Arguments> lookingAhead() {
    return java.util.stream.Stream.of(
        refused(
            "\\(attention\\) needs all steps",
            g -> {
              Value x = x(g);
              g.output(g.apply(Attention.create(), x, g.apply(Dense.of(FEATURES), x)));
            }),
        refused(
            "\\(dot\\) needs all steps",
            g -> {
              Value x = x(g);
              g.output(g.apply(Dot.of(2), x, g.apply(Dense.of(FEATURES), x)));
            }),
        refused(
            "\\(add\\) has numbers of its own for each step",
            g -> {
              Value x = x(g);
              Constant table = Constant.of(x.shape(), new float[(int) x.shape().elementCount()]);
              g.output(g.apply(new ArrayArithmetic(Arithmetic.Operator.ADD, table, false), x));
            }),
        refused(
            "\\(concatenate\\) puts steps behind one another",
            g -> {
              Value x = x(g);
              g.output(
                  g.apply(
                      Gru.of(2), g.apply(new Concatenate(1), x, g.apply(Dense.of(FEATURES), x))));
            }),
        refused(
            "\\(add\\) has the same for all steps",
            g -> {
              Value x = x(g);
              g.output(
                  g.apply(Gru.of(2), g.apply(Pointwise.ADD, x, g.apply(Lstm.of(FEATURES), x))));
            }),
        refused(
            "\\(gru\\) begins with states of others",
            g -> {
              Value x = x(g);
              g.output(g.apply(Gru.of(2), x, g.apply(Gru.of(2), x)));
            }),
        refused(
            "\\(global_max_pooling1d\\) needs all steps",
            g -> g.output(g.apply(Dense.of(2), g.apply(new GlobalMaxPooling1D(false), x(g))))),
        refused(
            "\\(layer_normalization\\) needs all steps",
            g -> g.output(g.apply(LayerNormalization.withDefaults().withAxes(1, 2), x(g)))),
        refused(
            "\\(group_normalization\\) needs all steps",
            g -> g.output(g.apply(GroupNormalization.of(1), x(g)))),
        refused(
            "\\(unit_normalization\\) needs all steps",
            g -> g.output(g.apply(new UnitNormalization(List.of(1)), x(g)))),
        refused(
            "\\(batch_normalization\\) has means of its own for each step",
            g -> g.output(g.apply(BatchNormalization.withDefaults().withAxis(1), x(g)))),
        refused(
            "\\(conv1d\\) reads several steps at once",
            g -> g.output(g.apply(Conv1D.of(2, 2), x(g)))),
        refused(
            "\\(conv1d\\) reads several steps at once",
            g ->
                g.output(
                    g.apply(Conv1D.of(2, 3).withPadding(Padding.CAUSAL).withStrides(2), x(g)))),
        refused(
            "\\(get_item\\) leaves steps out",
            g ->
                g.output(
                    g.apply(
                        Gru.of(2),
                        g.apply(new GetItem(List.of(new GetItem.Slice(1, null, null))), x(g))))));
  }

  private static Arguments refused(String message, Consumer<GraphBuilder> wiring) {
    return Arguments.of(message, wiring);
  }

  @ParameterizedTest
  @MethodSource("lookingAhead")
  void whatNeedsMoreThanTheStepsSoFarIsRefusedByName(
      String message, Consumer<GraphBuilder> wiring) {
    try (Model model = model(wiring);
        Predictor predictor = model.predictor()) {
      assertThatThrownBy(predictor::stream)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageMatching("stream: layer \\d+ " + message + ".*");
    }
  }

  @Test
  void inputsOfDifferentLengthsAreRefused() {
    try (Model model =
            model(
                g -> {
                  Value a = g.apply(Gru.of(2), x(g));
                  Value b = g.apply(Gru.of(2), g.input("y", Shape.of(3, 2)));
                  g.output(g.apply(Pointwise.ADD, a, b));
                });
        Predictor predictor = model.predictor()) {
      assertThatThrownBy(predictor::stream)
          .hasMessage(
              "stream: the model's inputs must have as many steps as each other, found [[23, 5],"
                  + " [3, 2]]");
    }
  }
}
