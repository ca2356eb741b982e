package dev.lanewise.engine.backend;

import dev.lanewise.engine.data.Dataset;

/**
 * Holds the ids of tokens against the table whose rows they name, before anything is computed with
 * them.
 *
 * @param rows the rows of the table; 0 where inputs are no ids
 * @param steps the tokens of a sample
 */
public record TokenIds(int rows, int steps) {
  /** Returns what a model's inputs are held against. */
  public static TokenIds of(ModelSpec spec) {
    return new TokenIds(spec.tokenRows(), Math.toIntExact(spec.input().elementCount()));
  }

  /**
   * Refuses a data set with a number that names no row.
   *
   * @throws IllegalArgumentException naming sample, step, id and limit
   */
  public void require(Dataset data) {
    if (rows == 0) {
      return;
    }
    if (data.hasBytes()) {
      throw new IllegalArgumentException(
          "data: the model takes the ids of tokens, found bytes, which stand for pixels / 255; give"
              + " floats");
    }
    require(data.floatFeatures(), data.firstSample(), data.size());
  }

  /**
   * Refuses samples with a number that names no row.
   *
   * @param values all samples, one after the other
   * @param first the first that counts
   * @param samples how many count; messages number them from 0
   * @throws IllegalArgumentException naming sample, step, id and limit
   */
  public void require(float[] values, int first, int samples) {
    int from = first * steps;
    for (int i = 0; rows > 0 && i < samples * steps; i++) {
      if (!isId(values[from + i])) {
        throw new IllegalArgumentException(
            "data: sample "
                + i / steps
                + ", step "
                + i % steps
                + ": the id of a token must be a whole number from 0 to "
                + (rows - 1)
                + ", the Embedding's input_dim being "
                + rows
                + ", found "
                + text(values[from + i]));
      }
    }
  }

  /** Refuses bytes where ids are needed. */
  public void requireNoBytes() {
    if (rows > 0) {
      throw new IllegalArgumentException(
          "predict: the model takes the ids of tokens, found bytes, which stand for pixels / 255;"
              + " give floats");
    }
  }

  private boolean isId(float value) {
    return value >= 0 && value < rows && value == (int) value;
  }

  private static String text(float value) {
    return value == (long) value ? Long.toString((long) value) : Float.toString(value);
  }
}
