package dev.lanewise.engine.backend;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** Holds data sets against the model that they are for. */
public final class DataFit {
  private DataFit() {}

  /**
   * Refuses a data set whose samples are not the model's input.
   *
   * @param spec the model
   * @param data the data set
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
   * Refuses a data set whose targets are not of the model's outputs.
   *
   * @param spec the model
   * @param data the data set
   * @throws IllegalArgumentException saying both
   */
  public static void requireTargets(ModelSpec spec, Dataset data) {
    requireInputs(spec, data);
    int outputs = spec.outputs().size();
    if (data.outputs() != outputs) {
      throw new IllegalArgumentException(
          "data: there are "
              + (data.outputs() == 0 ? "no targets" : "targets of " + data.outputs())
              + (data.outputs() == 0 ? "" : data.outputs() == 1 ? " output" : " outputs")
              + ", the model has "
              + outputs
              + (outputs == 1 ? " output" : " outputs"));
    }
    for (int output = 0; output < outputs; output++) {
      String what = outputs == 1 ? "data: " : "data, " + spec.outputs().get(output).name() + ": ";
      requireTargets(what, spec, output, data.targets(output));
      TargetFit.require(what, spec, output, data);
    }
  }

  private static void requireTargets(String what, ModelSpec spec, int output, Targets targets) {
    Shape shape = spec.shapeOf(output);
    Loss loss = spec.outputs().get(output).loss();
    boolean ctc = loss instanceof Ctc;
    int positions = ctc ? 1 : spec.positions(output);
    if (targets.areLabels()) {
      boolean fit = ctc || targets.width() == positions;
      if (targets.classes() > spec.mostClasses(output) || !fit) {
        throw new IllegalArgumentException(
            what
                + targets.width()
                + " labels a sample of "
                + targets.classes()
                + " classes do not fit the model's output "
                + shape);
      }
    } else if (ctc || loss instanceof SparseCategoricalCrossentropy) {
      throw new IllegalArgumentException(
          what
              + (ctc ? "ctc" : "sparse categorical crossentropy")
              + " needs class indices, found float targets");
    } else if (targets.width() != shape.elementCount()) {
      throw new IllegalArgumentException(
          what + targets.width() + " targets a sample do not fit the model's output " + shape);
    }
    requireWeights(what, shape, positions, targets);
  }

  /**
   * Refuses batches in which a layer that keeps states from one to the next would not find those of
   * its rows.
   *
   * @param spec the model
   * @param call names who asks
   * @param samples how many there are
   * @param batchSize how many of them are a batch
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
  private static void requireWeights(String what, Shape output, int positions, Targets targets) {
    if (targets.areWeighted() && targets.weightsOfSample() != positions) {
      throw new IllegalArgumentException(
          what
              + targets.weightsOfSample()
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
   * @param spec the model
   * @param data the data set
   * @param outputs the array
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
