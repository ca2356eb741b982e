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

  /** Asks a model. */
  public static Answers of(Model model, Dataset samples) {
    float[] outputs = model.predict(samples, BATCH);
    int classes = model.spec().output().size(-1);
    int[] labels = new int[samples.size()];
    int[] predicted = new int[samples.size()];
    float[] probabilities = new float[samples.size()];
    for (int i = 0; i < samples.size(); i++) {
      labels[i] = samples.label(i, 0);
      for (int c = 1; c < classes; c++) {
        if (outputs[i * classes + c] > outputs[i * classes + predicted[i]]) {
          predicted[i] = c;
        }
      }
      probabilities[i] = outputs[i * classes + predicted[i]];
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
