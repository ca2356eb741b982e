package dev.lanewise.engine.backend.cpu.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.GoldenRows;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.ReferenceLoss;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keras's values and gradients of every loss: by the reference, by our rows, and by a plan. */
class GoldenLossTest {
  /** What only a divisor of its own makes another. */
  private static final Set<String> REDUCTIONS = Set.of("mse_sum", "mse_mean_with_sample_weight");

  private static final float MASKED = 1234.5f;

  private static final double VALUE = 1e-9;

  /** Keras rounds ln 2 to float32. */
  private static final double VALUE_OF_LOG_COSH = 1e-8;

  private static final double GRADIENT = 1e-10;

  /** Rows keep gradients in float32: half a unit of what is at most 2. */
  private static final double FLOAT_GRADIENT = 0x1p-23;

  static Stream<GoldenRows> cases() {
    return GoldenRows.cases("losses").stream().filter(c -> !REDUCTIONS.contains(name(c)));
  }

  /** Of a saturated sigmoid's output in float32, 1 - p has a digit or none. */
  static Stream<GoldenRows> casesInFloats() {
    return cases()
        .filter(c -> !(name(c).startsWith("binary") && c.toString().endsWith("ties_saturated")));
  }

  @Test
  void noCaseIsLost() {
    assertThat(casesInFloats()).hasSize(78);
    assertThat(cases()).hasSize(80);
  }

  private static String name(GoldenRows c) {
    return c.json().get("loss").getAsString();
  }

  /** Returns whether the loss takes the activation's input, as below a last layer with it. */
  private static boolean fused(GoldenRows c) {
    return c.json().get("from").getAsString().equals("logits");
  }

  private static Loss loss(GoldenRows c) {
    return switch (name(c)) {
      case "mse" -> Loss.MEAN_SQUARED_ERROR;
      case "mae" -> Loss.MEAN_ABSOLUTE_ERROR;
      case "huber" -> Loss.HUBER;
      case "huber_half" -> new Huber(0.5);
      case "log_cosh" -> Loss.LOG_COSH;
      case "binary" -> Loss.BINARY_CROSSENTROPY;
      case "binary_smoothed" -> new BinaryCrossentropy(false, 0.1);
      case "categorical" -> Loss.CATEGORICAL_CROSSENTROPY;
      case "categorical_smoothed" -> new CategoricalCrossentropy(false, 0.1);
      case "sparse" -> Loss.SPARSE_CATEGORICAL_CROSSENTROPY;
      default -> throw new IllegalArgumentException("unknown: " + c);
    };
  }

  private static double valueOf(GoldenRows c) {
    return c.json().get("value").getAsDouble();
  }

