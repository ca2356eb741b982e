package dev.lanewise.engine.optimizer;

import java.util.List;

/**
 * Step sizes in stages, Keras's {@code PiecewiseConstantDecay}: {@code values[0]} up to and with
 * iteration {@code boundaries[0]}, then {@code values[1]} up to and with {@code boundaries[1]}, and
 * so on; the last value from there.
 *
 * @param boundaries the last iteration of each stage but the last, rising, from 0
 * @param values the step sizes, one more than boundaries, each positive
 */
public record PiecewiseConstantDecay(List<Long> boundaries, List<Double> values)
    implements LearningRateSchedule {
  /**
   * Validates the stages.
   *
   * @throws IllegalArgumentException if the counts do not fit, boundaries do not rise, or a value
   *     is not positive and finite
   */
  public PiecewiseConstantDecay {
    boundaries = List.copyOf(boundaries);
    values = List.copyOf(values);
    if (values.size() != boundaries.size() + 1) {
      throw new IllegalArgumentException(
          "PiecewiseConstantDecay: "
              + boundaries.size()
              + " boundaries need "
              + (boundaries.size() + 1)
              + " values, found "
              + values.size());
    }
    for (int i = 0; i < boundaries.size(); i++) {
      long least = i == 0 ? 0 : boundaries.get(i - 1) + 1;
      if (boundaries.get(i) < least) {
        throw new IllegalArgumentException(
            "PiecewiseConstantDecay: boundaries must rise from 0, found " + boundaries);
      }
    }
    values.forEach(value -> Ranges.positive("PiecewiseConstantDecay: a value", value));
  }

  @Override
  public double at(long iteration) {
    int stage = 0;
    while (stage < boundaries.size() && iteration > boundaries.get(stage)) {
      stage++;
    }
    return values.get(stage);
  }
}
