package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CosineSimilarity;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.KlDivergence;
import dev.lanewise.engine.loss.LogCosh;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.MeanAbsoluteError;
import dev.lanewise.engine.loss.MeanSquaredError;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a backend needs to know of a model.
 *
 * @param input the shape of one sample: [features] or [steps, features]
 * @param layers the stack, first to last
 * @param loss what training minimises
 * @param optimizer how gradients change parameters
 * @param metrics what is reported beside the loss; a backend computes no others
 */
public record ModelSpec(
    Shape input, List<Layer> layers, Loss loss, Optimizer optimizer, List<Metric> metrics) {
  /**
   * Validates the stack.
   *
   * @throws IllegalArgumentException if there are no layers or one cannot take its input, or two
   *     metrics have one name
   */
  public ModelSpec {
    layers = List.copyOf(layers);
    metrics = List.copyOf(metrics);
    Metric.requireDistinct(metrics);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("model: at least one layer is needed");
    }
    if (input.rank() < 1 || input.rank() > 2) {
      throw new IllegalArgumentException(
          "model: input must be [features] or [steps, features], found " + input);
    }
    Shape shape = input;
    for (Layer layer : layers) {
      shape = layer.outputShape(shape);
    }
    requireIdsFirst(layers);
  }

  /**
   * Refuses an {@link Embedding} above another layer, whose outputs are no ids.
   *
   * @throws IllegalArgumentException if there is one
   */
  public static void requireIdsFirst(List<Layer> layers) {
    for (int i = 1; i < layers.size(); i++) {
      if (embedding(layers.get(i)) != null) {
        throw new IllegalArgumentException(
            "Embedding: takes the ids of tokens, and so must be the first layer, found it as number"
                + " "
                + (i + 1));
      }
    }
  }

  private static @Nullable Embedding embedding(Layer layer) {
    return switch (layer) {
      case Embedding embedding -> embedding;
      case Frozen frozen -> embedding(frozen.layer());
      default -> null; // takes numbers
    };
  }

  /** Returns the rows of the table that inputs name as the ids of tokens, 0 if they do not. */
  public int tokenRows() {
    Embedding embedding = embedding(layers.getFirst());
    return embedding == null ? 0 : embedding.inputDim();
  }

  /** Describes a model that reports its loss alone. */
  public ModelSpec(Shape input, List<Layer> layers, Loss loss, Optimizer optimizer) {
    this(input, layers, loss, optimizer, List.of());
  }

  /** Returns the model with these metrics. */
  public ModelSpec withMetrics(List<Metric> others) {
    return new ModelSpec(input, layers, loss, optimizer, others);
  }

  /** Returns the shape of layer {@code index}'s input. */
  public Shape inputOf(int index) {
    Shape shape = input;
    for (Layer layer : layers.subList(0, index)) {
      shape = layer.outputShape(shape);
    }
    return shape;
  }

  /** Returns the shape of one sample's output. */
  public Shape output() {
    return inputOf(layers.size());
  }

  /** Returns every parameter, layer by layer, in Keras's order. */
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> all = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      all.addAll(layers.get(i).parameters(inputOf(i)));
    }
    return List.copyOf(all);
  }

  /** Returns the parameters that training changes by their gradients, in Keras's order. */
  public List<ParameterSpec> trainableParameters() {
    return parameters().stream().filter(ParameterSpec::trainable).toList();
  }

  /** Returns how the loss is computed from the last layer's outputs. */
  public LossForm lossForm() {
    return LossForm.of(loss, layers.getLast().outputActivation());
  }

  /**
   * Returns how many classes labels may tell apart: one an output unit. A single unit says yes or
   * no where the loss is made for that; where the loss compares numbers, a label is one.
   */
  public int mostClasses() {
    int units = output().size(-1);
    if (units > 1) {
      return units;
    }
    return switch (loss) {
      case CategoricalCrossentropy _, SparseCategoricalCrossentropy _ -> 1;
      case BinaryCrossentropy _, KlDivergence _ -> 2;
      case MeanSquaredError _, MeanAbsoluteError _, Huber _, LogCosh _, CosineSimilarity _ ->
          Integer.MAX_VALUE;
    };
  }

  /** Returns the steps of an output, 1 where it is no sequence. */
  public int positions() {
    Shape output = output();
    return output.rank() == 1 ? 1 : output.size(0);
  }

  /**
   * Returns how many numbers a sample's target may be; 0 where it is the index of a class, or the
   * yes or no of a single unit.
   */
  public int targetNumbers() {
    int numbers = Math.toIntExact(output().elementCount());
    boolean indices = loss instanceof SparseCategoricalCrossentropy;
    return indices || (numbers == 1 && mostClasses() <= 2) ? 0 : numbers;
  }

  /** Returns the number of parameter elements. */
  public long parameterCount() {
    return elements(parameters());
  }

  /** Returns the number of parameter elements that training changes by their gradients. */
  public long trainableCount() {
    return elements(trainableParameters());
  }

  private static long elements(List<ParameterSpec> parameters) {
    return parameters.stream().mapToLong(p -> p.shape().elementCount()).sum();
  }
}
