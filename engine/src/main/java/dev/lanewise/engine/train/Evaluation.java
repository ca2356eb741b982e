package dev.lanewise.engine.train;

import java.util.Map;

/**
 * The loss and metrics of a data set.
 *
 * @param values values by name, in alphabetical order
 */
public record Evaluation(Map<String, Double> values) {
  /** {@return the mean loss} */
  public double loss() {
    return value("loss");
  }

  /**
   * {@return the share of correct answers}
   *
   * @throws IllegalStateException if the model was not compiled with that metric
   */
  public double accuracy() {
    return value("accuracy");
  }

  private double value(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("evaluate: no " + name + " among " + values.keySet());
    }
    return value;
  }
}
