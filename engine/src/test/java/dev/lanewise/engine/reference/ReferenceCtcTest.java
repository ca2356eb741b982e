package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.loss.CtcDecoder;
import dev.lanewise.engine.loss.CtcDecoder.Decoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The reference against all paths, one by one, and so is what reads labels from logits. */
class ReferenceCtcTest {
  private static final int CLASSES = 3;

  /** Returns the probability of each sequence of labels, by all paths that spell it. */
  private static Map<List<Integer>, Double> spelled(double[] logits, int steps) {
    Map<List<Integer>, Double> all = new HashMap<>();
    for (int path = 0; path < Math.pow(CLASSES, steps); path++) {
      List<Integer> labels = new ArrayList<>();
      double probability = 1;
      int before = 0;
      for (int t = 0, left = path; t < steps; t++, left /= CLASSES) {
        int c = left % CLASSES;
        double[] z = Arrays.copyOfRange(logits, t * CLASSES, (t + 1) * CLASSES);
        probability *= Math.exp(z[c]) / Arrays.stream(z).map(Math::exp).sum();
        if (c != 0 && c != before) {
          labels.add(c);
        }
        before = c;
      }
      all.merge(labels, probability, Double::sum);
    }
    return all;
  }

  private static double loss(double[] logits, List<Integer> labels) {
    int[] of = labels.stream().mapToInt(Integer::intValue).toArray();
    return ReferenceCtc.loss(logits, CLASSES, of, new double[logits.length]);
  }

  @Test
  void lossesAreThoseOfAllPaths() {
    Random random = new Random(5);
    for (int steps = 1; steps <= 6; steps++) {
      double[] logits = random.doubles(steps * CLASSES, -2, 2).toArray();
      Map<List<Integer>, Double> all = spelled(logits, steps);
      assertThat(all.values().stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-12));
      all.forEach(
          (labels, p) ->
              assertThat(loss(logits, labels))
                  .as(labels + " of " + all.size())
                  .isCloseTo(-Math.log(p), within(1e-12)));
    }
    assertThat(loss(new double[6], List.of(1, 1))).isInfinite(); // a blank must be between them
  }

  @Test
  void gradientsAgreeWithCentralDifferences() {
    Random random = new Random(6);
    double step = 1e-5;
    for (int[] labels : new int[][] {{}, {1}, {2, 2}, {1, 2, 1}, {2, 1, 0, 0}}) {
      double[] logits = random.doubles(6 * CLASSES, -2, 2).toArray();
      double[] gradient = new double[logits.length];
      ReferenceCtc.loss(logits, CLASSES, labels, gradient);
      for (int i = 0; i < logits.length; i++) {
        double kept = logits[i];
        logits[i] = kept + step;
        double above = ReferenceCtc.loss(logits, CLASSES, labels, new double[logits.length]);
        logits[i] = kept - step;
        double below = ReferenceCtc.loss(logits, CLASSES, labels, new double[logits.length]);
        logits[i] = kept;
        assertThat(gradient[i]).isCloseTo((above - below) / (2 * step), within(1e-8));
      }
    }
  }

  /** A beam that keeps all finds the likeliest of all, each with the probability of all paths. */
  @Test
  void beamsFindTheLikeliestLabels() {
    Random random = new Random(7);
    for (int steps = 1; steps <= 5; steps++) {
      double[] logits = random.doubles(steps * CLASSES, -2, 2).map(v -> (float) v).toArray();
      List<Map.Entry<List<Integer>, Double>> expected =
          spelled(logits, steps).entrySet().stream()
              .sorted(Map.Entry.<List<Integer>, Double>comparingByValue().reversed())
              .toList();
      List<Decoded> found = CtcDecoder.beamSearch(Floats.of(logits), CLASSES, 1000, 1000);
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).labels()).isEqualTo(expected.get(i).getKey());
        assertThat(found.get(i).logProbability())
            .isCloseTo(Math.log(expected.get(i).getValue()), within(1e-9));
      }
      assertThat(CtcDecoder.beamSearch(Floats.of(logits), CLASSES, 3, 2)).hasSize(2);
    }
  }
}
