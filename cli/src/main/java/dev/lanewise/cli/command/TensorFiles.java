package dev.lanewise.cli.command;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.data.JoinedInputs;
import dev.lanewise.engine.data.Npy;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Arrays as they are, a file an input, each told by the input's name: {@code NAME=FILE.npy}. */
final class TensorFiles {
  private TensorFiles() {}

  /**
   * Reads the samples of a model's inputs.
   *
   * @param named {@code NAME=FILE.npy}, or {@code FILE.npy} alone of a model with one input
   * @throws FormatException if an input is missing or not the model's, or an array not of its shape
   */
  static Dataset read(SavedModel saved, List<String> named) {
    List<Graph.Input> inputs = saved.graph().inputs();
    Map<String, Path> files = new LinkedHashMap<>();
    for (String text : named) {
      enter(text, inputs, files);
    }
    List<Shape> shapes = new ArrayList<>();
    List<float[]> arrays = new ArrayList<>();
    int samples = -1;
    for (Graph.Input input : inputs) {
      Path file = files.get(input.name());
      if (file == null) {
        throw new FormatException(
            "--input: the model's input "
                + input.name()
                + " is missing; give "
                + input.name()
                + "=FILE.npy");
      }
      Npy array = Npy.read(file);
      Shape sample = sample(file, array.sizes(), input);
      int found = array.sizes().length == sample.rank() ? 1 : array.sizes()[0];
      if (samples >= 0 && found != samples) {
        throw new FormatException(
            file + ": has " + found + " samples, those before have " + samples);
      }
      samples = found;
      shapes.add(sample);
      arrays.add(array.floats());
    }
    return Dataset.of(shapes, JoinedInputs.of(shapes, arrays), new int[samples], 1);
  }

  private static void enter(String text, List<Graph.Input> inputs, Map<String, Path> files) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? "" : text.substring(0, equals);
    boolean known = inputs.stream().anyMatch(input -> input.name().equals(name));
    if (!known && inputs.size() > 1) {
      throw new FormatException(
          "--input "
              + text
              + ": expected NAME=FILE.npy, NAME being one of "
              + String.join(", ", inputs.stream().map(Graph.Input::name).toList()));
    }
    String input = known ? name : inputs.getFirst().name();
    if (files.put(input, Path.of(known ? text.substring(equals + 1) : text)) != null) {
      throw new FormatException("--input: " + input + " is given twice");
    }
  }

  /** Returns a sample's shape. One sample needs no dimension of its own. */
  private static Shape sample(Path file, int[] sizes, Graph.Input input) {
    int rank = input.shape().rank();
    boolean counted = sizes.length == rank || sizes.length == rank + 1;
    if (counted && IntStream.of(sizes).allMatch(size -> size > 0)) {
      Shape sample = Shape.of(Arrays.copyOfRange(sizes, sizes.length - rank, sizes.length));
      if (input.takes(sample)) {
        return sample;
      }
    }
    throw new FormatException(
        file
            + ": is "
            + Arrays.toString(sizes)
            + ", input "
            + input.name()
            + " takes samples of "
            + input.shown()
            + ", one or several");
  }
}
