package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** In graphs too shards meet, layers stay as they are, and inputs name tokens. */
class MergedGraphTest {
  private static final int SAMPLES = 60;

  /** Two ways to the same bits: v + v, which branches, and 2 v, which does not. */
  private static Value sum(GraphBuilder g, Value v) {
    return g.apply(Pointwise.ADD, v, v);
  }

  private static Value twice(GraphBuilder g, Value v) {
    return g.apply(new Rescaling(2, 0), v);
  }

  private static void wire(
      GraphBuilder g, List<Layer> layers, BiFunction<GraphBuilder, Value, Value> between) {
    Value v = g.input("x", Shape.of(5, 3));
    for (Layer layer : layers) {
      v = between.apply(g, g.apply(layer, v));
    }
    g.output(g.apply(Dense.of(4, Activation.SOFTMAX), v));
  }

  private static Dataset data() {
    SplitMix64 random = new SplitMix64(5);
    float[] x = new float[SAMPLES * 15];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(256) / 128f - 1;
    }
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(4);
    }
    return Dataset.of(Shape.of(5, 3), x, labels, 4);
  }

  private static List<float[]> trained(Consumer<GraphBuilder> wiring, Dataset data, int threads) {
    try (Model model =
        Model.graph(wiring)
            .withSeed(3)
            .withThreads(threads)
            .compile(Adam.of(0.01), Loss.SPARSE_CATEGORICAL_CROSSENTROPY)) {
      model.fit(data, FitOptions.epochs(2).withBatchSize(26).withSeed(4));
      return model.parameters().values();
    }
  }

  private static void theSame(List<Layer> layers) {
    List<float[]> expected = trained(g -> wire(g, layers, MergedGraphTest::twice), data(), 2);
    for (int threads = 1; threads <= 3; threads++) {
      List<float[]> found = trained(g -> wire(g, layers, MergedGraphTest::sum), data(), threads);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i)).as("parameter %d", i).containsExactly(expected.get(i));
      }
    }
  }

  @Test
  void shardsMeetWhereValuesBranch() {
    theSame(
        List.of(
            SimpleRnn.of(7).returningSequences(),
            BatchNormalization.withDefaults(),
            Dense.of(6, Activation.TANH),
            BatchNormalization.withDefaults(),
            SimpleRnn.of(5)));
  }

  @Test
  void gradientsPassThroughWhatIsFrozen() {
    theSame(
        List.of(
            Dense.of(7, Activation.TANH).frozen(),
            SimpleRnn.of(6).returningSequences().frozen(),
            Dense.of(5, Activation.TANH),
            BatchNormalization.withDefaults().frozen(),
            SimpleRnn.of(5).frozen()));
  }

  private static void withTokens(GraphBuilder g) {
    Value numbers = g.input("numbers", Shape.of(2));
    Value words = g.input("words", Shape.of(3));
    Value read = g.apply(SimpleRnn.of(4), g.apply(Embedding.of(9, 5), words));
    g.output(
        g.apply(Dense.of(2, Activation.SOFTMAX), g.apply(Concatenate.FEATURES, numbers, read)));
  }

  @Test
  void tokensAreOneInputOfSeveral() {
    SplitMix64 random = new SplitMix64(7);
    float[] x = new float[SAMPLES * 5];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 5 < 2 ? -random.nextInt(256) / 200f : random.nextInt(8);
    }
    Dataset data =
        Dataset.of(List.of(Shape.of(2), Shape.of(3)), x, new int[SAMPLES], 2); // all of class 0
    List<float[]> one = trained(MergedGraphTest::withTokens, data, 1);
    List<float[]> two = trained(MergedGraphTest::withTokens, data, 2);
    for (int i = 0; i < one.size(); i++) {
      assertThat(two.get(i)).containsExactly(one.get(i));
    }
    x[7 * 5 + 3] = 9;
    assertThatThrownBy(() -> trained(MergedGraphTest::withTokens, data, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "data: sample 7, input words, step 1: the id of a token must be a whole number from 0"
                + " to 8, the Embedding's input_dim being 9, found 9");
  }

  /** What one table learns of two inputs is what two tables would that begin alike. */
  @Test
  void aTableLearnsOfAllItsCalls() {
    float[] x = new float[SAMPLES * 8];
    for (int i = 0; i < x.length; i++) {
      x[i] = i * 7 % 31 % 9;
    }
    Dataset data = Dataset.of(List.of(Shape.of(3), Shape.of(5)), x, new int[SAMPLES], 3);
    float[] start = new float[9 * 4];
    for (int i = 0; i < start.length; i++) {
      start[i] = i * 11 % 17 / 8f - 1;
    }
    List<float[]> shared =
        step(
            g -> {
              var table = g.share(Embedding.of(9, 4));
              last(
                  g,
                  table.apply(g.input("a", Shape.of(3))),
                  table.apply(g.input("b", Shape.of(5))));
            },
            data,
            1,
            start);
    List<float[]> own =
        step(
            g ->
                last(
                    g,
                    g.apply(Embedding.of(9, 4), g.input("a", Shape.of(3))),
                    g.apply(Embedding.of(9, 4), g.input("b", Shape.of(5)))),
            data,
            2,
            start);
    for (int i = 0; i < start.length; i++) {
      float both = own.get(0)[i] + own.get(1)[i] - start[i];
      assertThat(shared.getFirst()[i]).isCloseTo(both, within(1e-6f));
    }
    assertThat(shared.getFirst()).isNotEqualTo(start);
    assertThat(own.get(0)).isNotEqualTo(own.get(1));
  }

  private static void last(GraphBuilder g, Value a, Value b) {
    Value both = g.apply(new Concatenate(1), a, b);
    g.output(g.apply(Dense.of(3, Activation.SOFTMAX), g.apply(new Flatten(), both)));
  }

  private static List<float[]> step(
      Consumer<GraphBuilder> wiring, Dataset data, int tables, float[] start) {
    try (Model model =
        Model.graph(wiring).compile(Sgd.of(0.1), Loss.SPARSE_CATEGORICAL_CROSSENTROPY)) {
      List<float[]> values = new ArrayList<>();
      for (ParameterSpec parameter : model.spec().parameters()) {
        float[] value = new float[Math.toIntExact(parameter.shape().elementCount())];
        for (int i = 0; i < value.length; i++) {
          value[i] = values.size() < tables ? start[i] : (i * 5 % 13 - 6) / 16f;
        }
        values.add(value);
      }
      model.setParameters(Parameters.initial(values));
      model.fit(data, FitOptions.epochs(1).withBatchSize(SAMPLES));
      return model.parameters().values();
    }
  }

  /** Twice the same input: gradients are those of twice its output, statistics move twice. */
  @Test
  void aNormalizationIsOfEachCall() {
    List<float[]> once = normalized(g -> bn(g, 1));
    List<float[]> both = normalized(g -> bn(g, 2));
    for (int i = 0; i < once.size(); i++) {
      float[] expected = once.get(i).clone();
      for (int k = 0; k < expected.length; k++) { // of rates 0.99 and 0.01, from 0 and from 1
        expected[k] =
            i == 4 ? 1.99f * expected[k] : i == 5 ? 1.99f * expected[k] - 0.99f : expected[k];
      }
      assertThat(both.get(i)).as("parameter %d", i).containsExactly(expected, within(2e-6f));
    }
  }

  private static void bn(GraphBuilder g, int calls) {
    Value v = g.apply(Dense.of(6, Activation.TANH), g.input("x", Shape.of(5, 3)));
    var layer = g.share(BatchNormalization.withDefaults());
    Value y =
        calls == 1
            ? g.apply(new Rescaling(2, 0), layer.apply(v))
            : g.apply(Pointwise.ADD, layer.apply(v), layer.apply(v));
    g.output(g.apply(Dense.of(4, Activation.SOFTMAX), g.apply(SimpleRnn.of(5), y)));
  }

  private static List<float[]> normalized(Consumer<GraphBuilder> wiring) {
    try (Model model =
        Model.graph(wiring)
            .withSeed(3)
            .compile(Sgd.of(0.1), Loss.SPARSE_CATEGORICAL_CROSSENTROPY)) {
      model.fit(data(), FitOptions.epochs(1).withBatchSize(SAMPLES).withSeed(4));
      return model.parameters().values();
    }
  }

  @Test
  void statesThatAreGivenDoNotGoStepByStep() {
    refusesToStream(
        "stream: layer 0 (simple_rnn) gives its states (return_state)",
        g -> g.output(g.apply(SimpleRnn.of(4).returningState(), g.input("x", Shape.of(5, 3)))));
  }

  private static void refusesToStream(String message, Consumer<GraphBuilder> wiring) {
    try (Model model = Model.graph(wiring).compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
        Predictor predictor = model.predictor()) {
      assertThatThrownBy(predictor::stream)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage(message);
    }
  }
}
