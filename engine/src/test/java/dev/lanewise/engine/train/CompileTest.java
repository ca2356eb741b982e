package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Models that are compiled again, and models that are not. */
class CompileTest {
  private static final int BATCH = 6;
  private static final Shape INPUT = Shape.of(5, 4);

  private static Model model() {
    return Model.sequential(INPUT, Gru.of(7), Dense.of(3, Activation.SOFTMAX)).withSeed(4);
  }

  private static Model compiled() {
    return model().compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  private static float[] inputs() {
    Random random = new Random(8);
    float[] inputs = new float[4 * BATCH * 20];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = random.nextFloat();
    }
    return inputs;
  }

  private static Dataset data() {
    Random random = new Random(9);
    int[] labels = new int[4 * BATCH];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(3);
    }
    return Dataset.of(INPUT, inputs(), labels, 3);
  }

  private static void fit(Model model) {
    model.fit(data(), FitOptions.epochs(2).withBatchSize(BATCH));
  }

  /** As fine tuning does: another rule, another rate, from the weights that are there. */
  @Test
  void anotherRuleGoesOnFromTheWeights() {
    try (Model again = compiled();
        Model fresh = model().compile(Sgd.of(0.5), Loss.KL_DIVERGENCE)) {
      fit(again);
      List<float[]> learned = again.parameters().values();
      again.compile(Sgd.of(0.5), Loss.KL_DIVERGENCE);
      assertThat(again.metrics()).isEmpty();
      assertThat(again.parameters()).usingRecursiveComparison().isEqualTo(weights(learned));
      fresh.setParameters(weights(learned));
      fit(again);
      fit(fresh);
      assertThat(again.parameters()).usingRecursiveComparison().isEqualTo(fresh.parameters());
    }
  }

  private static Parameters weights(List<float[]> values) {
    return new Parameters(values, List.of(), 0);
  }

  @Test
  void theSameRuleBeginsAfresh() {
    try (Model again = compiled()) {
      fit(again);
      Parameters learned = again.parameters();
      assertThat(learned.slots()).isNotEmpty();
      again.compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
      assertThat(again.parameters().slots()).isEmpty();
      assertThat(again.parameters().iterations()).isZero();
      again.setParameters(learned);
      again.compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
      assertThat(again.parameters())
          .usingRecursiveComparison()
          .isEqualTo(weights(learned.values()));
    }
  }

  @Test
  void noCallbackChangesTheRule() {
    try (Model model = compiled()) {
      Callback compiling =
          new Callback() {
            @Override
            public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
              model.compile(Sgd.of(1), Loss.MEAN_SQUARED_ERROR);
            }
          };
      FitOptions options = FitOptions.epochs(2).withBatchSize(BATCH);
      assertThatThrownBy(() -> model.fit(data(), options, compiling))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("compile");
    }
  }

  /** What is wrong is refused before anything is forgotten. */
  @Test
  void whatCannotBeCompiledChangesNothing() {
    try (Model model = compiled()) {
      fit(model);
      Parameters learned = model.parameters();
      assertThatThrownBy(() -> model.compile(Sgd.of(1), List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(model.parameters()).usingRecursiveComparison().isEqualTo(learned);
    }
  }

  @Test
  void whatIsNotCompiledAnswersAndDoesNotLearn() {
    try (Model model = model();
        Model other = model().compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR)) {
      float[] answers = model.predict(data(), BATCH);
      assertThat(answers).isEqualTo(other.predict(data(), BATCH));
      assertThat(model.parameters().values())
          .usingRecursiveComparison()
          .isEqualTo(other.parameters().values());
      try (Predictor predictor = model.predictor()) {
        float[] first = new float[3];
        predictor.predict(Arrays.copyOf(inputs(), 20), first);
        assertThat(first).isEqualTo(Arrays.copyOf(answers, 3));
      }
      assertThatThrownBy(() -> model.evaluate(data(), BATCH))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("model is not compiled; call compile first");
      assertThatThrownBy(() -> fit(model)).hasMessageContaining("call compile first");
      assertThatThrownBy(() -> model.prepare(BATCH)).hasMessageContaining("call compile first");
      fit(model.compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR));
      fit(other);
      assertThat(model.parameters()).usingRecursiveComparison().isEqualTo(other.parameters());
    }
  }

  @Test
  void statesAreKeptWhenTheRuleChanges() {
    try (Model again = stateful();
        Model same = stateful()) {
      again.predict(data(), BATCH);
      same.predict(data(), BATCH);
      again.compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR);
      assertThat(again.predict(data(), BATCH)).isEqualTo(same.predict(data(), BATCH));
    }
  }

  private static Model stateful() {
    return Model.sequential(
            Graph.Input.ofBatches(BATCH, INPUT), Gru.of(3).keepingState(), Dense.of(3))
        .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR);
  }

  @Test
  void outputsOfTheSameNamesAreInTheModelsOrder() {
    OutputSpec click = OutputSpec.of("click", Loss.BINARY_CROSSENTROPY);
    OutputSpec rating = OutputSpec.of("rating", Loss.MEAN_SQUARED_ERROR);
    try (Model model =
        Model.graph(
            g -> {
              GraphBuilder.Value x = g.input("x", Shape.of(3));
              g.output(g.apply(Dense.of(1, Activation.SIGMOID), x), g.apply(Dense.of(1), x));
            })) {
      model.compile(Sgd.of(0.1), List.of(click, rating));
      assertThatThrownBy(() -> model.compile(Sgd.of(0.1), List.of(rating, click)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "compile: outputs must be in the model's order, [click, rating], found [rating,"
                  + " click]");
      model.compile(Sgd.of(0.1), List.of(OutputSpec.of("a", Loss.MEAN_SQUARED_ERROR), rating));
    }
  }

  /** What its file says is not what it would do. */
  @Test
  void aModelUnlikeItsFileIsNotTrainedUntilItIsCompiled() {
    try (Model model = compiled()) {
      model.unlike("optimizer Ftrl is not supported", Optional.empty());
      assertThatThrownBy(() -> fit(model))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "model: cannot be trained as its file says: optimizer Ftrl is not supported; compile"
                  + " it anew");
      assertThat(model.evaluate(data(), BATCH).loss()).isPositive();
      model.unlike("loss Other is not supported", Optional.of("loss Other is not supported"));
      assertThatThrownBy(() -> model.evaluate(data(), BATCH))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot be evaluated as its file says: loss Other is not");
      model.compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
      fit(model);
    }
  }
}
