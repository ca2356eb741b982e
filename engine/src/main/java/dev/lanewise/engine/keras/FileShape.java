package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.OpenSteps;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The shape of a value of one sample as files have it: null where it goes with a number of steps
 * that the model's inputs leave open.
 *
 * @param batch the samples of every batch, 0 where a batch may have any
 * @param shape as it is in the graph at hand
 * @param other as it is with another number of steps
 */
record FileShape(int batch, Shape shape, Shape other) {
  private static final int OPEN = -1;

  /** Returns a shape of which nothing is open. */
  static FileShape of(Shape shape) {
    return new FileShape(0, shape, shape);
  }

  /**
   * Returns the shapes of a graph's values.
   *
   * @throws ModelFormatException if the steps are open and the graph cannot take many more, a value
   *     of one step that meets a value of five, say: what of it is open no file could tell
   */
  static List<FileShape> of(Graph graph) {
    List<Shape> now = graph.shapes();
    List<Shape> others;
    try {
      others = OpenSteps.otherwise(graph);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          "the inputs leave the number of steps open, and the layers take some numbers alone,"
              + " which no file tells; give the inputs a number: "
              + e.getMessage(),
          e);
    }
    List<FileShape> all = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      all.add(new FileShape(graph.batchSize(), now.get(i), others.get(i)));
    }
    return all;
  }

  /** Returns what each of the parts has that the first size counts. */
  FileShape part() {
    return new FileShape(batch, shape.part(), other.part());
  }

  /** Returns the first size alone. */
  FileShape steps() {
    return new FileShape(batch, Shape.of(shape.size(0)), Shape.of(other.size(0)));
  }

  /** Returns a shape in which sizes are open that are others than another's of the same rank. */
  FileShape orElse(FileShape another) {
    int[] either = other.toArray();
    for (int i = 0; i < either.length; i++) {
      if (another.shape.size(i) != shape.size(i)
          || another.other.size(i) != another.shape.size(i)) {
        either[i] = shape.size(i) + 1;
      }
    }
    return new FileShape(batch, shape, Shape.of(either));
  }

  /** Returns the sizes, -1 for those that are open. */
  List<Integer> sizes() {
    return IntStream.range(0, shape.rank())
        .mapToObj(i -> shape.size(i) == other.size(i) ? shape.size(i) : OPEN)
        .toList();
  }

  /** Returns the sizes, the batch's before them, null where it is open. */
  JsonArray batched() {
    JsonArray sizes = new JsonArray();
    sizes.add(batch == 0 ? JsonNull.INSTANCE : new JsonPrimitive(batch));
    for (int size : sizes()) {
      sizes.add(size == OPEN ? JsonNull.INSTANCE : new JsonPrimitive(size));
    }
    return sizes;
  }
}
