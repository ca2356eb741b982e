package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The reference's losses against their formulas, their gradients against central differences. */
class ReferenceLossTest {
  private static final double STEP = 1e-6;
  private static final double TOLERANCE = 1e-6;
  private static final int WIDTH = 4;
  private static final long SEED = 23;

  private final Random random = new Random(SEED);

  private void check(Loss loss, boolean clip, double[] y, double[] t) {
    double[] found = ReferenceLoss.of(loss, y, t, WIDTH, clip).gradient();
    for (int i = 0; i < y.length; i++) {
      double kept = y[i];
      y[i] = kept + STEP;
      double above = ReferenceLoss.of(loss, y, t, WIDTH, clip).value();
      y[i] = kept - STEP;
      double below = ReferenceLoss.of(loss, y, t, WIDTH, clip).value();
      y[i] = kept;
      double numeric = (above - below) / (2 * STEP);
      double error = Math.abs(found[i] - numeric) / (Math.abs(found[i]) + Math.abs(numeric) + 1e-3);
      assertThat(error)
          .as("%s, clip %s, index %d, seed %d", loss, clip, i, SEED)
          .isLessThan(TOLERANCE);
    }
  }

  @Test
  void gradientsAgreeWithCentralDifferences() {
    double[] t = {0, 1, 0, 0, 0.25, 0.5, 0.25, 0, 0.5, 0, 0, 0.5};
    double[] y = random.doubles(t.length, 0.1, 0.9).toArray();
    check(Loss.MEAN_SQUARED_ERROR, false, y, t);
    check(Loss.CATEGORICAL_CROSSENTROPY, false, y, t);
    check(Loss.CATEGORICAL_CROSSENTROPY, true, y, t);
    check(
        Loss.SPARSE_CATEGORICAL_CROSSENTROPY,
        true,
        y,
        new double[] {0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1});
    check(Loss.BINARY_CROSSENTROPY, false, y, t);
    check(new BinaryCrossentropy(false, 0.2), true, y, t);
    check(Loss.KL_DIVERGENCE, false, y, t);
    check(Loss.COSINE_SIMILARITY, false, y, t);
    check(new CategoricalCrossentropy(false, 0.3), true, y, t);
  }

  @Test
  void gradientsByLogitsAgreeWithCentralDifferences() {
    double[] t = {0, 1, 0, 0, 0.25, 0.5, 0.25, 0, 0.5, 0, 0, 0.5};
    double[] z = random.doubles(t.length, -3, 3).toArray();
    check(new CategoricalCrossentropy(true, 0), false, z, t);
    check(new CategoricalCrossentropy(true, 0.3), false, z, t);
    check(new SparseCategoricalCrossentropy(true), false, z, t);
    check(new BinaryCrossentropy(true, 0.2), false, z, t);
  }

  @Test
  void gradientsOfErrorsAgreeWithCentralDifferences() {
    double[] t = random.doubles(12, -3, 3).toArray();
    double[] y = random.doubles(12, -3, 3).toArray();
    check(Loss.MEAN_ABSOLUTE_ERROR, false, y, t);
    check(Loss.HUBER, false, y, t);
    check(new Huber(0.4), false, y, t);
    check(Loss.LOG_COSH, false, y, t);
    check(Loss.MEAN_ABSOLUTE_PERCENTAGE_ERROR, false, y, t);
    check(Loss.MEAN_SQUARED_LOGARITHMIC_ERROR, false, y, t); // half of it below 0
    double[] counts = random.ints(12, 0, 5).asDoubleStream().toArray();
    double[] rates = random.doubles(12, 0.3, 4).toArray();
    check(Loss.MEAN_SQUARED_LOGARITHMIC_ERROR, false, rates, counts);
    check(Loss.POISSON, false, rates, counts);
  }

  @Test
  void gradientsOfMarginsAgreeWithCentralDifferences() {
    double[] y = random.doubles(12, -2, 2).toArray();
    for (double no : new double[] {0, -1}) {
      double[] t = random.ints(12, 0, 2).mapToDouble(yes -> yes == 0 ? no : 1).toArray();
      check(Loss.HINGE, false, y, t);
      check(Loss.SQUARED_HINGE, false, y, t);
    }
    double[] t = {0, 1, 0, 0, 0.25, 0.5, 0.25, 0, 0, 0, 0, 1};
    check(Loss.CATEGORICAL_HINGE, false, y, t);
  }

  @Test
  void gradientsOfFocalLossesAgreeWithCentralDifferences() {
    double[] t = {0, 1, 0, 0, 0.25, 0.5, 0.25, 0, 0.5, 0, 0, 0.5};
    double[] y = random.doubles(t.length, 0.1, 0.9).toArray();
    double[] z = random.doubles(t.length, -3, 3).toArray();
    for (double gamma : new double[] {0, 0.5, 1, 2, 3.5}) {
      check(new BinaryFocalCrossentropy(false, 0.25, gamma, false, 0), true, y, t);
      check(new BinaryFocalCrossentropy(true, 0.3, gamma, false, 0.2), false, y, t);
      check(new BinaryFocalCrossentropy(true, 0.3, gamma, true, 0.1), false, z, t);
      check(new CategoricalFocalCrossentropy(0.25, gamma, false, 0), true, y, t);
      check(new CategoricalFocalCrossentropy(0.7, gamma, false, 0.2), true, y, t);
      check(new CategoricalFocalCrossentropy(0.7, gamma, true, 0.1), true, z, t);
    }
  }

  @Test
  void clippedProbabilitiesHaveNoGradient() {
    double[] t = {0.5, 0.5, 0, 0};
    check(Loss.CATEGORICAL_CROSSENTROPY, true, new double[] {-0.5, 0.7, 0.4, 0.4}, t);
    check(Loss.CATEGORICAL_CROSSENTROPY, true, new double[] {1.5, -0.1, -0.2, -0.2}, t);
    double[] outside = {-0.5, 1.7, 0.4, 0.4};
    check(Loss.SPARSE_CATEGORICAL_CROSSENTROPY, true, outside, new double[] {1, 0, 0, 0});
    check(Loss.BINARY_CROSSENTROPY, true, outside, t);
    check(Loss.KL_DIVERGENCE, true, outside, t);
  }

  @Test
  void valuesFollowKerassFormulas() {
    double[] y = {0.2, 0.6, 0.8, 0.4}; // sum 2
    double[] t = {0, 0.5, 0.5, 0};
    assertThat(ReferenceLoss.of(Loss.CATEGORICAL_CROSSENTROPY, y, t, WIDTH, true).value())
        .isCloseTo(-(Math.log(0.3) + Math.log(0.4)) / 2, offset(1e-15));
    assertThat(ReferenceLoss.of(Loss.MEAN_SQUARED_ERROR, y, t, WIDTH, false).value())
        .isCloseTo((0.04 + 0.01 + 0.09 + 0.16) / 4, offset(1e-15));
    double[] certain = {0, 3, 0, 0};
    double[] wrong = {1, 0, 0, 0};
    assertThat(ReferenceLoss.of(Loss.CATEGORICAL_CROSSENTROPY, certain, wrong, WIDTH, true).value())
        .isCloseTo(-Math.log(1e-7), offset(1e-15));
  }
}