  private static double tolerance(GoldenRows c) {
    return name(c).equals("log_cosh") ? VALUE_OF_LOG_COSH : VALUE;
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(DoubleStream::of).toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theReferenceAgrees(GoldenRows c) {
    int width = c.z()[0].length;
    Loss loss =
        switch (loss(c)) {
          case CategoricalCrossentropy l ->
              new CategoricalCrossentropy(fused(c), l.labelSmoothing());
          case BinaryCrossentropy l -> new BinaryCrossentropy(fused(c), l.labelSmoothing());
          case Loss l when name(c).equals("sparse") && fused(c) ->
              new CategoricalCrossentropy(true, 0);
          case Loss l -> l;
        };
    Activation f = fused(c) ? Activation.LINEAR : c.activation();
    double[][] y = Arrays.stream(c.z()).map(z -> GivenRow.applied(f, z)).toArray(double[][]::new);
    ReferenceLoss found =
        ReferenceLoss.masked(loss, flat(y), flat(c.targets()), width, true, c.weights(), c.mask());
    assertThat(found.value()).isCloseTo(valueOf(c), offset(tolerance(c)));
    List<double[]> gradient = new ArrayList<>();
    for (int r = 0; r < y.length; r++) {
      double[] dy = Arrays.copyOfRange(found.gradient(), r * width, (r + 1) * width);
      gradient.add(GivenRow.backward(f, y[r], dy));
    }
    assertThat(flat(gradient.toArray(double[][]::new)))
        .containsExactly(c.gradient(), offset(name(c).equals("log_cosh") ? 1e-8 : GRADIENT));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rowsAgree(GoldenRows c) {
    RowLoss rule = RowLoss.of(LossForm.of(loss(c), fused(c) ? c.activation() : Activation.LINEAR));
    int rows = c.z().length;
    double sum = 0;
    double[][] gradient = new double[rows][];
    for (int r = 0; r < rows; r++) {
      double[] z = fused(c) ? c.z()[r] : GivenRow.applied(c.activation(), c.z()[r]);
      Activation f = fused(c) ? c.activation() : Activation.LINEAR;
      gradient[r] = new double[z.length];
      if (!c.mask()[r]) {
        continue;
      }
      GivenRow row = GivenRow.of(z, f, c.targets()[r], c.weights()[r], 0);
      sum += rule.of(row, row, 1) * row.weight();
      double[] dy = Arrays.stream(row.slope()).map(g -> g * row.weight() / c.used()).toArray();
      gradient[r] = fused(c) ? dy : GivenRow.backward(c.activation(), z, dy);
    }
    assertThat(sum / c.used()).isCloseTo(valueOf(c), offset(tolerance(c)));
    assertThat(flat(gradient)).containsExactly(c.gradient(), offset(FLOAT_GRADIENT));
  }

  /**
   * A dense layer with the identity as its weights gives z; another one above hides its softmax. A
   * mask is made of a value that is nowhere else.
   */
  @ParameterizedTest
  @MethodSource("casesInFloats")
  void plansAgree(GoldenRows c) {
    int width = c.z()[0].length;
    int samples = c.z().length / c.positions();
    Shape input = c.positions() == 1 ? Shape.of(width) : Shape.of(c.positions(), width);
    Layer first = new Dense(width, c.activation(), false);
    List<Layer> dense = fused(c) ? List.of(first) : List.of(first, Dense.of(width).withoutBias());
    boolean masked = c.used() < c.z().length;
    List<Layer> stack = new ArrayList<>(masked ? List.of(new Masking(MASKED)) : List.of());
    stack.addAll(dense);
    ModelSpec spec = new ModelSpec(input, stack, loss(c), Sgd.of(0.1));
    float[] x = floats(flat(c.z()));
    for (int i = 0; i < x.length; i++) {
      x[i] = c.mask()[i / width] ? x[i] : MASKED;
    }
    Dataset data =
        (name(c).equals("sparse")
                ? Dataset.of(input, x, labels(c), width)
                : Dataset.of(input, x, floats(flat(c.targets())), c.positions() * width))
            .withSampleWeights(floats(c.weights()));
    Totals totals = new Totals();
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(samples, 2))) {
      plan.load(Parameters.initial(dense.stream().map(layer -> identity(width)).toList()));
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, samples).toArray(), samples);
      plan.step(1, totals);
      double size = Math.max(1, valueOf(c));
      assertThat(totals.meanLoss()).isCloseTo(valueOf(c), offset(4e-6 * size));
      float[] kernelGradient = plan.gradients().getFirst();
      for (int i = 0; i < width; i++) {
        for (int j = 0; j < width; j++) {
          double expected = 0; // the sum over rows of x_i dL/dz_j
          double magnitudes = 0;
          for (int r = 0; r < c.z().length; r++) {
            double term = c.z()[r][i] * c.gradient()[r * width + j];
            expected += term;
            magnitudes += Math.abs(term);
          }
          assertThat((double) kernelGradient[i * width + j])
              .isCloseTo(expected, offset(4e-6 * Math.max(1, magnitudes)));
        }
      }
    }
  }

  private static float[] identity(int width) {
    float[] weights = new float[width * width];
    for (int i = 0; i < width; i++) {
      weights[i * width + i] = 1;
    }
    return weights;
  }

  private static int[] labels(GoldenRows c) {
    return Arrays.stream(c.targets())
        .mapToInt(t -> GivenRow.of(t, Activation.LINEAR, t, 1, 0).targetClass())
        .toArray();
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
