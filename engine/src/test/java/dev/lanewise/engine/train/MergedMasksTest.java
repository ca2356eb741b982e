package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.MaskRule;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A loss is the mean over the steps that count once masks have met. */
class MergedMasksTest {
  private static final int SAMPLES = 20;
  private static final int STEPS = 6;
  private static final int CLASSES = 3;

  @ParameterizedTest
  @EnumSource
  void lossesAreOfTheStepsThatCount(MaskRule rule) {
    SplitMix64 random = new SplitMix64(8);
    float[] x = new float[SAMPLES * 2 * STEPS];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(4);
    }
    int[] labels = new int[SAMPLES * STEPS];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(CLASSES);
    }
    Dataset data = Dataset.of(List.of(Shape.of(STEPS), Shape.of(STEPS)), x, labels, CLASSES);
    try (Model model =
        Model.graph(
                g ->
                    g.output(
                        g.apply(
                            Dense.of(CLASSES, Activation.SOFTMAX),
                            g.apply(
                                Pointwise.ADD.withRule(rule),
                                g.apply(
                                    Embedding.of(4, 5).maskingZero(),
                                    g.input("a", Shape.of(STEPS))),
                                g.apply(
                                    Embedding.of(4, 5).maskingZero(),
                                    g.input("b", Shape.of(STEPS)))))))
            .compile(Sgd.of(0.1), Loss.SPARSE_CATEGORICAL_CROSSENTROPY)) {
      float[] y = model.predict(data, SAMPLES);
      double sum = 0;
      int counted = 0;
      for (int i = 0; i < labels.length; i++) {
        int first = i / STEPS * 2 * STEPS + i % STEPS;
        boolean a = x[first] != 0;
        boolean b = x[first + STEPS] != 0;
        if (rule == MaskRule.KERAS_2 ? a && b : a || b) {
          sum -= Math.log(y[i * CLASSES + labels[i]]);
          counted++;
        }
      }
      assertThat(counted).isBetween(1, labels.length - 1);
      assertThat(model.evaluate(data, SAMPLES).loss()).isCloseTo(sum / counted, within(1e-5));
    }
  }
}
