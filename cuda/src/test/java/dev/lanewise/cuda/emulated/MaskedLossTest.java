package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Losses and metrics that leave masked steps out, and masks made of several, beside the CPU's. */
@Tag("emulated")
class MaskedLossTest {
  private static final double TOLERANCE = 2e-5;
  private static final int SAMPLES = 7;
  private static final int STEPS = 6;
  private static final Metric ACCURACY = Metric.of(new Measure.Accuracy(), "accuracy");
  private static final Metric WEIGHTED = new Metric(new Measure.Accuracy(), "weighted", true);
  private static final Metric ERROR = Metric.MEAN_ABSOLUTE_ERROR.named("error");
  private static final Metric ROOT = Metric.of(new Measure.RootMeanSquaredError(), "root");

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  /** Ids of two sequences a sample, of lengths from none to all of the steps. */
  private static float[] ids(int sequences) {
    float[] ids = new float[SAMPLES * sequences * STEPS];
    for (int i = 0; i < ids.length; i++) {
      boolean counts = i % STEPS < i / STEPS * 3 % (STEPS + 1);
      ids[i] = counts ? 1 + i * 7 % 31 % 12 : 0;
    }
    return ids;
  }

  private static Targets classes(Random random) {
    return Targets.ofLabels(random.ints(SAMPLES * STEPS, 0, 3).toArray(), SAMPLES, 3);
  }

  private static float[] randoms(Random random, int count) {
    return Floats.of(Configurations.randoms(random, count, 1));
  }

  @Test
  void aMeanOverTheStepsThatCount() {
    GraphBuilder g = new GraphBuilder();
    Value words = g.apply(Embedding.of(13, 4).maskingZero(), g.input("words", Shape.of(STEPS)));
    Value h = g.apply(Lstm.of(5).returningSequences(), words);
    g.output(
        g.apply(Dense.of(3, Activation.SOFTMAX), h),
        g.apply(Dense.of(1, Activation.SIGMOID), h),
        g.apply(Dense.of(2), g.apply(GlobalAveragePooling1D.withDefaults(), h)));
    ModelSpec spec =
        new ModelSpec(
            g.build(),
            List.of(
                OutputSpec.of("class", Loss.CATEGORICAL_CROSSENTROPY, ACCURACY, WEIGHTED),
                OutputSpec.of("yes", Loss.BINARY_CROSSENTROPY, ACCURACY, ERROR, ROOT)
                    .withWeight(0.5),
                OutputSpec.of("value", Loss.MEAN_SQUARED_ERROR, ERROR)),
            Sgd.of(0.1));
    Random random = new Random(1);
    Dataset data =
        Dataset.of(
            spec.inputs(),
            ids(1),
            List.of(
                classes(random).withWeights(randoms(random, SAMPLES * STEPS)),
                Targets.ofLabels(random.ints(SAMPLES * STEPS, 0, 2).toArray(), SAMPLES, 2),
                Targets.of(randoms(random, SAMPLES * 2), SAMPLES, 2)));
    TwoBackends.agree(spec, data, 3, TOLERANCE);
  }

  /** Masks that meet, follow one another, are told, and are gone. */
  @Test
  void masksMadeOfSeveral() {
    GraphBuilder g = new GraphBuilder();
    Value first = g.input("first", Shape.of(STEPS));
    Value second = g.input("second", Shape.of(STEPS));
    Value a = g.apply(Embedding.of(13, 4).maskingZero(), first);
    Value b = g.apply(Embedding.of(13, 4).maskingZero(), second);
    Value none = g.apply(Embedding.of(13, 4).frozen(), second);
    Value either = g.apply(Pointwise.ADD, a, b);
    Value cells = g.apply(Rnn.of(Gru.of(3), SimpleRnn.of(4)).returningSequences(), either);
    Value turns = g.apply(new Concatenate(1), a, none, cells, b);
    Value told = g.share(SimpleRnn.of(4)).applyUnder(List.of(b), none).getFirst();
    Value end = g.apply(Lstm.of(4).goingBackwards(), turns);
    g.output(g.apply(Dense.of(3), g.apply(Concatenate.FEATURES, end, told)), cells);
    ModelSpec spec =
        new ModelSpec(
            g.build(),
            List.of(
                OutputSpec.of("end", Loss.MEAN_SQUARED_ERROR, ERROR),
                OutputSpec.of("steps", Loss.MEAN_SQUARED_ERROR, ERROR)),
            Sgd.of(0.1));
    Random random = new Random(2);
    Dataset data =
        Dataset.of(
            spec.inputs(),
            ids(2),
            List.of(
                Targets.of(randoms(random, SAMPLES * 3), SAMPLES, 3),
                Targets.of(randoms(random, SAMPLES * STEPS * 4), SAMPLES, STEPS * 4)));
    TwoBackends.agree(spec, data, 3, TOLERANCE);
  }

  @Test
  void evaluatingNeedsRoomForAWholeBatch() {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(STEPS, 2),
            List.of(Masking.ofZeros(), Dense.of(3, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Sgd.of(0.1));
    Random random = new Random(3);
    float[] inputs = randoms(random, SAMPLES * STEPS * 2);
    Dataset data = Dataset.of(spec.inputs(), inputs, List.of(classes(random)));
    try (Plan plan = new CudaBackend().compile(spec, new PlanOptions(3, 1, 7))) {
      Totals totals = new Totals(spec);
      assertThatThrownBy(() -> plan.evaluate(data, 1_000_000, totals))
          .hasMessageContaining("found 1000000")
          .hasMessageContaining("ask for smaller ones");
    }
  }
}
