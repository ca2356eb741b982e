package dev.lanewise.engine.backend;

import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What one of a model's outputs is judged by.
 *
 * @param name what its values are reported under, where a model has several outputs: {@code
 *     NAME_loss}, {@code NAME_accuracy}
 * @param loss what training minimises there
 * @param weight by which the loss is multiplied in the model's; it is reported without
 * @param metrics what is reported beside it
 */
public record OutputSpec(String name, Loss loss, double weight, List<Metric> metrics) {
  /** The name of an output that is the only one. */
  private static final String ONLY = "output";

  /**
   * Validates the weight.
   *
   * @throws IllegalArgumentException if it is not finite, or the name is empty
   */
  public OutputSpec {
    Objects.requireNonNull(loss, "OutputSpec: loss");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("OutputSpec: a name is needed");
    }
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException(
          "OutputSpec: the weight of " + name + " must be finite, found " + weight);
    }
    metrics = List.copyOf(metrics);
  }

  /** Returns what an output is judged by whose loss counts once. */
  public static OutputSpec of(String name, Loss loss, Metric... metrics) {
    return new OutputSpec(name, loss, 1, List.of(metrics));
  }

  /** Returns what a model's only output is judged by. */
  public static OutputSpec only(Loss loss, List<Metric> metrics) {
    return new OutputSpec(ONLY, loss, 1, metrics);
  }

  /** Returns the same with a loss that counts so many times. */
  public OutputSpec withWeight(double times) {
    return new OutputSpec(name, loss, times, metrics);
  }

  /**
   * Returns all that is reported of outputs beside the loss: of one its metrics, of several each
   * one's loss, then its metrics.
   *
   * @throws IllegalArgumentException if two would have one name
   */
  public static List<Metric> reported(List<OutputSpec> outputs) {
    List<Metric> reported =
        outputs.size() == 1
            ? outputs.getFirst().metrics
            : List.copyOf(outputs.stream().flatMap(OutputSpec::amongOthers).toList());
    Metric.requireDistinct(reported);
    return reported;
  }

  private Stream<Metric> amongOthers() {
    Metric own = Metric.of(new Measure.OutputLoss(), name + "_loss");
    return Stream.concat(
        Stream.of(own), metrics.stream().map(metric -> metric.named(name + "_" + metric.name())));
  }
}
