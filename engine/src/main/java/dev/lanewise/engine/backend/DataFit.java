package dev.lanewise.engine.backend;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** Holds data sets against the model that they are for. */
public final class DataFit {
  private DataFit() {}

  /**
   * Refuses a data set whose samples are not the model's input.
   *
   * @throws IllegalArgumentException saying both shapes, or which id of a token names nothing
   */
  public static void requireInputs(ModelSpec spec, Dataset data) {
    List<Shape> expected = spec.inputs();
    if (!data.inputs().equals(expected)) {
      throw new IllegalArgumentException(
          "data: a sample is "
              + Dataset.shown(data.inputs())
              + ", the model expects "
              + spec.graph().shownInputs());
    }
    TokenIds.of(spec).require(data);
  }

  /**
   * Refuses a model that data cannot have targets for.
   *
   * @throws IllegalArgumentException if it has several outputs
   */
  public static void requireOneOutput(ModelSpec spec) {
    int outputs = spec.graph().outputs().size();
    if (outputs > 1) {
      throw new IllegalArgumentException(
          "model: has "
              + outputs
              + " outputs; it can predict, but training and evaluation are of one output yet");
    }
  }

  /**
   * Refuses a data set whose targets are not of the model's one output.
   *
   * @throws IllegalArgumentException saying both
   */
  public static void requireTargets(ModelSpec spec, Dataset data) {
    requireInputs(spec, data);
    requireOneOutput(spec);
    Shape output = spec.output();
    int positions = output.positions();
    if (data.hasLabels()) {
      if (data.classes() > spec.mostClasses() || data.targetWidth() != positions) {
        throw new IllegalArgumentException(
            "data: "
                + data.targetWidth()
                + " labels a sample of "
                + data.classes()
                + " classes do not fit the model's output "
                + output);
      }
    } else if (spec.loss() instanceof SparseCategoricalCrossentropy) {
      throw new IllegalArgumentException(
          "data: sparse categorical crossentropy needs class indices, found float targets");
    } else if (data.targetWidth() != output.elementCount()) {
      throw new IllegalArgumentException(
          "data: "
              + data.targetWidth()
              + " targets a sample do not fit the model's output "
              + output);
    }
    requireWeights(output, positions, data);
  }

  /**
   * Refuses batches in which a layer that keeps states from one to the next would not find those of
   * its rows.
   *
   * @param call names who asks
   * @throws IllegalArgumentException if the batch size is not the model's, or samples are left over
   */
  public static void requireBatches(ModelSpec spec, String call, int samples, int batchSize) {
    int expected = spec.batchSize();
    if (expected == 0) {
      return;
    }
    if (batchSize != expected) {
      throw new IllegalArgumentException(
          call
              + ": the model is stateful with batches of "
              + expected
              + ", found a batch size of "
              + batchSize);
    }
    if (samples % expected != 0) {
      throw new IllegalArgumentException(
          call
              + ": the model is stateful with batches of "
              + expected
              + ", and "
              + samples
              + " samples are not whole batches; leave out "
              + samples % expected);
    }
  }

  /** One weight a sample is not spread over steps: Keras takes it for one a step, or fails. */
  private static void requireWeights(Shape output, int positions, Dataset data) {
    if (data.hasSampleWeights() && data.weightsOfSample() != positions) {
      throw new IllegalArgumentException(
          "data: "
              + data.weightsOfSample()
              + " weights a sample do not fit the model's output "
              + output
              + "; it needs "
              + positions
              + (positions == 1 ? ", one a sample" : ", one a step"));
    }
  }

  /**
   * Refuses an array of outputs of another length than the data set's.
   *
   * @throws IllegalArgumentException saying both lengths
   */
  public static void requireOutputs(ModelSpec spec, Dataset data, float[] outputs) {
    long expected = (long) data.size() * SampleSizes.of(spec).output();
    if (outputs.length != expected) {
      throw new IllegalArgumentException(
          "predict: outputs need " + expected + " values, found " + outputs.length);
    }
  }
}
