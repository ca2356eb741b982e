package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.Regularizers;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Layers that training leaves as they are: what learns beside them learns as if they did. */
class FrozenTest {
  private static final Shape INPUT = Shape.of(6, 9);
  private static final int BATCH = 52;

  private static List<Layer> stack(RecurrentKind kind) {
    return List.of(
        Dropout.of(0.25),
        kind.sequences(11),
        Bidirectional.of(kind.sequences(7)),
        new TimeDistributed(Dense.of(8, Activation.TANH)),
        new ActivationLayer(Activation.SIGMOID),
        kind.last(9),
        Dense.of(4, Activation.SOFTMAX));
  }

  private static ModelSpec spec(List<Layer> layers, Optimizer optimizer) {
    return new ModelSpec(INPUT, layers, Loss.CATEGORICAL_CROSSENTROPY, optimizer);
  }

  private static List<Layer> frozen(List<Layer> layers, List<Integer> which) {
    List<Layer> some = new ArrayList<>(layers);
    which.forEach(i -> some.set(i, some.get(i).frozen()));
    return some;
  }

  private static Plan plan(ModelSpec spec) {
    Plan plan = new CpuBackend().compile(spec, new PlanOptions(BATCH, 2, 7));
    plan.load(StartWeights.of(spec, 3));
    plan.bind(SmallRun.data());
    plan.beginEpoch(IntStream.range(0, 130).toArray(), BATCH);
    return plan;
  }

  /** The gradients of one batch by all that is trained, each at its place among all parameters. */
  private static List<float[]> gradients(ModelSpec spec) {
    try (Plan plan = plan(spec)) {
      plan.step(1, new Totals());
      List<float[]> found = new ArrayList<>(plan.gradients());
      return spec.parameters().stream()
          .map(p -> p.trainable() ? found.removeFirst() : new float[0])
          .toList();
    }
  }

  @ParameterizedTest
  @EnumSource(RecurrentKind.class)
  void gradientsPassThroughAndAreTheSameBits(RecurrentKind kind) {
    gradientsPassThrough(
        stack(kind),
        List.of(List.of(2), List.of(3), List.of(5), List.of(6), List.of(0, 1), List.of(1, 2, 3)));
  }

  @Test
  void gradientsPassThroughWindowsAndNormalizedVectors() {
    List<Layer> layers =
        List.of(
            Conv1D.of(8, 2),
            LayerNormalization.withDefaults(),
            Conv1D.of(5, 3),
            LayerNormalization.withDefaults(),
            RecurrentKind.GRU.last(6),
            Dense.of(4, Activation.SOFTMAX));
    gradientsPassThrough(
        layers,
        List.of(List.of(0), List.of(1), List.of(2), List.of(3), List.of(0, 1), List.of(1, 2, 3)));
  }

  private static void gradientsPassThrough(List<Layer> layers, List<List<Integer>> frozen) {
    List<float[]> all = gradients(spec(layers, Sgd.of(0.1)));
    for (List<Integer> which : frozen) {
      List<float[]> some = gradients(spec(frozen(layers, which), Sgd.of(0.1)));
      int compared = 0;
      for (int i = 0; i < all.size(); i++) {
        if (some.get(i).length > 0) {
          assertThat(some.get(i)).as("%s %d", which, i).containsExactly(all.get(i));
          compared++;
        }
      }
      assertThat(compared).isPositive().isLessThan(all.size());
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "5", "6"})
  void itStaysAsItIsAndHasNoSlots(int which) {
    List<Layer> layers = stack(RecurrentKind.LSTM);
    ModelSpec spec = spec(frozen(layers, List.of(which)), Adam.of(0.01));
    ModelSpec trained = spec(layers, Adam.of(0.01));
    try (Plan plan = plan(spec);
        Plan other = plan(trained)) {
      plan.step(3, new Totals());
      Parameters begin = StartWeights.of(spec, 3);
      Parameters end = plan.snapshot();
      for (int i = 0; i < spec.parameters().size(); i++) {
        if (spec.parameters().get(i).trainable()) {
          assertThat(end.values().get(i)).isNotEqualTo(begin.values().get(i));
        } else {
          assertThat(end.values().get(i)).containsExactly(begin.values().get(i));
        }
      }
      int count = spec.trainableParameters().size();
      assertThat(count).isLessThan(spec.parameters().size());
      assertThat(end.slots()).allSatisfy(slot -> assertThat(slot.values()).hasSize(count));
      assertThat(plan.bytes()).isLessThan(other.bytes());
    }
  }

