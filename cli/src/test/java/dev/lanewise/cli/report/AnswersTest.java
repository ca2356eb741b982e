package dev.lanewise.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which models answer with classes, and with which. */
class AnswersTest {
  private static final Shape ONE = Shape.of(1);

  private static Model model(int units, Activation last, Loss loss) {
    return Model.sequential(ONE, new Dense(units, last, false)).compile(Sgd.of(0.1), loss);
  }

  @Test
  void classesAreTheLargestOfSeveralOrYesAndNo() {
    Dataset labels = Dataset.of(ONE, new float[] {0.4f, -0.4f}, new int[] {1, 0}, 2);
    Dataset numbers = Dataset.of(ONE, new float[] {0.4f, -0.4f}, new float[] {1, 0, 0, 1}, 2);
    for (Loss loss :
        List.of(Loss.CATEGORICAL_HINGE, Loss.CATEGORICAL_FOCAL_CROSSENTROPY, Loss.HINGE)) {
      try (Model model = model(2, Activation.SOFTMAX, loss)) {
        assertThat(Answers.areClasses(model.spec(), labels)).isTrue();
        assertThat(Answers.areClasses(model.spec(), numbers)).isEqualTo(loss != Loss.HINGE);
      }
    }
    for (Loss loss : List.of(Loss.BINARY_FOCAL_CROSSENTROPY, Loss.POISSON)) {
      try (Model model = model(1, Activation.SIGMOID, loss)) {
        assertThat(Answers.areClasses(model.spec(), labels)).isEqualTo(loss != Loss.POISSON);
      }
    }
  }

  /** 0.4 is a yes as a logit, and as a probability a no. */
  @Test
  void logitsAreOnASideOfZero() {
    Dataset samples = Dataset.of(ONE, new float[] {0.4f, -0.4f}, new int[] {1, 0}, 2);
    for (boolean logits : new boolean[] {true, false}) {
      for (Loss loss :
          List.of(
              new BinaryFocalCrossentropy(false, 0.25, 2, logits, 0),
              new BinaryCrossentropy(logits, 0))) {
        try (Model model = model(1, Activation.LINEAR, loss)) {
          model.setParameters(Parameters.initial(List.of(new float[] {1})));
          assertThat(Answers.of(model, samples).predicted()).containsExactly(logits ? 1 : 0, 0);
        }
      }
    }
  }
}
