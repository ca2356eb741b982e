package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.tensor.Shape;
import java.util.stream.Stream;

/**
 * The values of one sample.
 *
 * @param input values of its inputs, those of one after those of the other
 * @param output values of its outputs in the same way
 */
public record SampleSizes(int input, int output) {
  /**
   * {@return the sizes of a model's samples}
   *
   * @param spec the model
   */
  public static SampleSizes of(ModelSpec spec) {
    Graph graph = spec.graph();
    return new SampleSizes(
        sum(graph.inputs().stream().map(Graph.Input::shape)),
        sum(graph.outputs().stream().map(graph.shapes()::get)));
  }

  private static int sum(Stream<Shape> shapes) {
    return Math.toIntExact(shapes.mapToLong(Shape::elementCount).reduce(0, Math::addExact));
  }

  /**
   * {@return how many samples the arrays of a {@link Predictor#predict(float[], float[])} have}
   *
   * @param inputs how many numbers go in
   * @param outputs how many come out
   * @throws IllegalArgumentException if the inputs are not whole samples, at least one, or the
   *     outputs do not have room for exactly theirs
   */
  public int wholeSamples(int inputs, int outputs) {
    int samples = inputs / input;
    if (samples == 0 || inputs % input != 0) {
      throw new IllegalArgumentException(
          "predict: a sample has " + input + " values, found " + inputs);
    }
    if (outputs != (long) samples * output) {
      throw new IllegalArgumentException(
          "predict: outputs of "
              + samples
              + " samples have "
              + (long) samples * output
              + " values, found room for "
              + outputs);
    }
    return samples;
  }
}
