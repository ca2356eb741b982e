package dev.lanewise.engine.backend.cpu.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.cpu.team.Team;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.KernelProvider;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.GoldenOptimizers;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.UpdateOptions;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.AddressSpace;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Updates from given gradients: Keras's recorded ones, and formulas spelled out in double. */
class OptimizerGoldenTest {
  private static final List<Integer> SIZES = List.of(12, 3, 6, 2);
  private static final int COUNT = 23;
  private static final int UPDATES = 20;

  /** Layers whose arrays are Keras's as they are. */
  private record Layers(List<CpuParameter> parameters) implements Weights {
    @Override
    public List<ParameterView> views() {
      return parameters.stream().map(ParameterView::of).toList();
    }
  }

  /** The model of the recorded updates, with gradients set by hand. */
  private static final class Updater implements AutoCloseable {
    private final TensorArena arena = new TensorArena("updates");
    private final Team team = new Team(1);
    private final Layers weights;
    private final CpuParameters parameters;
    private final CpuUpdate update;

    Updater(Optimizer rule, float[] start) {
      ModelSpec spec =
          new ModelSpec(
              Shape.of(4), List.of(Dense.of(3), Dense.of(2)), Loss.MEAN_SQUARED_ERROR, rule);
      CheckedKernels kernels = new CheckedKernels(KernelProvider.kernels());
      weights =
          new Layers(
              List.of(
                  parameter(4, 3, rule),
                  parameter(1, 3, rule),
                  parameter(3, 2, rule),
                  parameter(1, 2, rule)));
      parameters = new CpuParameters(weights, kernels);
      update = new CpuUpdate(weights, kernels, spec);
      parameters.load(
          Parameters.initial(GoldenOptimizers.split(start, 0, SIZES)), update.optimizer());
    }

    private CpuParameter parameter(int rows, int columns, Optimizer rule) {
      return new CpuParameter(arena, "weights", rows, columns, 1, 1, rule.slots(), Long.MAX_VALUE);
    }

    void update(List<float[]> gradients) {
      for (int i = 0; i < gradients.size(); i++) {
        ParameterView view = weights.views().get(i);
        view.write(view.parameter().gradients(), gradients.get(i));
      }
      update.run(1, team);
    }

    Parameters state() {
      return parameters.snapshot(update.optimizer());
    }

    float[] weights() {
      return flat(state().values());
    }

    /** Returns every element of every weight matrix, padding too. */
    List<Float> withPadding() {
      List<Float> all = new ArrayList<>();
      for (CpuParameter parameter : weights.parameters()) {
        Tensor values = parameter.values();
        for (int row = 0; row < parameter.rows(); row++) {
          long address = values.matrix(row, 1, 0, parameter.columns()).address();
          for (int c = 0; c < 16; c++) {
            all.add(
                AddressSpace.SPACE.get(ValueLayout.JAVA_FLOAT, address + (long) c * Float.BYTES));
          }
        }
      }
      return all;
    }

    @Override
    public void close() {
      team.close();
      arena.close();
    }
  }

  private static float[] flat(List<float[]> arrays) {
    float[] all = new float[arrays.stream().mapToInt(array -> array.length).sum()];
    int next = 0;
    for (float[] array : arrays) {
      System.arraycopy(array, 0, all, next, array.length);
      next += array.length;
    }
    return all;
  }

