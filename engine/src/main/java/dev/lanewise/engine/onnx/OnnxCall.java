package dev.lanewise.engine.onnx;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a layer, as it is written.
 *
 * @param name what all names begin with that the call makes
 * @param values the names of what it reads, in the layer's order
 * @param shapes their shapes, of one sample
 * @param masks of each the mask that the layer heeds there, null where all steps count
 * @param weights the layer's arrays, in Keras's order
 */
record OnnxCall(
    String name,
    List<String> values,
    List<Shape> shapes,
    List<@Nullable OnnxMask> masks,
    Iterator<float[]> weights) {
  /** Returns the name of the first value. */
  String x() {
    return values.getFirst();
  }

  /** Returns its shape. */
  Shape input() {
    return shapes.getFirst();
  }

  /** Returns the mask of its steps. */
  @Nullable OnnxMask mask() {
    return masks.getFirst();
  }

  /** Returns the call with the first value and {@code count} others, from the {@code from}th on. */
  OnnxCall reading(int from, int count) {
    List<String> read = new ArrayList<>(List.of(values.getFirst()));
    read.addAll(values.subList(from, from + count));
    return new OnnxCall(name, read, shapes, masks, weights);
  }

  /** Returns the call of a layer that this one's layer is around, or consists of. */
  OnnxCall named(String other) {
    return new OnnxCall(other, values, shapes, masks, weights);
  }
}