  @Test
  void itsPenaltyDoesNotCountAndAnothersDoes() {
    Layer penalized =
        Dense.of(8).withRegularizers(Regularizers.NONE.withKernel(Regularizer.l2(0.5)));
    Layer last = Dense.of(4, Activation.SOFTMAX);
    Layer middle = RecurrentKind.GRU.last(6);
    double without = loss(List.of(Dense.of(8), middle, last));
    assertThat(loss(List.of(penalized.frozen(), middle, last))).isEqualTo(without);
    assertThat(loss(List.of(penalized, middle, last))).isGreaterThan(without + 0.1);
  }

  private static double loss(List<Layer> layers) {
    try (Plan plan = plan(spec(layers, Sgd.of(0.1)))) {
      Totals evaluated = new Totals();
      plan.evaluate(SmallRun.data().slice(0, BATCH), BATCH, evaluated);
      Totals trained = new Totals();
      plan.step(1, trained);
      assertThat(trained.meanLoss()).isCloseTo(evaluated.meanLoss(), within(1e-6));
      return trained.meanLoss();
    }
  }

  @Test
  void theNormIsOfWhatIsTrained() {
    Optimizer rule = Sgd.of(0.1).withClipping(GradientClipping.globalNorm(1e-3));
    double squares = 0;
    for (float[] gradient :
        gradients(spec(frozen(stack(RecurrentKind.GRU), List.of(2, 6)), rule))) {
      for (float g : gradient) {
        squares += (double) g * g;
      }
    }
    assertThat(Math.sqrt(squares)).isCloseTo(1e-3, within(1e-8));
  }

  @Test
  void ifEverythingIsFrozenNothingIsUpdated() {
    List<Layer> layers = stack(RecurrentKind.LSTM);
    ModelSpec spec = spec(layers.stream().map(Layer::frozen).toList(), Adam.of(0.01));
    try (Plan plan = plan(spec)) {
      plan.step(2, new Totals());
      assertThat(plan.snapshot().iterations()).isZero();
      assertThat(plan.gradients()).isEmpty();
    }
  }

  @Test
  void aRunGoesOnFromItsStateToTheSameBits() {
    FitOptions options = SmallRun.options();
    List<TrainingState> states = new ArrayList<>();
    Callback recorder =
        new Callback() {
          private Training training;

          @Override
          public void onTrainBegin(Training running) {
            training = running;
          }

          @Override
          public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
            Checkpoint now = new Checkpoint(java.util.Map.of(), training.state());
            states.add(CheckpointFormat.read(CheckpointFormat.bytes(now)).state());
          }
        };
    try (Model whole = model();
        Model resumed = model()) {
      whole.fit(SmallRun.data(), options, recorder);
      resumed.resume(states.get(2), SmallRun.data(), options, recorder);
      assertThat(SmallRun.digest(resumed)).isEqualTo(SmallRun.digest(whole));
    }
  }

  private static Model model() {
    List<Layer> layers = frozen(stack(RecurrentKind.GRU_DROPPING), List.of(2, 5));
    return Model.sequential(INPUT, layers.toArray(Layer[]::new))
        .withSeed(3)
        .withThreads(2)
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
  }

  @Test
  void frozenTwiceIsFrozen() {
    Layer once = Dense.of(2).frozen();
    assertThat(once.frozen()).isEqualTo(once);
    assertThat(once.trainable()).isFalse();
    assertThatThrownBy(() -> new TimeDistributed(once))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TimeDistributed");
  }

  /** Of pictures that a network gives on which stays as it is, half are gradients otherwise. */
  @Test
  void nobodyKeepsGradientsThatNobodyAsksFor() {
    Layer wide = Dense.of(1000, Activation.RELU);
    long trained = bytes(List.of(wide, wide, Gru.of(2)));
    long frozen = bytes(List.of(wide.frozen(), wide.frozen(), Gru.of(2)));
    long values = 2L * BATCH * INPUT.size(0) * 1000 * Float.BYTES; // and as many gradients
    assertThat(trained - frozen).isGreaterThan(values);
  }

  private static long bytes(List<Layer> layers) {
    ModelSpec spec = new ModelSpec(INPUT, layers, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
    return new CpuBackend().planBytes(spec, new PlanOptions(BATCH, 1, 7)) - weights(spec);
  }

  /** With their gradients and slots; the rest is room for samples. */
  private static long weights(ModelSpec spec) {
    return new CpuBackend().planBytes(spec, new PlanOptions(1, 1, 7));
  }
}
