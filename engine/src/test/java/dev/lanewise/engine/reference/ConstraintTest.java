package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.kernel.ChildJvm;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Constraint;
import dev.lanewise.engine.layer.Constraint.MaxNorm;
import dev.lanewise.engine.layer.Constraint.MinMaxNorm;
import dev.lanewise.engine.layer.Constraint.NonNeg;
import dev.lanewise.engine.layer.Constraint.UnitNorm;
import dev.lanewise.engine.layer.Constraints;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GroupedConv;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.ParameterRule;
import dev.lanewise.engine.layer.ParameterRules;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that weights keep: after an update, on every array, wherever it lies in memory. */
class ConstraintTest {
  private static final int SAMPLES = 29; // two shards, the second not full
  private static final int UPDATES = 3;

  private static final Constraint BY_ROW = new MaxNorm(0.4, List.of(-1));
  private static final Constraint PARTLY = new MinMaxNorm(0.5, 0.6, 0.3, List.of(0));
  private static final Constraint WHOLE = new UnitNorm(List.of(1, 0));

  /** Layers on an input. */
  private record Case(Shape input, List<Layer> layers) {}

  private static final Map<String, Case> CASES =
      Map.of(
          "simple",
          new Case(
              Shape.of(3, 4),
              List.of(
                  SimpleRnn.of(17).withConstraints(new Constraints(BY_ROW, WHOLE, PARTLY)),
                  Dense.of(3).withConstraints(Constraints.NONE.withKernel(new MaxNorm(0.3))))),
          "lstm",
          new Case(
              Shape.of(3, 4),
              List.of(
                  Bidirectional.of(
                      Lstm.of(19)
                          .withConstraints(new Constraints(new NonNeg(), BY_ROW, new UnitNorm()))),
                  Dense.of(3).withConstraints(Constraints.NONE.withBias(new UnitNorm())))),
          "gru",
          new Case(
              Shape.of(7, 4),
              List.of(
                  Conv1D.of(18, 3)
                      .withConstraints(
                          new Constraints(
                              new UnitNorm(List.of(0, 1)), Constraint.none(), new NonNeg())),
                  Rnn.of(
                      Gru.of(21)
                          .withConstraints(
                              new Constraints(PARTLY, new UnitNorm(), new UnitNorm(List.of(1))))),
                  Dense.of(3))),
          "windows",
          new Case(
              Shape.of(7, 4),
              List.of(
                  LayerNormalization.withDefaults()
                      .withGamma(ParameterRule.of(Initializer.ONES).withConstraint(new UnitNorm()))
                      .withBeta(ParameterRule.of(Initializer.ZEROS).withConstraint(new UnitNorm())),
                  DepthwiseConv.of(SlidingWindow.of(3))
                      .withConstraints(new Constraints(WHOLE, Constraint.none(), new UnitNorm())),
                  SeparableConv.of(6, SlidingWindow.of(2))
                      .withDepthwiseRule(
                          ParameterRule.of(Initializer.ONES)
                              .withConstraint(new UnitNorm(List.of(0))))
                      .withConstraints(
                          new Constraints(new MaxNorm(0.4, List.of(1)), WHOLE, new UnitNorm())),
                  new GroupedConv(
                          4, 2, SlidingWindow.of(2), Activation.TANH, true, ParameterRules.DEFAULT)
                      .withConstraints(Constraints.NONE.withKernel(new UnitNorm(List.of(1, 2)))),
                  ConvTranspose.of(3, SlidingWindow.of(2).withStrides(2))
                      .withConstraints(new Constraints(new UnitNorm(List.of(-1)), WHOLE, PARTLY)),
                  new Flatten(),
                  Dense.of(3).withConstraints(Constraints.NONE.withKernel(new MaxNorm(0.3))))),
          "pictures",
          new Case(
              Shape.of(5, 6, 2),
              List.of(
                  Conv2D.of(5, 3)
                      .withConstraints(
                          Constraints.NONE.withKernel(new MaxNorm(0.2, List.of(2, -4)))),
                  DepthwiseConv.of(PictureWindow.of(2))
                      .withConstraints(
                          new Constraints(new UnitNorm(List.of(0, 1)), Constraint.none(), PARTLY)),
                  SeparableConv.of(4, PictureWindow.of(2))
                      .withDepthwiseRule(
                          ParameterRule.of(Initializer.ONES)
                              .withConstraint(new UnitNorm(List.of(-1, 0))))
                      .withConstraints(Constraints.NONE.withKernel(new MaxNorm(0.4, List.of(2)))),
                  new Flatten(),
                  Dense.of(3).withConstraints(Constraints.NONE.withKernel(WHOLE)))),
          "tokens",
          new Case(
              Shape.of(4),
              List.of(
                  Embedding.of(40, 6).withConstraint(new UnitNorm(List.of(1))),
                  Lstm.of(8),
                  Dense.of(3))));

