package dev.lanewise.cli.report;

import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalHinge;
import dev.lanewise.engine.loss.CosineSimilarity;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.Hinge;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.KlDivergence;
import dev.lanewise.engine.loss.LogCosh;
import dev.lanewise.engine.loss.MeanAbsoluteError;
import dev.lanewise.engine.loss.MeanAbsolutePercentageError;
import dev.lanewise.engine.loss.MeanSquaredError;
import dev.lanewise.engine.loss.MeanSquaredLogarithmicError;
import dev.lanewise.engine.loss.Poisson;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.loss.SquaredHinge;
import dev.lanewise.engine.train.Model;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a classifier said of a data set.
 *
 * @param samples the data set
 * @param labels the true classes, one a sample or one a step
 * @param predicted the likeliest classes
 * @param probabilities of the likeliest classes
 * @param classes the number of classes
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
public record Answers(
    Dataset samples, int[] labels, int[] predicted, float[] probabilities, int classes) {
  private static final int BATCH = 150;

  /** Of all samples at once, the outputs for many classes would fill the heap. */
  private static final int MOST_OUTPUTS = 1 << 22;

  /**
   * Returns whether a model's answers are classes: the largest of several outputs, or the yes or no
   * of a single one.
   */
  public static boolean areClasses(ModelSpec model, Dataset samples) {
    boolean several = model.output().size(-1) > 1;
    return switch (model.loss()) {
      case CategoricalCrossentropy _,
          CategoricalFocalCrossentropy _,
          SparseCategoricalCrossentropy _,
          CategoricalHinge _,
          KlDivergence _ ->
          several;
      case Ctc _ -> false; // one a step, and labels have none
      case BinaryCrossentropy _, BinaryFocalCrossentropy _ -> samples.hasLabels();
      case MeanSquaredError _,
          MeanAbsoluteError _,
          MeanAbsolutePercentageError _,
          MeanSquaredLogarithmicError _,
          Poisson _,
          Hinge _,
          SquaredHinge _,
          Huber _,
          LogCosh _,
          CosineSimilarity _ ->
          several && samples.hasLabels();
    };
  }

  /** Asks a model whose answers {@linkplain #areClasses are classes}. */
  public static Answers of(Model model, Dataset samples) {
    ModelSpec spec = model.spec();
    int units = spec.output().size(-1);
    int steps = spec.positions(0);
    int rows = Math.multiplyExact(samples.size(), steps);
    int[] labels = new int[rows];
    int[] predicted = new int[rows];
    float[] probabilities = new float[rows];
    int batch = spec.batchOr(BATCH);
    int atOnce = Math.max(1, MOST_OUTPUTS / units / steps / batch) * batch;
    model.resetStates();
    for (int from = 0; from < samples.size(); from += atOnce) {
      Dataset part = samples.slice(from, Math.min(samples.size(), from + atOnce));
      float[] outputs = model.predict(part, batch);
      for (int i = 0; i < outputs.length / units; i++) {
        int row = from * steps + i;
        int best = units == 1 ? side(spec, outputs[i]) : largest(outputs, i * units, units);
        labels[row] = classOf(part, i / steps, i % steps, units);
        predicted[row] = best;
        probabilities[row] = units == 1 ? sure(spec, outputs[i]) : outputs[i * units + best];
      }
    }
    return new Answers(samples, labels, predicted, probabilities, Math.max(2, units));
  }

  private static int largest(float[] values, int from, int count) {
    int best = 0;
    for (int c = 1; c < count; c++) {
      best = values[from + c] > values[from + best] ? c : best;
    }
    return best;
  }

  private static boolean givesLogits(ModelSpec spec) {
    LossForm form = spec.lossForm();
    return form.applied() == Activation.SIGMOID && !form.takesLogits();
  }

  private static int side(ModelSpec spec, float output) {
    return output > (givesLogits(spec) ? 0 : 0.5f) ? 1 : 0;
  }

  private static float sure(ModelSpec spec, float output) {
    if (givesLogits(spec)) {
      return (float) (1 / (1 + Math.exp(-Math.abs(output))));
    }
    return side(spec, output) == 1 ? output : 1 - output;
  }

  /** Returns a step's class: its label, or the largest of its targets. */
  static int classOf(Dataset data, int sample, int step, int units) {
    if (data.hasLabels()) {
      return data.label(sample, step);
    }
    int best = 0;
    for (int c = 1; c < units; c++) {
      int first = step * units;
      best = data.target(sample, first + c) > data.target(sample, first + best) ? c : best;
    }
    return best;
  }

  /** Returns the sample of an answer. */
  public int sampleOf(int answer) {
    return answer / steps();
  }

  /** Returns the step of an answer in words; nothing where a sample has one. */
  String stepOf(int answer) {
    return steps() == 1 ? "" : ", step " + answer % steps();
  }

  private int steps() {
    return labels.length / samples.size();
  }

  /** Returns the answers that are wrong, the surest first. */
  public List<Integer> mistakes() {
    return IntStream.range(0, labels.length)
        .filter(i -> labels[i] != predicted[i])
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer i) -> -probabilities[i]).thenComparingInt(i -> i))
        .toList();
  }

  /** Returns the scores class by class. */
  public Scores scores() {
    return Scores.of(labels, predicted, classes);
  }
}
