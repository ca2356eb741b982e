package dev.lanewise.cli.report;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.train.Model;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a classifier said of a data set.
 *
 * @param samples the data set
 * @param labels the true classes
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

  /** Asks a model. */
  public static Answers of(Model model, Dataset samples) {
    int classes = model.spec().output().size(-1);
    int[] labels = new int[samples.size()];
    int[] predicted = new int[samples.size()];
    float[] probabilities = new float[samples.size()];
    int atOnce = Math.max(1, MOST_OUTPUTS / classes / BATCH) * BATCH;
    for (int from = 0; from < samples.size(); from += atOnce) {
      Dataset part = samples.slice(from, Math.min(samples.size(), from + atOnce));
      float[] outputs = model.predict(part, BATCH);
      for (int i = 0; i < part.size(); i++) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
          best = outputs[i * classes + c] > outputs[i * classes + best] ? c : best;
        }
        labels[from + i] = part.label(i, 0);
        predicted[from + i] = best;
        probabilities[from + i] = outputs[i * classes + best];
      }
    }
    return new Answers(samples, labels, predicted, probabilities, classes);
  }

  /** Returns the samples that were called wrong, the surest first. */
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
