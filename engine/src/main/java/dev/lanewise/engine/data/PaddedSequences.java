package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Sequences of different lengths, made alike for a {@link Dataset}. A model heeds what was put in
 * where it begins with {@code Masking} of the padding's value, or with an {@code Embedding} that
 * masks 0; a step of a sequence's own that is full of that value is masked as well, as in Keras.
 *
 * @param shape the shape of one: [steps, features], or [steps] of tokens' ids
 * @param values all of them, row-major
 */
@SuppressWarnings("ArrayRecordComponent") // handed to a data set, never compared
public record PaddedSequences(Shape shape, float[] values) {
  /**
   * {@return sequences that stand one behind the other}
   *
   * @param steps all steps of all sequences, row-major
   * @param lengths how many each has, 0 for one without
   * @param features the values of a step
   * @param how to which length, on which side, and with what
   * @throws IllegalArgumentException if counts disagree, or there is not one step
   */
  public static PaddedSequences of(float[] steps, int[] lengths, int features, Padding how) {
    return padded(steps, lengths, features, how, false);
  }

  /**
   * {@return sequences of steps with several features}
   *
   * @param sequences one array a step
   * @param how to which length, on which side, and with what
   * @throws IllegalArgumentException if steps differ in length, or there are none
   */
  public static PaddedSequences of(List<float[][]> sequences, Padding how) {
    int features = 0;
    int steps = 0;
    for (float[][] sequence : sequences) {
      steps = Math.addExact(steps, sequence.length);
      features = sequence.length > 0 && features == 0 ? sequence[0].length : features;
    }
    float[] all = new float[Math.multiplyExact(steps, features)];
    int at = 0;
    for (int i = 0; i < sequences.size(); i++) {
      for (float[] step : sequences.get(i)) {
        if (step.length != features) {
          throw new IllegalArgumentException(
              "sequence "
                  + i
                  + ": a step has "
                  + step.length
                  + " values, the first of all has "
                  + features);
        }
        System.arraycopy(step, 0, all, at, features);
        at += features;
      }
    }
    int[] lengths = sequences.stream().mapToInt(sequence -> sequence.length).toArray();
    return padded(all, lengths, features, how, false);
  }

  /**
   * {@return sequences of tokens' ids}
   *
   * @param sequences one array each
   * @param how to which length, on which side, and with what
   * @throws IllegalArgumentException if there is not one token
   */
  public static PaddedSequences ofTokens(List<float[]> sequences, Padding how) {
    int[] lengths = sequences.stream().mapToInt(sequence -> sequence.length).toArray();
    float[] all = new float[Math.toIntExact(Arrays.stream(lengths).asLongStream().sum())];
    int at = 0;
    for (float[] sequence : sequences) {
      System.arraycopy(sequence, 0, all, at, sequence.length);
      at += sequence.length;
    }
    return padded(all, lengths, 1, how, true);
  }

  private static PaddedSequences padded(
      float[] steps, int[] lengths, int features, Padding how, boolean tokens) {
    long count = 0;
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] < 0) {
        throw new IllegalArgumentException(
            "sequence " + i + ": its length must be at least 0, found " + lengths[i]);
      }
      count += lengths[i];
    }
    if (features < 1 || count < 1 || count * features != steps.length) {
      throw new IllegalArgumentException(
          "sequences: lengths make "
              + count
              + " steps of "
              + features
              + " values, at least one is needed, found "
              + steps.length
              + " values");
    }
    int longest = Arrays.stream(lengths).max().orElseThrow();
    int most = how.maxlen() == 0 ? longest : how.maxlen();
    long all = (long) lengths.length * most * features;
    float[] values = new float[Math.toIntExact(all)];
    Arrays.fill(values, how.value());
    int from = 0;
    for (int i = 0; i < lengths.length; i++) {
      int kept = Math.min(lengths[i], most);
      int left = how.truncating() == Padding.Side.PRE ? lengths[i] - kept : 0;
      int put = how.padding() == Padding.Side.PRE ? most - kept : 0;
      System.arraycopy(
          steps, (from + left) * features, values, (i * most + put) * features, kept * features);
      from += lengths[i];
    }
    return new PaddedSequences(tokens ? Shape.of(most) : Shape.of(most, features), values);
  }
}
