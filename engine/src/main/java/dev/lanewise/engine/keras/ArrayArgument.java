package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Constant;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An array of numbers among what an operation is called with: a list, NumPy's, or Keras's own. */
final class ArrayArgument {
  private static final String NUMPY = "__numpy__";
  private static final List<String> CLASSES = List.of(NUMPY, "__tensor__");
  private static final String VALUE = "value";

  private final float[] values;
  private final List<Integer> sizes = new ArrayList<>();
  private int count;

  private ArrayArgument(int most) {
    values = new float[most];
  }

  /**
   * Reads an argument, or returns null if it is no array, or has an element that is no number.
   *
   * @param rank how many sizes a sample has: the array has no more, but for one of 1 of the batch
   */
  static @Nullable Constant readOrNull(JsonElement argument, int rank) {
    JsonElement value = argument;
    if (argument instanceof JsonObject object
        && object.get("class_name") instanceof JsonPrimitive type
        && CLASSES.contains(type.getAsString())
        && object.get("config") instanceof JsonObject config) {
      value = config.get(VALUE);
    }
    if (!(value instanceof JsonArray array)) {
      return null;
    }
    ArrayArgument read = new ArrayArgument(elements(array));
    if (!read.addAll(array, 0) || read.sizes.size() > rank + 1) {
      return null;
    }
    List<Integer> sizes = read.sizes;
    if (sizes.size() == rank + 1) {
      if (sizes.getFirst() != 1) {
        return null; // something else for each sample
      }
      sizes = sizes.subList(1, sizes.size());
    }
    return Constant.of(Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray()), read.values);
  }

  private static int elements(JsonElement element) {
    return element instanceof JsonArray array
        ? array.asList().stream().mapToInt(ArrayArgument::elements).sum()
        : 1;
  }

  /** Returns whether all are numbers, of arrays of one size at each depth. */
  private boolean addAll(JsonArray array, int depth) {
    if (depth == sizes.size()) {
      sizes.add(array.size());
    }
    if (array.isEmpty() || sizes.get(depth) != array.size()) {
      return false;
    }
    for (JsonElement element : array) {
      boolean added =
          switch (element) {
            case JsonArray inner ->
                (depth + 1 < sizes.size() || count == 0) && addAll(inner, depth + 1);
            case JsonPrimitive number when number.isNumber() && depth == sizes.size() - 1 -> {
              values[count++] = number.getAsFloat();
              yield true;
            }
            default -> false;
          };
      if (!added) {
        return false;
      }
    }
    return true;
  }

  /** Returns an array as Keras writes NumPy's. */
  static JsonObject write(Constant array) {
    JsonObject config = new JsonObject();
    config.add(VALUE, nested(array.shape(), 0, array.values(), new int[1]));
    config.addProperty("dtype", "float32");
    JsonObject argument = new JsonObject();
    argument.addProperty("class_name", NUMPY);
    argument.add("config", config);
    return argument;
  }

  private static JsonArray nested(Shape shape, int depth, float[] values, int[] next) {
    JsonArray array = new JsonArray();
    for (int i = 0; i < shape.size(depth); i++) {
      if (depth == shape.rank() - 1) {
        array.add(values[next[0]++]);
      } else {
        array.add(nested(shape, depth + 1, values, next));
      }
    }
    return array;
  }
}
