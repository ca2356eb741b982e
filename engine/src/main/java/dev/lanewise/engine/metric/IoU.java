package dev.lanewise.engine.metric;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Intersection over union of classes, Keras's {@code IoU}, {@code MeanIoU}, {@code OneHotIoU},
 * {@code OneHotMeanIoU} and {@code BinaryIoU}: of a class, w over what is and is called so, by w
 * over what is or is called so; of several their mean, leaving out those that neither are nor are
 * called. What is of no class, or called none, does not count. Both quotients have 1e-7 added
 * below.
 *
 * <p>Sums of w by the class that is, and then by that which is called: as many as the square of the
 * classes.
 *
 * @param numClasses how many classes there are, 1 to 1024
 * @param targetClassIds those of which the mean is taken
 * @param ignoreClass what is of this class does not count; null for none
 * @param call which class is called
 * @param wholeWeights whether weights are cut to whole numbers, as Keras does unless it is given a
 *     dtype of floats
 */
@SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
public record IoU(
    int numClasses,
    List<Integer> targetClassIds,
    @Nullable Integer ignoreClass,
    Call call,
    boolean wholeWeights)
    implements Measure {
  private static final int MOST = 1 << 10;
  private static final double EPSILON = 1e-7;
  private static final double LEAST = 1e-9; // Keras's, below which a class is not there

  /** How outputs call classes. */
  public sealed interface Call {
    /** The row's largest output calls its own, and the target is the row's class. */
    record Largest() implements Call {}

    /** Each output is the number of a class, and its target too, both cut to whole ones. */
    record Value() implements Call {}

    /**
     * Each output calls class 1 from a threshold on, 0 below.
     *
     * @param threshold the least that calls 1
     */
    record From(double threshold) implements Call {}
  }

  /**
   * Validates the classes.
   *
   * @throws IllegalArgumentException if there are none, or too many, or a target is not among them
   */
  public IoU {
    Objects.requireNonNull(call, "IoU: call");
    targetClassIds = List.copyOf(targetClassIds);
    if (numClasses < 1 || numClasses > MOST) {
      throw new IllegalArgumentException(
          "IoU: numClasses must be 1 to " + MOST + ", found " + numClasses);
    }
    if (call instanceof Call.From && numClasses != 2) {
      throw new IllegalArgumentException(
          "IoU: numClasses must be 2 where a threshold calls them, found " + numClasses);
    }
    int classes = numClasses;
    if (targetClassIds.isEmpty()
        || targetClassIds.stream().anyMatch(id -> id < 0 || id >= classes)) {
      throw new IllegalArgumentException(
          "IoU: targetClassIds must be some of 0 to "
              + (numClasses - 1)
              + ", found "
              + targetClassIds);
    }
  }

  /**
   * {@return the mean of all classes, the largest output of a row calling one}
   *
   * @param numClasses how many there are
   */
  public static IoU ofAll(int numClasses) {
    return new IoU(numClasses, all(numClasses), null, new Call.Largest(), true);
  }

  /**
   * {@return the numbers of all classes}
   *
   * @param numClasses how many there are
   */
  public static List<Integer> all(int numClasses) {
    return IntStream.range(0, numClasses).boxed().toList();
  }

  @Override
  public int sums(int units) {
    return numClasses * numClasses;
  }

  @Override
  public double result(double[] sums, int at, int units) {
    double shares = 0;
    int there = 0;
    for (int i = 0; i < targetClassIds.size(); i++) {
      int id = targetClassIds.get(i);
      double either = -sums[at + id * numClasses + id];
      for (int other = 0; other < numClasses; other++) {
        either += sums[at + id * numClasses + other] + sums[at + other * numClasses + id];
      }
      if (either > LEAST) {
        there++;
        shares += sums[at + id * numClasses + id] / (either + EPSILON);
      }
    }
    return shares / (there + EPSILON);
  }
}
