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

  /**
   * {@return what an output is judged by whose loss counts once}
   *
   * @param name as histories and data name the output
   * @param loss what is minimised
   * @param metrics what is reported beside it
   */
  public static OutputSpec of(String name, Loss loss, Metric... metrics) {
    return new OutputSpec(name, loss, 1, List.of(metrics));
  }

  /**
   * {@return what a model's only output is judged by}
   *
   * @param loss what is minimised
   * @param metrics what is reported beside it
   */
  public static OutputSpec only(Loss loss, List<Metric> metrics) {
    return new OutputSpec(ONLY, loss, 1, metrics);
  }

  /**
   * {@return the same with a loss that counts so many times}
   *
   * @param times by how much it counts in the sum, at least 0
   */
  public OutputSpec withWeight(double times) {
    return new OutputSpec(name, loss, times, metrics);
  }

  /**
   * Requires that outputs of the same names are in the same order.
   *
   * @param before as a model has them
   * @param after as it is to have them; of other names they may be anything
   * @throws IllegalArgumentException if they are the same in another order
   */
  public static void requireOrder(List<OutputSpec> before, List<OutputSpec> after) {
    List<String> names = before.stream().map(OutputSpec::name).toList();
    List<String> others = after.stream().map(OutputSpec::name).toList();
    if (!names.equals(others) && names.size() == others.size() && names.containsAll(others)) {
      throw new IllegalArgumentException(
          "compile: outputs must be in the model's order, " + names + ", found " + others);
    }
  }

  /**
   * {@return all that is reported of outputs beside the loss: of one its metrics, of several each
   * one's loss, then its metrics}
   *
   * @param outputs those of one model, in order
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
