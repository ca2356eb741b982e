package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The memory of a model that answers has a bound, whatever the lengths of what it is asked. */
class ScorerTest {
  @Test
  void predictorsOfTheLastLengthsStay() {
    Graph.Input any = new Graph.Input("series", Shape.of(1, 2), true, 0);
    byte[] keras;
    try (Model model =
        Model.sequential(any, Gru.of(3)).compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      keras = KerasBytes.ofWeights(model);
    }
    try (Scorer scorer = new Scorer(KerasBytes.read(keras))) {
      for (int steps = 1; steps <= 3 * Scorer.MOST; steps++) {
        int length = steps;
        scorer.answer(
            List.of(steps),
            (predictor, sizes) -> {
              assertThat(predictor.inputSize()).isEqualTo(2 * length);
              assertThat(sizes).containsExactly(3);
            });
        assertThat(scorer.predictors()).isEqualTo(Math.min(steps, Scorer.MOST));
      }
      scorer.answer( // one that is in use stays, however many come after it
          List.of(1),
          (predictor, sizes) -> {
            for (int steps = 2; steps <= 3 * Scorer.MOST; steps++) {
              scorer.answer(List.of(steps), (other, others) -> {});
            }
            predictor.predict(new float[2], new float[3]);
          });
    }
  }
}
