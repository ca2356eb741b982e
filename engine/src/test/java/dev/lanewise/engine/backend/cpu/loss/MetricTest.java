package dev.lanewise.engine.backend.cpu.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.FBetaScore;
import dev.lanewise.engine.metric.IoU;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.metric.OperatingPoint;
import dev.lanewise.engine.metric.OperatingPoint.Trade;
import dev.lanewise.engine.metric.R2Score;
import dev.lanewise.engine.metric.Selection;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Metrics of rows that are given, by their definitions. */
class MetricTest {
  private static double value(Metric metric, double[][] outputs, double[][] targets) {
    double[] ones = new double[outputs.length];
    Arrays.fill(ones, 1);
    return value(metric, outputs, targets, ones);
  }

  private static double value(
      Metric metric, double[][] outputs, double[][] targets, double[] weights) {
    RowMetric rows =
        RowMetric.of(metric, outputs[0].length, loss -> LossForm.of(loss, Activation.LINEAR));
    Totals totals = new Totals(List.of(metric));
    for (int i = 0; i < outputs.length; i++) {
      double[] cells = new double[rows.cells()];
      rows.measure(GivenRow.of(outputs[i], Activation.LINEAR, targets[i], weights[i], 0), cells, 0);
      rows.addTo(totals, 0, cells, 0);
    }
    return totals.value(metric);
  }

  private static Metric top(int k) {
    return Metric.of(new Measure.TopKCategoricalAccuracy(k), "top");
  }

  /** As TensorFlow's in_top_k: all that are equal at the boundary are in. */
  @Test
  void theTargetsClassIsAmongTheLargest() {
    double[][] y = {{0.1, 0.4, 0.3, 0.2}, {0.25, 0.25, 0.25, 0.25}};
    double[][] t = {{0, 0, 0, 1}, {0, 0, 0, 1}};
    assertThat(value(top(1), y, t)).isEqualTo(0.5);
    assertThat(value(top(2), y, t)).isEqualTo(0.5);
    assertThat(value(top(3), y, t)).isEqualTo(1);
    assertThat(value(top(1), new double[][] {{Double.NaN, 0}}, new double[][] {{1, 0}})).isZero();
  }

  @Test
  void aHalfIsNotAboveAHalf() {
    double[][] y = {{0.5}, {0.6}, {0.4}, {0.9}};
    double[][] t = {{0}, {1}, {1}, {0.9}};
    assertThat(value(Metric.ACCURACY, y, t)).isEqualTo(0.5); // 0.9 is neither 0 nor 1
    assertThat(value(Metric.BINARY_ACCURACY, y, t)).isEqualTo(0.5);
    assertThat(value(Metric.PRECISION, y, t)).isEqualTo(1); // any target but 0 is positive
    assertThat(value(Metric.RECALL, y, t)).isEqualTo(2.0 / 3);
  }

  @Test
  void severalOutputsEachCountForPrecisionAndRecall() {
    double[][] y = {{0.9, 0.8, 0.1}, {0.7, 0.2, 0.6}};
    double[][] t = {{1, 0, 1}, {1, 0, 0}};
    assertThat(value(Metric.PRECISION, y, t)).isEqualTo(2.0 / 4);
    assertThat(value(Metric.RECALL, y, t)).isEqualTo(2.0 / 3);
    double[] weights = {2, 1};
    assertThat(value(Metric.PRECISION.byWeight(), y, t, weights)).isEqualTo(3.0 / 6);
    assertThat(value(Metric.RECALL.byWeight(), y, t, weights)).isEqualTo(3.0 / 5);
    double[] ones = {2, 1};
    assertThat(value(Metric.RECALL, y, t, ones)).isEqualTo(2.0 / 3); // takes no notice
  }

  @Test
  void nothingOfAKindIsZeroAndNoFault() {
    double[][] y = {{0.1}, {0.2}};
    double[][] none = {{0}, {0}};
    assertThat(value(Metric.PRECISION, y, none)).isZero();
    assertThat(value(Metric.RECALL, y, none)).isZero();
    assertThat(value(Metric.AUC, y, none)).isZero();
    double[] zeros = {0, 0};
    assertThat(value(Metric.MEAN_ABSOLUTE_ERROR.byWeight(), y, none, zeros)).isZero();
  }

  /** With every threshold's rates counted one by one, as the definition says. */
  @Test
  void theAreaIsThatOfTrapezoidsBetweenThresholds() {
    Random random = new Random(4);
    int rows = 300;
    double[][] y = new double[rows][1];
    double[][] t = new double[rows][1];
    double[] weights = new double[rows];
    for (int i = 0; i < rows; i++) {
      t[i][0] = random.nextInt(2);
      y[i][0] =
          (float) Math.clamp(0.5 + (t[i][0] - 0.5) * 0.3 + random.nextGaussian() / 5, -0.1, 1.1);
      weights[i] = 0.5 + random.nextDouble();
    }
    y[0][0] = 0;
    y[1][0] = 1;
    for (int thresholds : new int[] {2, 5, 200}) {
      Metric metric = Metric.of(new Measure.Auc(thresholds), "auc").byWeight();
      double area = 0;
      double[] above = rates(y, t, weights, 0, thresholds);
      for (int i = 1; i < thresholds; i++) {
        double[] next = rates(y, t, weights, i, thresholds);
        area += (above[1] - next[1]) * (above[0] + next[0]) / 2;
        above = next;
      }
      assertThat(value(metric, y, t, weights)).isCloseTo(area, offset(1e-12));
    }
  }

