package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models of several outputs in training: what is reported, and what does not depend on whom. */
class SeveralOutputsTest {
  private static final Shape INPUT = Shape.of(5, 3);
  private static final int SAMPLES = 30;
  private static final FitOptions OPTIONS =
      FitOptions.epochs(3).withBatchSize(7).withValidationSplit(0.2).withSeed(4);

  private static final OutputSpec KIND =
      OutputSpec.of("kind", Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY).withWeight(0.5);
  private static final OutputSpec SIZE =
      OutputSpec.of("size", Loss.MEAN_SQUARED_ERROR, Metric.MEAN_ABSOLUTE_ERROR);

  private static Model model(int threads) {
    return uncompiled().withThreads(threads).compile(Adam.withDefaults(), List.of(KIND, SIZE));
  }

  private static Model uncompiled() {
    return Model.graph(
            g -> {
              var states = g.apply(Gru.of(6), g.input("x", INPUT));
              g.output(
                  g.apply(Dense.of(3, Activation.SOFTMAX), states), g.apply(Dense.of(2), states));
            })
        .withSeed(3);
  }

  private static Targets kinds() {
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i * 7 % 3;
    }
    return Targets.ofLabels(labels, SAMPLES, 3);
  }

  private static Targets sizes() {
    return Targets.of(values(2), SAMPLES, 2);
  }

  private static float[] values(int width) {
    float[] values = new float[SAMPLES * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 37 % 101 / 50f - 1;
    }
    return values;
  }

  private static Dataset data(Targets... targets) {
    return Dataset.of(List.of(INPUT), values(15), List.of(targets));
  }

  private static History fit(Model model) {
    return model.fit(data(kinds(), sizes()), OPTIONS);
  }

  @Test
  void everyOutputIsToldByItsName() {
    try (Model model = model(2)) {
      Map<String, List<Double>> history = fit(model).history();
      assertThat(history.keySet())
          .containsExactly(
              "kind_accuracy",
              "kind_loss",
              "loss",
              "size_loss",
              "size_mae",
              "val_kind_accuracy",
              "val_kind_loss",
              "val_loss",
              "val_size_loss",
              "val_size_mae");
      for (int epoch = 0; epoch < 3; epoch++) {
        double sum =
            0.5 * history.get("kind_loss").get(epoch) + history.get("size_loss").get(epoch);
        assertThat(history.get("loss").get(epoch)).isCloseTo(sum, offset(1e-12));
      }
    }
  }

  @Test
  void threadsChangeNoBit() {
    try (Model one = model(1);
        Model three = model(3)) {
      assertThat(fit(three).history()).isEqualTo(fit(one).history());
      assertThat(three.parameters().values().getFirst())
          .containsExactly(one.parameters().values().getFirst());
    }
  }

  @Test
  void aFitGoesOnFromBetweenTwoBatches() {
    List<TrainingState> states = new ArrayList<>();
    Callback keeper =
        new Callback() {
          private Training running;

          @Override
          public void onTrainBegin(Training training) {
            running = training;
          }

          @Override
          public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
            if (epoch == 1 && batch == 1) {
              states.add(running.state());
            }
          }
        };
    try (Model whole = model(2);
        Model again = model(2)) {
      History expected = whole.fit(data(kinds(), sizes()), OPTIONS, keeper);
      Callback none = new Callback() {};
      History found = again.resume(states.getFirst(), data(kinds(), sizes()), OPTIONS, none);
      assertThat(found.history()).isEqualTo(expected.history());
    }
  }

  @Test
  void aMonitorKnowsWhichWayAnOutputsMetricGoes() {
    try (Model model = model(1)) {
      assertThat(Monitor.of("val_kind_accuracy", model.metrics()).mode())
          .isEqualTo(Monitor.Mode.MAX);
      assertThat(Monitor.of("val_size_loss", model.metrics()).mode()).isEqualTo(Monitor.Mode.MIN);
    }
  }

  /** A weight of 0 takes a sample out of one output alone. */
  @Test
  void samplesHaveWeightsOfEachOutput() {
    float[] none = new float[SAMPLES];
    try (Model model = model(1)) {
      Dataset data = data(kinds().withWeights(none), sizes());
      Map<String, Double> weighted = model.evaluate(data, 10).values();
      Map<String, Double> plain = model.evaluate(data(kinds(), sizes()), 10).values();
      assertThat(weighted.get("kind_loss")).isZero();
      assertThat(weighted.get("size_loss")).isEqualTo(plain.get("size_loss"));
      Dataset all = data(kinds(), sizes()).withSampleWeights(none);
      assertThat(model.evaluate(all, 10).loss()).isZero();
    }
  }

  @Test
  void layersOfAFileHaveTheOutputsNames() {
    try (Model model = model(1)) {
      SavedModel saved = SavedModel.of(model, LocalDateTime.of(2026, 1, 1, 0, 0));
      assertThat(saved.outputNames()).containsExactly("kind", "size");
      assertThat(saved.layerNames()).containsExactly("gru", "kind", "size");
    }
  }

  @Test
  void oneLossIsAllOutputs() {
    try (Model model = uncompiled().compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      assertThat(model.evaluate(data(kinds(), sizes()), 9).values().keySet())
          .containsExactly("dense_1_loss", "dense_loss", "loss");
    }
  }

  /** Each loss divides by the steps that its own output's mask leaves, whatever the others have. */
  @Test
  void everyOutputHasAMaskOfItsOwn() {
    Shape steps = Shape.of(3, 1);
    Model building =
        Model.graph(
            g -> {
              var a = g.input("a", steps);
              var b = g.input("b", steps);
              g.output(
                  g.apply(Rescaling.of(1), a),
                  g.apply(Masking.ofZeros(), a),
                  g.apply(Masking.ofZeros(), b));
            });
    List<OutputSpec> judged =
        List.of(
            OutputSpec.of("all", Loss.MEAN_SQUARED_ERROR),
            OutputSpec.of("of_a", Loss.MEAN_SQUARED_ERROR),
            OutputSpec.of("of_b", Loss.MEAN_SQUARED_ERROR));
    float[] values = {
      0, 0, 1, /* b */ 3, 0, 2,
      0, 2, 3, /* b */ 4, 5, 6
    };
    Targets ofA = Targets.of(new float[6], 2, 3);
    Dataset data = Dataset.of(List.of(steps, steps), values, List.of(ofA, ofA, ofA));
    try (Model model = building.compile(Adam.withDefaults(), judged)) {
      for (int batch : new int[] {2, 5}) {
        Map<String, Double> logs = model.evaluate(data, batch).values();
        assertThat(logs.get("all_loss")).isCloseTo(14 / 6.0, offset(1e-6));
        assertThat(logs.get("of_a_loss")).isCloseTo(14 / 3.0, offset(1e-6));
        assertThat(logs.get("of_b_loss")).isCloseTo(90 / 5.0, offset(1e-6));
      }
    }
  }

  /** Samples tell how many steps there are to each of the outputs. */
  @Test
  void anOpenNumberOfStepsIsThatOfTheSamples() {
    Graph.Input open = new Graph.Input("x", Shape.of(1, 3), true, 0);
    Graph graph =
        new Graph(
            List.of(open),
            List.of(Gru.of(4).returningSequences(), Dense.of(3, Activation.SOFTMAX), Dense.of(2)),
            List.of(
                new Graph.Node(0, List.of(0)),
                new Graph.Node(1, List.of(1)),
                new Graph.Node(2, List.of(1))),
            List.of(2, 3));
    try (Model model = Model.of(graph).compile(Adam.withDefaults(), List.of(KIND, SIZE))) {
      for (int steps : new int[] {5, 2}) {
        int samples = 6;
        Dataset data =
            Dataset.of(
                List.of(Shape.of(steps, 3)),
                new float[samples * steps * 3],
                List.of(
                    Targets.ofLabels(new int[samples * steps], samples, 3),
                    Targets.of(new float[samples * steps * 2], samples, steps * 2)));
        assertThat(model.fit(data, FitOptions.epochs(1).withBatchSize(4)).history().keySet())
            .containsExactly("kind_accuracy", "kind_loss", "loss", "size_loss", "size_mae");
        assertThat(model.predict(data, 4)).hasSize(samples * steps * 5);
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefusedByOutput() {
    try (Model model = model(1)) {
      assertThatThrownBy(() -> model.evaluate(data(kinds()), 9))
          .hasMessageContaining("targets of 1 output, the model has 2");
      assertThatThrownBy(() -> model.evaluate(data(sizes(), sizes()), 9))
          .hasMessageContaining("data, kind: 2 targets a sample do not fit the model's output [3]");
      Targets steps = sizes().withWeights(new float[2 * SAMPLES]);
      assertThatThrownBy(() -> model.evaluate(data(kinds(), steps), 9))
          .hasMessageContaining("data, size: 2 weights a sample");
      FitOptions classes = OPTIONS.withClassWeights(Map.of(1, 2.0));
      assertThatThrownBy(() -> model.fit(data(kinds(), sizes()), classes))
          .hasMessageContaining("class weights are for one target a sample, the model has 2");
    }
    assertThatThrownBy(() -> uncompiled().compile(Adam.withDefaults(), List.of(KIND)))
        .hasMessageContaining("has 2 outputs, found losses of 1");
    assertThatThrownBy(
            () ->
                uncompiled().compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR, Metric.ACCURACY))
        .hasMessageContaining("has 2 outputs, and metrics are of one");
    assertThatThrownBy(() -> uncompiled().compile(Adam.withDefaults(), List.of(KIND, KIND)))
        .hasMessageContaining("two are named kind_loss");
    assertThatThrownBy(() -> KIND.withWeight(Double.NaN)).hasMessageContaining("must be finite");
    assertThatThrownBy(() -> data(kinds(), Targets.of(new float[4], 4, 1)))
        .hasMessageContaining("x has 30 samples, the targets of output 1 are of 4");
    assertThatThrownBy(() -> data(kinds(), sizes()).hasLabels())
        .hasMessageContaining("targets of 2 outputs, not one");
  }
}