  static Stream<String> names() {
    return CASES.keySet().stream().sorted();
  }

  private static ModelSpec spec(Case each, List<Layer> layers) {
    return new ModelSpec(each.input, layers, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.2, 0.9));
  }

  private static Plan plan(Case each, int threads, List<float[]> weights) {
    return plan(spec(each, each.layers), threads, weights);
  }

  private static Plan plan(ModelSpec spec, int threads, List<float[]> weights) {
    Shape input = spec.input();
    Random random = new Random(8);
    float[] x = Floats.of(Configurations.randoms(random, SAMPLES * input.elementCount(), 1));
    if (spec.graph().layers().getFirst() instanceof Embedding table) {
      for (int i = 0; i < x.length; i++) {
        x[i] = random.nextInt(table.inputDim() / 2); // half of the rows are in no batch
      }
    }
    float[] t = Floats.of(Configurations.randoms(random, SAMPLES * 3L, 1));
    Plan plan = new CpuBackend().compile(spec, new PlanOptions(SAMPLES, threads));
    plan.load(Parameters.initial(weights));
    plan.bind(Dataset.of(input, x, t, 3));
    plan.beginEpoch(IntStream.range(0, UPDATES * SAMPLES).map(i -> i % SAMPLES).toArray(), SAMPLES);
    return plan;
  }

  private static List<float[]> weights(Case each) {
    Random random = new Random(5);
    return spec(each, each.layers).parameters().stream()
        .map(p -> Floats.of(Configurations.randoms(random, p.shape().elementCount(), 1)))
        .toList();
  }

  /** Steps one by one, each from what the rules made of the step before. */
  @ParameterizedTest
  @MethodSource("names")
  void weightsAreWhatTheRulesMakeOfAnUpdate(String name) {
    Case each = CASES.get(name);
    ModelSpec spec = spec(each, each.layers);
    List<float[]> before = weights(each);
    List<double[]> velocities = before.stream().map(w -> new double[w.length]).toList();
    try (Plan plan = plan(each, 2, before)) {
      for (int update = 0; update < UPDATES; update++) {
        plan.step(1, new Totals());
        List<float[]> gradients = plan.gradients();
        List<float[]> after = plan.snapshot().values();
        for (int i = 0; i < after.size(); i++) {
          ParameterSpec parameter = spec.parameters().get(i);
          double[] expected = new double[after.get(i).length];
          double[] velocity = velocities.get(i);
          for (int k = 0; k < expected.length; k++) {
            velocity[k] = 0.9 * velocity[k] - 0.2 * gradients.get(i)[k];
            expected[k] = before.get(i)[k] + velocity[k];
          }
          double[] kept = ReferenceConstraint.of(parameter, expected);
          boolean free = parameter.constraint() instanceof Constraint.None;
          assertThat(Arrays.equals(kept, expected)).as("%s has no work", parameter).isEqualTo(free);
          assertThat(doubles(after.get(i)))
              .as("update %d, %s", update, parameter)
              .containsExactly(kept, within(1e-6));
        }
        before = after;
      }
    }
  }

  /** The copies of weights that products read are renewed: a plan that loads them does the same. */
  @ParameterizedTest
  @MethodSource("names")
  void aPlanThatBeginsInBetweenGoesOnTheSame(String name) {
    Case each = CASES.get(name);
    try (Plan whole = plan(each, 2, weights(each));
        Plan second = plan(each, 2, weights(each))) {
      whole.step(1, new Totals());
      second.load(whole.snapshot());
      whole.step(1, new Totals());
      second.step(1, new Totals());
      equal(second, whole);
    }
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(k -> values[k]).toArray();
  }

  private static void equal(Plan found, Plan expected) {
    List<float[]> values = expected.snapshot().values();
    for (int i = 0; i < values.size(); i++) {
      assertThat(found.snapshot().values().get(i)).containsExactly(values.get(i));
    }
  }

  @Test
  void whatIsFrozenStaysAsItIs() {
    Case each = CASES.get("simple");
    List<Layer> frozen = List.of(each.layers.getFirst().frozen(), each.layers.getLast());
    List<float[]> before = weights(each);
    try (Plan plan = plan(spec(each, frozen), 2, before)) {
      plan.step(1, new Totals());
      List<float[]> after = plan.snapshot().values();
      for (int i = 0; i < 3; i++) {
        assertThat(after.get(i)).containsExactly(before.get(i));
      }
      assertThat(after.get(3)).isNotEqualTo(before.get(3));
    }
  }

  /** Prints what became of all cases; run in JVMs of other widths. */
  public static void main(String[] args) {
    System.out.println("digest " + digest(2));
  }

  private static String digest(int threads) {
    StringBuilder digest = new StringBuilder();
    for (String name : names().toList()) {
      try (Plan plan = plan(CASES.get(name), threads, weights(CASES.get(name)))) {
        plan.step(UPDATES, new Totals());
        int hash = 0;
        for (float[] values : plan.snapshot().values()) {
          hash = 31 * hash + Arrays.hashCode(values);
        }
        digest.append(Integer.toHexString(hash)).append(' ');
      }
    }
    return digest.toString().strip();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void bitsDoNotDependOnThreads(int threads) {
    assertThat(digest(threads)).isEqualTo(digest(1));
  }

  static Stream<List<String>> jvms() {
    return Stream.of(
        List.of("--add-modules=jdk.incubator.vector", "-Dlanewise.vectorBits=128"),
        List.of("--add-modules=jdk.incubator.vector", "-Dlanewise.vectorBits=256"),
        List.of()); // plain loops
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void bitsDoNotDependOnWidths(List<String> options) {
    ChildJvm.Result child = ChildJvm.run(options, Map.of(), ConstraintTest.class);
    assertThat(child.exitCode()).as(child.output()).isZero();
    assertThat(child.output()).contains("digest " + digest(1));
  }

  @Test
  void badRulesAreRefused() {
    assertThatThrownBy(() -> new MaxNorm(-1)).hasMessageContaining("maxValue must be at least 0");
    assertThatThrownBy(() -> new MinMaxNorm(2, 1, 1, List.of(0)))
        .hasMessageContaining("minValue must be at most maxValue");
    assertThatThrownBy(() -> new MinMaxNorm(0, 1, 1.5, List.of(0)))
        .hasMessageContaining("rate must be 0 to 1, found 1.5");
    assertThatThrownBy(() -> new UnitNorm(List.of())).hasMessageContaining("at least one axis");
    Dense dense =
        Dense.of(3).withConstraints(Constraints.NONE.withKernel(new UnitNorm(List.of(2))));
    assertThatThrownBy(() -> dense.parameters(Shape.of(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kernel")
        .hasMessageContaining("from -2 to 1, found [2]");
    assertThat(new UnitNorm(List.of(0, -2)).fits(2)).isFalse();
    assertThat(new UnitNorm(List.of(0, -2)).fits(3)).isTrue();
  }
}