  static Stream<String> names() {
    return GoldenOptimizers.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyUpdateIsKerass(String name) {
    float[] gradients = GoldenOptimizers.recorded(name + "_grads");
    float[] weights = GoldenOptimizers.recorded(name + "_weights");
    float[] start = GoldenOptimizers.recorded("init");
    try (Updater updater = new Updater(GoldenOptimizers.all().get(name), start)) {
      for (int t = 0; t < UPDATES; t++) {
        updater.update(GoldenOptimizers.split(gradients, t * COUNT, SIZES));
        float[] found = updater.weights();
        for (int i = 0; i < COUNT; i++) {
          assertThat(found[i])
              .as("weight %d after update %d", i, t + 1)
              .isCloseTo(weights[t * COUNT + i], within(2e-6f));
        }
      }
      assertThat(updater.state().iterations()).isEqualTo(UPDATES);
    }
  }

  /** One weight's rule in double: takes a gradient, moves the weight. */
  private interface Rule {
    double next(double weight, double gradient);
  }

  /** Keras's Adadelta, from the formulas of Zeiler's paper and a step size. */
  private static Rule adadelta(double rate, double rho, double epsilon) {
    double[] means = new double[2];
    return (weight, gradient) -> {
      means[0] = rho * means[0] + (1 - rho) * gradient * gradient;
      double step = Math.sqrt(means[1] + epsilon) / Math.sqrt(means[0] + epsilon) * gradient;
      means[1] = rho * means[1] + (1 - rho) * step * step;
      return weight - rate * step;
    };
  }

  /** Keras's Lion: the sign of a mean in which the gradient weighs more than in the one kept. */
  private static Rule lion(double rate, double beta1, double beta2) {
    double[] mean = new double[1];
    return (weight, gradient) -> {
      double sign = Math.signum(beta1 * mean[0] + (1 - beta1) * gradient);
      mean[0] = beta2 * mean[0] + (1 - beta2) * gradient;
      return weight - rate * sign;
    };
  }

  private static void follows(Optimizer optimizer, Supplier<Rule> rule) {
    SplitMix64 random = new SplitMix64(8);
    float[] start = GoldenOptimizers.recorded("init");
    double[] expected = new double[COUNT];
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      expected[i] = start[i];
      rules.add(rule.get());
    }
    try (Updater updater = new Updater(optimizer, start)) {
      for (int t = 0; t < 200; t++) {
        float[] gradients = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
          // Some are 0 now and then, and that of the first weight always.
          gradients[i] = i == 0 || random.nextInt(5) == 0 ? 0 : (float) random.nextDouble() - 0.4f;
          expected[i] *= 1 - optimizer.weightDecay() * optimizer.learningRate().at(t);
          expected[i] = rules.get(i).next(expected[i], gradients[i]);
        }
        updater.update(GoldenOptimizers.split(gradients, 0, SIZES));
      }
      float[] found = updater.weights();
      for (int i = 0; i < COUNT; i++) {
        assertThat((double) found[i]).as("weight %d", i).isCloseTo(expected[i], within(1e-5));
      }
    }
  }

  @Test
  void adadeltaIsKerass() {
    follows(Adadelta.of(1.0), () -> adadelta(1, 0.95, 1e-7));
    follows(
        new Adadelta(UpdateOptions.of(0.5).withWeightDecay(0.01), 0.8, 1e-4),
        () -> adadelta(0.5, 0.8, 1e-4));
  }

  @Test
  void lionIsKerass() {
    follows(Lion.withDefaults(), () -> lion(0.001, 0.9, 0.99));
    follows(
        new Lion(UpdateOptions.of(0.02).withWeightDecay(0.1), 0.5, 0.9),
        () -> lion(0.02, 0.5, 0.9));
  }

  static Stream<Optimizer> rules() {
    return Stream.concat(
        GoldenOptimizers.all().values().stream(),
        Stream.of(Adadelta.of(1.0), Lion.withDefaults().withWeightDecay(0.1)));
  }

  /** Padding is updated with the rest: products count on its zeros. */
  @ParameterizedTest
  @MethodSource("rules")
  void weightsOfThePaddingStayZero(Optimizer rule) {
    float[] ones = new float[COUNT];
    Arrays.fill(ones, 1);
    try (Updater updater = new Updater(rule, ones)) {
      for (int t = 0; t < 3; t++) {
        updater.update(GoldenOptimizers.split(ones, 0, SIZES));
      }
      List<Float> all = updater.withPadding();
      assertThat(all.stream().filter(value -> value != 0)).hasSize(COUNT);
    }
  }

  @Test
  void slotsBeginWithTheirRulesValue() {
    try (Updater adagrad = new Updater(Adagrad.of(0.1), new float[COUNT]);
        Updater rms = new Updater(RmsProp.of(0.1), new float[COUNT])) {
      assertThat(flat(adagrad.state().slots().getFirst().values())).containsOnly(0.1f);
      assertThat(flat(rms.state().slots().getFirst().values())).containsOnly(0f);
    }
  }
}