  /** The share of positives above a threshold, and of negatives; all are above the first. */
  private static double[] rates(
      double[][] y, double[][] t, double[] weights, int index, int thresholds) {
    double[] above = new double[2];
    double[] all = new double[2];
    for (int i = 0; i < y.length; i++) {
      int kind = t[i][0] != 0 ? 0 : 1;
      boolean last = index == thresholds - 1;
      boolean is = index == 0 || (!last && y[i][0] > (double) index / (thresholds - 1));
      above[kind] += is ? weights[i] : 0;
      all[kind] += weights[i];
    }
    return new double[] {above[0] / all[0], above[1] / all[1]};
  }

  @Test
  void aCosineIsOfDirectionsAlone() {
    double[][] y = {{3, 4}, {0, 0}, {1, 0}};
    double[][] t = {{6, 8}, {1, 0}, {-2, 0}};
    assertThat(value(Metric.COSINE_SIMILARITY, y, t)).isCloseTo(0, offset(1e-15)); // 1, 0, -1
    assertThat(value(Metric.COSINE_SIMILARITY, new double[][] {y[0]}, new double[][] {t[0]}))
        .isCloseTo(1, offset(1e-15));
  }

  @Test
  void metricsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> top(0)).hasMessageContaining("k must be at least 1, found 0");
    assertThatThrownBy(() -> new Measure.Auc(1)).hasMessageContaining("thresholds must be 2 to");
    assertThatThrownBy(() -> new R2Score(R2Score.Aggregation.UNIFORM_AVERAGE, -1))
        .hasMessageContaining("R2Score: numRegressors must be at least 0, found -1");
    assertThatThrownBy(() -> new FBetaScore(FBetaScore.Average.MICRO, 0, null))
        .hasMessageContaining("FBetaScore: beta must be above 0, found 0.0");
    assertThatThrownBy(() -> FBetaScore.f1(FBetaScore.Average.MICRO, 0.0))
        .hasMessageContaining("FBetaScore: threshold must be above 0 and at most 1, found 0.0");
    assertThatThrownBy(() -> new OperatingPoint(Trade.PRECISION_AT_RECALL, 1.5))
        .hasMessageContaining("OperatingPoint: least must be in [0, 1], found 1.5");
    assertThatThrownBy(() -> new OperatingPoint(Trade.PRECISION_AT_RECALL, 1, 0, Selection.ALL))
        .hasMessageContaining("OperatingPoint: thresholds must be 1 to 65536, found 0");
    Selection two = Selection.ofLargest(2);
    assertThatThrownBy(() -> new OperatingPoint(Trade.PRECISION_AT_RECALL, 1, 5, two))
        .hasMessageContaining("found the largest 2");
    assertThatThrownBy(() -> Selection.ofLargest(0)).hasMessageContaining("topK must be at least");
    assertThatThrownBy(() -> Selection.ofClass(-1))
        .hasMessageContaining("classId must be at least");
    assertThat(new Measure.Recall(0, two).fault(Shape.of(1)))
        .isEqualTo("the 2 largest are of as many units at least, found 1");
    assertThat(new Measure.Recall(0, Selection.ofClass(2)).fault(Shape.of(9, 2)))
        .isEqualTo("class 2 has no unit among 2, which are numbered from 0");
    assertThatThrownBy(() -> IoU.ofAll(0))
        .hasMessageContaining("IoU: numClasses must be 1 to 1024");
    assertThatThrownBy(() -> new IoU(2, List.of(2), null, new IoU.Call.Value(), true))
        .hasMessageContaining("IoU: targetClassIds must be some of 0 to 1, found [2]");
    assertThatThrownBy(() -> new IoU(3, List.of(1), null, new IoU.Call.From(0.5), true))
        .hasMessageContaining("IoU: numClasses must be 2 where a threshold calls them, found 3");
    for (String name :
        List.of("loss", "epoch", "val_mae", "", "a,b", "\u001b[31m", "a".repeat(101))) {
      assertThatThrownBy(() -> Metric.ACCURACY.named(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found '" + name + "'");
    }
    List<Metric> twins = List.of(Metric.ACCURACY, Metric.ACCURACY.byWeight());
    assertThatThrownBy(
            () ->
                new ModelSpec(
                    Shape.of(1), List.of(Dense.of(1)), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), twins))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two are named accuracy");
  }
}
