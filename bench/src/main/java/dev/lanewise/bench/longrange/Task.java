package dev.lanewise.bench.longrange;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A task of Bai, Kolter and Koltun, "An Empirical Evaluation of Generic Convolutional and Recurrent
 * Networks for Sequence Modeling", 2018, table 1; lower case, as it is typed.
 */
enum Task {
  /** MNIST digits pixel by pixel, 784 steps of one. */
  smnist,
  /** The same with all pixels in another order, one for all digits. */
  pmnist,
  /** The sum of the two of 600 numbers that are marked. */
  adding,
  /** Ten symbols, to be said again after 1,000 steps. */
  copy;

  /** Returns the task of that name. */
  static Task named(String name) {
    return Arrays.stream(values())
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "longrange: expected a task of "
                        + Arrays.stream(values()).map(Task::name).collect(Collectors.joining(", "))
                        + ", found "
                        + name));
  }

  /** Returns the samples to train on, and those to test with. */
  Split data() {
    return switch (this) {
      case smnist -> PixelDigits.inOrder();
      case pmnist -> PixelDigits.permuted();
      case adding -> new Split(Adding.samples(20_000, 1), Adding.samples(1_000, 2));
      case copy -> new Split(CopyMemory.samples(8_000, 1), CopyMemory.samples(1_000, 2));
    };
  }

  /** Returns whether all states are looked at, so that each step has an answer. */
  boolean answersEachStep() {
    return this == copy;
  }

  /** Returns the width of an answer. */
  int outputs() {
    return this == adding ? 1 : 10;
  }

  Activation outputActivation() {
    return this == adding ? Activation.LINEAR : Activation.SOFTMAX;
  }

  Loss loss() {
    return this == adding ? Loss.MEAN_SQUARED_ERROR : Loss.CATEGORICAL_CROSSENTROPY;
  }

  List<Metric> metrics() {
    return this == adding ? List.of() : List.of(Metric.ACCURACY);
  }

  /**
   * Samples to train on and others.
   *
   * @param training all of them
   * @param test those that the model does not learn from
   */
  record Split(Dataset training, Dataset test) {}
}
