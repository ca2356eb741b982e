package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.cuda.driver.Device;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernels of LSTM and GRU beside the equations: neither the CPU's code nor the backend's
 * classes above the driver have a part in it, so that what both have wrong alike shows here.
 * bench/gpu/gated_probe.py asks the same of a real driver.
 */
@Tag("emulated")
class GatedKernelsTest {
  private static final int STEPS = 5;
  private static final int ROWS = 3; // a block of a walk has two
  private static final int FEATURES = 7;
  private static final int HOPPER = 232_448; // shared bytes of a block, for the largest walks

  /**
   * Sums of some hundred products in float32, of which gradients are longer. What was found is a
   * quarter of it at most, what a wrong term does ten thousand times as much.
   */
  private static final double STATES = 1e-6;

  private static final double GRADIENTS = 3e-6;

  private final Random random = new Random(1);

  @BeforeEach
  void load() {
    Emulation.require();
    Emulation.forget();
    Emulation.shared(HOPPER);
  }

  @AfterEach
  void forget() {
    Emulation.forget();
  }

  private static int gates(String cell) {
    return cell.equals("lstm") ? 4 : 3;
  }

  private static int weights(String cell, int units) {
    int biases = cell.equals("lstm") ? 1 : 2;
    return (FEATURES + units + biases) * gates(cell) * units;
  }

  private double[] randoms(int count, double scale) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * scale); // a float, so that both have the same
    }
    return values;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private double[][][] sequences(int values) {
    double[][][] all = new double[STEPS][ROWS][];
    for (double[][] step : all) {
      Arrays.setAll(step, _ -> randoms(values, 1));
    }
    return all;
  }

  /** Returns one row of all steps. */
  private static double[][] row(double[][][] all, int row) {
    return Arrays.stream(all).map(step -> step[row]).toArray(double[][]::new);
  }

  private static GatedEquations equations(String cell, int units, double[] weights) {
    int width = gates(cell) * units;
    int recurrent = FEATURES * width;
    int biases = recurrent + units * width;
    return new GatedEquations(
        units,
        Arrays.copyOfRange(weights, 0, recurrent),
        Arrays.copyOfRange(weights, recurrent, biases),
        Arrays.copyOfRange(weights, biases, weights.length));
  }

  /** Tile 0 is step by step. */
  @ParameterizedTest
  @CsvSource({
    "lstm, 21, 0, true",
    "lstm, 21, 0, false",
    "lstm, 37, 2, true",
    "lstm, 67, 4, false",
    "lstm, 131, 5, true",
    "gru, 21, 0, true",
    "gru, 21, 0, false",
    "gru, 37, 2, true",
    "gru, 67, 4, false",
    "gru, 131, 5, true",
  })
  void statesAndGradientsAreTheEquations(String cell, int units, int tile, boolean allSteps) {
    double[] weights = randoms(weights(cell, units), 1 / Math.sqrt(units));
    double[][][] x = sequences(FEATURES);
    double[][][] above = sequences(units);
    if (!allSteps) {
      for (int t = 0; t < STEPS - 1; t++) {
        above[t] = new double[ROWS][units];
      }
    }
    try (Device device = Device.open()) {
      GatedMemory memory = memory(device, units, weights, x, above, allSteps);
      GatedLaunches launches = new GatedLaunches(device, memory);
      if (tile == 0) {
        launches.stepByStep();
      } else {
        launches.inOneLaunch(tile);
      }
      GatedEquations equations = equations(cell, units, weights);
      for (int row = 0; row < ROWS; row++) {
        GatedEquations.Sequence expected = equations.run(row(x, row), row(above, row));
        for (int t = 0; t < STEPS; t++) {
          close("h", memory.state(t, row), expected.h()[t + 1], STATES);
          if (cell.equals("lstm")) {
            close("c", memory.cellState(t, row), expected.c()[t + 1], STATES);
          }
          close("dx", memory.inputGradient(t, row), expected.dx()[t], GRADIENTS);
        }
      }
      float[] found = memory.weightGradients();
      int from = 0;
      for (double[] part : new double[][] {equations.dw, equations.du, equations.db}) {
        float[] its = Arrays.copyOfRange(found, from, from + part.length);
        close("weights from " + from, its, part, GRADIENTS);
        from += part.length;
      }
      assertThat(from).isEqualTo(found.length);
    }
    assertThat(Emulation.fault()).isEmpty();
  }

  private static GatedMemory memory(
      Device device,
      int units,
      double[] weights,
      double[][][] x,
      double[][][] above,
      boolean allSteps) {
    float[][][] inputs = new float[STEPS][ROWS][];
    for (int t = 0; t < STEPS; t++) {
      for (int row = 0; row < ROWS; row++) {
        inputs[t][row] = floats(x[t][row]);
      }
    }
    double[][][] given = allSteps ? above : new double[][][] {above[STEPS - 1]};
    double[] flat =
        Arrays.stream(given).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
    return new GatedMemory(device, units, inputs, floats(weights), floats(flat));
  }

  private static void close(String what, float[] found, double[] expected, double most) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(found[i] - expected[i], 2);
      size += Math.pow(expected[i], 2);
    }
    assertThat(Math.sqrt(difference / size)).as(what).isLessThan(most);
  }

  /**
   * Each weight's and input's gradient is the slope of the loss, or the equations prove nothing.
   */
  @ParameterizedTest
  @ValueSource(strings = {"lstm", "gru"})
  void theEquationsGradientsAreSlopes(String cell) {
    int units = 3;
    double[] weights = randoms(weights(cell, units), 0.6);
    double[][] x = row(sequences(FEATURES), 0);
    double[][] above = row(sequences(units), 0);
    GatedEquations equations = equations(cell, units, weights);
    GatedEquations.Sequence all = equations.run(x, above);
    double[] gradients =
        Arrays.stream(new double[][] {equations.dw, equations.du, equations.db})
            .flatMapToDouble(Arrays::stream)
            .toArray();
    for (int i = 0; i < weights.length; i++) {
      assertThat(slope(cell, units, weights, x, above, weights, i))
          .as("weight " + i)
          .isCloseTo(gradients[i], offset(1e-7));
    }
    for (int t = 0; t < STEPS; t++) {
      for (int i = 0; i < FEATURES; i++) {
        assertThat(slope(cell, units, weights, x, above, x[t], i))
            .as("input " + i + " of step " + t)
            .isCloseTo(all.dx()[t][i], offset(1e-7));
      }
    }
  }

  /** Returns how the loss changes with {@code of[i]}, which is one of the others' values. */
  private static double slope(
      String cell,
      int units,
      double[] weights,
      double[][] x,
      double[][] above,
      double[] of,
      int i) {
    double step = 1e-5;
    double at = of[i];
    of[i] = at + step;
    double more = equations(cell, units, weights).run(x, above).loss(above);
    of[i] = at - step;
    double less = equations(cell, units, weights).run(x, above).loss(above);
    of[i] = at;
    return (more - less) / (2 * step);
  }
}
