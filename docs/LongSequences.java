import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.util.Locale;

/** Long sequences, trained in windows: at each step the answer is the bit of three steps before. */
class LongSequences {
  static final int STEPS = 2000;
  static final int WINDOW = 50;
  static final int DELAY = 3;

  public static void main(String[] args) {
    Shape sample = Shape.of(STEPS, 1);
    try (Model model =
        Model.sequential(sample, Gru.of(16).returningSequences(), Dense.of(1, Activation.SIGMOID))
            .compile(Adam.of(0.01), Loss.BINARY_CROSSENTROPY, Metric.BINARY_ACCURACY)) {
      model.prepare(8);
      System.out.printf(Locale.ROOT, "whole sequences: %,d bytes%n", model.bytes());
      model.prepare(8, WINDOW);
      System.out.printf(Locale.ROOT, "windows of %d: %,d bytes%n", WINDOW, model.bytes());
      FitOptions options =
          FitOptions.epochs(4)
              .withBatchSize(8)
              .withValidationSplit(0.25)
              .withTruncatedBackprop(WINDOW);
      model
          .fit(bits(16), options)
          .history()
          .forEach((name, values) -> System.out.println(name + " " + values.getLast()));
    }
  }

  static Dataset bits(int sequences) {
    SplitMix64 random = new SplitMix64(1);
    float[] bits = new float[sequences * STEPS];
    float[] answers = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = random.nextInt(2);
      answers[i] = i % STEPS < DELAY ? 0 : bits[i - DELAY];
    }
    return Dataset.of(Shape.of(STEPS, 1), bits, answers, STEPS);
  }
}
