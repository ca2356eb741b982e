package dev.lanewise.engine.metric;

import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Which of a row's outputs a measure looks at, Keras's {@code top_k} and {@code class_id}.
 *
 * @param topK how many of the largest may say yes, the first of those that are equal; all others
 *     say no. Null if all may
 * @param classId the only unit that is looked at; null if all are
 */
@SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
public record Selection(@Nullable Integer topK, @Nullable Integer classId) {
  /** All outputs. */
  public static final Selection ALL = new Selection(null, null);

  /** What Keras makes of an output that is not among the largest, and its threshold there. */
  public static final double NOT_AMONG_LARGEST = -1e10;

  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if {@code topK} is below 1, or {@code classId} below 0
   */
  public Selection {
    if (topK != null && topK < 1) {
      throw new IllegalArgumentException("Selection: topK must be at least 1, found " + topK);
    }
    if (classId != null && classId < 0) {
      throw new IllegalArgumentException("Selection: classId must be at least 0, found " + classId);
    }
  }

  /**
   * {@return the only unit of a class}
   *
   * @param classId its index, from 0
   */
  public static Selection ofClass(int classId) {
    return new Selection(null, classId);
  }

  /**
   * {@return the largest outputs}
   *
   * @param k how many of a row, at least 1
   */
  public static Selection ofLargest(int k) {
    return new Selection(k, null);
  }

  /** Returns why there is no such selection of an output, or null if there is. */
  @Nullable String fault(Shape output) {
    int units = output.size(-1);
    if (topK != null && topK > units) {
      return "the " + topK + " largest are of as many units at least, found " + units;
    }
    return classId != null && classId >= units
        ? "class " + classId + " has no unit among " + units + ", which are numbered from 0"
        : null;
  }
}
