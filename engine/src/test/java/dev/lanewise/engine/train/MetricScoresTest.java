package dev.lanewise.engine.train;

import static dev.lanewise.engine.metric.Selection.ALL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.ConcordanceCorrelation;
import dev.lanewise.engine.metric.FBetaScore;
import dev.lanewise.engine.metric.FBetaScore.Average;
import dev.lanewise.engine.metric.IoU;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.metric.OperatingPoint;
import dev.lanewise.engine.metric.OperatingPoint.Trade;
import dev.lanewise.engine.metric.PearsonCorrelation;
import dev.lanewise.engine.metric.R2Score;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Metrics that keep more than a mean depend on samples and weights, and on nothing else. */
class MetricScoresTest {
  private static final int SAMPLES = 61;

  private static final List<Metric> METRICS =
      List.of(
          Metric.of(new R2Score(), "r2_score"),
          Metric.of(new R2Score(R2Score.Aggregation.VARIANCE_WEIGHTED_AVERAGE, 2), "r2").byWeight(),
          Metric.of(FBetaScore.f1(Average.MACRO, null), "f1_score"),
          Metric.of(new FBetaScore(Average.WEIGHTED, 2, 0.4), "fbeta_score").byWeight(),
          Metric.of(new OperatingPoint(Trade.RECALL_AT_PRECISION, 0.3, 11, ALL), "recall_at"),
          Metric.of(new PearsonCorrelation(), "pearson"),
          Metric.of(new ConcordanceCorrelation(), "concordance").byWeight(),
          Metric.of(IoU.ofAll(3), "mean_io_u"));

  private static Model model() {
    return Model.sequential(Shape.of(4), Dense.of(3, Activation.SOFTMAX))
        .compile(Sgd.of(0.1), Loss.CATEGORICAL_CROSSENTROPY, METRICS.toArray(Metric[]::new));
  }

  private static Dataset data() {
    Random random = new Random(5);
    float[] x = new float[SAMPLES * 4];
    float[] t = new float[SAMPLES * 3];
    float[] weights = new float[SAMPLES];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() * 4 - 2;
    }
    for (int i = 0; i < SAMPLES; i++) {
      t[3 * i + random.nextInt(3)] = 1;
      weights[i] = random.nextFloat();
    }
    return Dataset.of(Shape.of(4), x, t, 3).withSampleWeights(weights);
  }

  @Test
  void neitherBatchesNorThreadsShowInThem() {
    try (Model model = model()) {
      double[] expected = sums(model, 1, SAMPLES);
      for (int threads = 1; threads <= 3; threads++) {
        for (int batch : new int[] {1, 7, 30}) {
          assertThat(sums(model, threads, batch)).isEqualTo(expected);
        }
      }
    }
  }

  private static double[] sums(Model model, int threads, int batch) {
    try (Plan plan = new CpuBackend().compile(model.spec(), new PlanOptions(SAMPLES, threads))) {
      plan.load(model.parameters());
      Totals totals = new Totals(model.spec());
      plan.evaluate(data(), batch, totals);
      return totals.toArray();
    }
  }

  @Test
  void aFitReportsThem() {
    try (Model model = model()) {
      History history = model.fit(data(), FitOptions.epochs(2).withBatchSize(8));
      for (Metric metric : METRICS) {
        assertThat(history.history().get(metric.name())).hasSize(2).allMatch(Double::isFinite);
      }
      double found = model.evaluate(data(), 9).values().get("f1_score");
      assertThat(found).isBetween(0.1, 1.0);
    }
  }
}
