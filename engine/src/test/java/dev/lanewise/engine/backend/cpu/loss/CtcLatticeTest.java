package dev.lanewise.engine.backend.cpu.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.reference.ReferenceCtc;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One lattice after another in the same room, against the reference. */
class CtcLatticeTest {
  private final CtcLattice lattice = new CtcLattice();

  private void agrees(double[] logits, int classes, int[] labels) {
    int steps = logits.length / classes;
    double[] gradient = new double[logits.length];
    double expected = ReferenceCtc.loss(logits, classes, labels, gradient);
    lattice.begin(steps, labels.length);
    for (int i = 0; i < labels.length; i++) {
      lattice.label(i, labels[i]);
    }
    double[] softmax = new double[logits.length];
    for (int t = 0; t < steps; t++) {
      double[] z = Arrays.copyOfRange(logits, t * classes, (t + 1) * classes);
      double most = Arrays.stream(z).max().orElseThrow();
      double total = most + Math.log(Arrays.stream(z).map(v -> Math.exp(v - most)).sum());
      for (int c = 0; c < classes; c++) {
        softmax[t * classes + c] = Math.exp(z[c] - total);
      }
      lattice.giveBlank(t, z[0] - total);
      for (int i = 0; i < labels.length; i++) {
        lattice.give(t, i, z[labels[i]] - total);
      }
    }
    assertThat(-lattice.goForward()).isCloseTo(expected, within(1e-12 * Math.max(1, expected)));
    for (int t = steps - 1; t >= 0; t--) {
      double[] posteriors = lattice.goBack(t);
      for (int s = 0; s < lattice.states(); s++) {
        softmax[t * classes + lattice.classOf(s)] -= posteriors[s];
      }
    }
    for (int i = 0; i < softmax.length; i++) {
      assertThat(softmax[i]).as("gradient %s", i).isCloseTo(gradient[i], within(1e-9));
    }
  }

  /** The last ones are far below the least double, and so is all of it but one path. */
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "5, 3, 2", "40, 12, 3", "700, 60, 20", "300, 100, 200", "100, 50, 1000"})
  void lossesAndSharesAgree(int steps, int labels, double scale) {
    Random random = new Random(steps);
    for (int i = 0; i < 3; i++) {
      double[] logits = random.doubles(steps * 7, -scale, scale).toArray();
      agrees(logits, 7, random.ints(labels, 1, 7).limit(feasible(labels, steps)).toArray());
    }
  }

  private static int feasible(int labels, int steps) {
    return Math.min(labels, (steps + 1) / 2); // even if all were equal
  }

  @Test
  void noLabelsAndEqualOnes() {
    double[] logits = new Random(1).doubles(9 * 3, -3, 3).toArray();
    agrees(logits, 3, new int[0]);
    agrees(logits, 3, new int[] {2, 2, 2, 2, 2});
    agrees(logits, 3, new int[] {1, 2, 1, 2, 1, 2, 1, 2, 1}); // one path alone
  }
}
