package dev.lanewise.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.data.Npy;
import dev.lanewise.engine.data.SplitOutputs;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.text.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A model's answers in the shapes that they have. */
final class TensorAnswers {
  private final List<String> names;
  private final List<Shape> shapes;
  private final float[] values;
  private final int each;

  /**
   * Looks at answers.
   *
   * @param values the outputs of each sample, one after the other
   */
  TensorAnswers(SavedModel saved, float[] values) {
    names = saved.outputNames();
    shapes = saved.graph().outputs().stream().map(saved.graph().shapes()::get).toList();
    this.values = values;
    each = Math.toIntExact(shapes.stream().mapToLong(Shape::elementCount).sum());
  }

  int samples() {
    return values.length / each;
  }

  /** Returns the first sample with an answer that is no number, or -1. */
  int firstNotFinite() {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        return i / each;
      }
    }
    return -1;
  }

  private int place(int sample, int output) {
    long before = shapes.subList(0, output).stream().mapToLong(Shape::elementCount).sum();
    return sample * each + Math.toIntExact(before);
  }

  /** Returns one sample's answers; of several outputs by their names. */
  JsonElement of(int sample) {
    if (names.size() == 1) {
      return array(place(sample, 0), shapes.getFirst());
    }
    JsonObject all = new JsonObject();
    for (int i = 0; i < names.size(); i++) {
      all.add(names.get(i), array(place(sample, i), shapes.get(i)));
    }
    return all;
  }

  private JsonArray array(int from, Shape shape) {
    JsonArray array = new JsonArray();
    if (shape.rank() == 1) {
      IntStream.range(from, from + shape.size(0)).forEach(i -> array.add(values[i]));
    } else {
      int each = Math.toIntExact(shape.part().elementCount());
      for (int step = 0; step < shape.size(0); step++) {
        array.add(array(from + step * each, shape.part()));
      }
    }
    return array;
  }

  /**
   * Writes all samples' answers: one output to a file, several to a folder, each named after its
   * layer.
   *
   * @throws FormatException if a file is named for several outputs
   */
  void write(Path out) {
    boolean file = out.toString().toLowerCase(Locale.ROOT).endsWith(".npy");
    if (file && names.size() > 1) {
      throw new FormatException(
          out + ": the model has outputs " + String.join(", ", names) + "; name a folder for them");
    }
    List<float[]> arrays = SplitOutputs.of(shapes, values);
    for (int i = 0; i < names.size(); i++) {
      Path to = file ? out : out.resolve(names.get(i).replace('/', '_') + ".npy");
      AtomicFile.replace(to, Npy.write(batched(shapes.get(i)), arrays.get(i)));
      System.out.println(Printable.of(to.toString()));
    }
  }

  /** Makes the folder that answers go to, before they are computed. */
  static void prepare(Path out) {
    if (!out.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
      try {
        Files.createDirectories(out);
      } catch (IOException e) {
        throw new UncheckedIOException(out + ": cannot be made: " + e.getMessage(), e);
      }
    }
  }

  private Shape batched(Shape shape) {
    return shape.times(samples());
  }
}
