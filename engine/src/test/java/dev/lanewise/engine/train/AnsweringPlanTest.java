package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A model that has only answered has no room for training, and trains as if it had not answered.
 */
class AnsweringPlanTest {
  private static final int BATCH = 8;
  private static final Shape INPUT = Shape.of(12, 5);

  private static Model model() {
    return Model.sequential(
            INPUT,
            Lstm.of(16).returningSequences().withDropout(0.2, 0.1),
            BatchNormalization.withDefaults(),
            Lstm.of(16),
            Dropout.of(0.3),
            Dense.of(3, Activation.SOFTMAX))
        .withSeed(5)
        .withThreads(2)
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
  }

  private static Dataset data() {
    Random random = new Random(2);
    float[] inputs = new float[5 * BATCH * 60];
    int[] labels = new int[5 * BATCH];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(3);
    }
    return Dataset.of(INPUT, inputs, labels, 3);
  }

  private static void fit(Model model) {
    model.fit(data(), FitOptions.epochs(2).withBatchSize(BATCH));
  }

  /** Of a table of 256,000 numbers there is one copy, and not four. */
  @Test
  void answersNeedNoRoomForTraining() {
    Dataset words = Dataset.of(Shape.of(6), new float[6 * BATCH], new int[BATCH], 3);
    try (Model answering = words();
        Model training = prepared(words())) {
      answering.predict(words, BATCH);
      assertThat(answering.bytes()).isBetween(4 * 256_000L, 5 * 256_000L);
      assertThat(training.bytes()).isGreaterThan(3 * answering.bytes());
    }
  }

  private static Model words() {
    return Model.sequential(
            Shape.of(6), Embedding.of(8000, 32), Lstm.of(4), Dense.of(3, Activation.SOFTMAX))
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
  }

  @Test
  void answersAreThoseOfThePlanThatTrains() {
    try (Model answering = model();
        Model training = prepared(model())) {
      assertThat(answering.predict(data(), BATCH)).isEqualTo(training.predict(data(), BATCH));
    }
  }

  @Test
  void anAnswerBeforeAFitChangesNoBit() {
    try (Model answering = model();
        Model training = model()) {
      answering.predict(data(), 3);
      fit(answering);
      fit(training);
      assertThat(answering.parameters())
          .usingRecursiveComparison()
          .isEqualTo(training.parameters());
      assertThat(answering.predict(data(), 2 * BATCH)).isEqualTo(training.predict(data(), BATCH));
    }
  }

  /** What an optimizer keeps has no place in a plan that answers, and is there for the next fit. */
  @Test
  void theOptimizersStateOutlivesAnAnswer() {
    try (Model first = model();
        Model answering = model();
        Model training = model()) {
      fit(first);
      Parameters learned = first.parameters();
      answering.predict(data(), BATCH);
      answering.setParameters(learned);
      assertThat(answering.predict(data(), BATCH)).isEqualTo(first.predict(data(), BATCH));
      assertThat(answering.parameters()).usingRecursiveComparison().isEqualTo(learned);
      training.setParameters(learned);
      fit(answering);
      fit(training);
      assertThat(answering.parameters())
          .usingRecursiveComparison()
          .isEqualTo(training.parameters());
    }
  }

  /** They go on from where an answer has left them. */
  @Test
  void statesOutliveTheChangeOfPlans() {
    Dataset data = data();
    try (Model one = stateful();
        Model other = prepared(stateful())) {
      one.predict(data, BATCH);
      other.predict(data, BATCH);
      assertThat(one.evaluate(data, BATCH)).isEqualTo(other.evaluate(data, BATCH));
      assertThat(one.predict(data, BATCH)).isEqualTo(other.predict(data, BATCH));
    }
  }

  private static Model prepared(Model model) {
    model.prepare(BATCH);
    return model;
  }

  private static Model stateful() {
    return Model.sequential(
            Graph.Input.ofBatches(BATCH, INPUT),
            Lstm.of(6).keepingState(),
            Dense.of(3, Activation.SOFTMAX))
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
  }
}
