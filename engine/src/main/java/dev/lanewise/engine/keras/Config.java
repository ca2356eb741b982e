package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with a place in the model, so that whatever is wrong with a value can be told by
 * layer and key. Values are asked for by type; a missing or other one is a {@link
 * ModelFormatException}.
 *
 * @param where names the object in messages
 * @param json the object
 */
record Config(String where, JsonObject json) {
  /** Of one sample: a sequence of pictures has as many. */
  private static final int MOST_SIZES = 4;

  /** Where Keras has its classes; those of its own that tf.keras wrote are named the same. */
  private static final Pattern OWN_MODULE = Pattern.compile("(tf_)?keras([.].*)?");

  boolean has(String key) {
    return json.has(key) && !json.get(key).isJsonNull();
  }

  Config child(String key) {
    JsonElement value = json.get(key);
    if (value == null || !value.isJsonObject()) {
      throw wrong(key, "an object");
    }
    return new Config(where + ", " + key, value.getAsJsonObject());
  }

  /** Returns the same object told by another place. */
  Config at(String place) {
    return new Config(place, json);
  }

  List<JsonElement> array(String key) {
    JsonElement value = json.get(key);
    if (value == null || !value.isJsonArray()) {
      throw wrong(key, "an array");
    }
    return value.getAsJsonArray().asList();
  }

  String string(String key) {
    String text = stringOrNull(key);
    if (text == null) {
      throw wrong(key, "a string");
    }
    return text;
  }

  @Nullable String stringOrNull(String key) {
    JsonPrimitive value = primitive(key);
    return value != null && value.isString() ? value.getAsString() : null;
  }

  /**
   * Returns the object's class, which is one of Keras's own.
   *
   * <p>The name alone does not say so: a class of somebody's own may be called SimpleRNN too. It is
   * told by its module, which is not Keras's (none in a program's main file), or by the name that
   * it is registered under, which is another or has a package in front.
   */
  String className() {
    String name = string("class_name");
    if (!isKerasOwn()) {
      String module = has("module") ? string("module") : null;
      String registered = has("registered_name") ? string("registered_name") : null;
      throw new ModelFormatException(
          where
              + ": class "
              + LayerConfig.shortened(name)
              + " of module "
              + LayerConfig.shortened(String.valueOf(module))
              + ", registered as "
              + LayerConfig.shortened(String.valueOf(registered))
              + ", is not Keras's own; what it does is not in the file");
    }
    return name;
  }

  /** Returns whether the object's class is one of Keras's own; see {@link #className}. */
  boolean isKerasOwn() {
    String name = string("class_name");
    String module = has("module") ? string("module") : null;
    String registered = has("registered_name") ? string("registered_name") : null;
    return module == null
        ? registered == null
        : OWN_MODULE.matcher(module).matches() && (registered == null || registered.equals(name));
  }

  boolean bool(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    JsonPrimitive value = primitive(key);
    if (value == null || !value.isBoolean()) {
      throw wrong(key, "true or false");
    }
    return value.getAsBoolean();
  }

  double number(String key) {
    JsonPrimitive value = primitive(key);
    if (value == null || !value.isNumber()) {
      throw wrong(key, "a number");
    }
    return value.getAsDouble();
  }

  double number(String key, double absent) {
    return has(key) ? number(key) : absent;
  }

  /** Returns the share of its values that a layer drops in training, which is not all of them. */
  double rate(String key) {
    double rate = number(key);
    if (!(rate >= 0 && rate < 1)) {
      throw wrong(key, "at least 0 and below 1");
    }
    return rate;
  }

  double rate(String key, double absent) {
    return has(key) ? rate(key) : absent;
  }

  /** Returns a whole number, which JSON may have written as 150 or as 150.0. */
  long whole(String key, long least, long most) {
    double value = number(key);
    if (!(value >= least && value <= most) || value != Math.rint(value)) {
      throw wrong(key, "a whole number from " + least + " to " + most);
    }
    return (long) value;
  }

  /**
   * Returns the sizes after the batch's, which is null, or that of the first data that a model
   * without an input layer has met; see {@link #batchOf}.
   *
   * @param open tells the first of them where it is null
   */
  List<Integer> shapeWithoutBatch(String key, OpenSteps open) {
    List<JsonElement> sizes = array(key);
    if (!sizes.isEmpty() && !sizes.getFirst().isJsonNull()) {
      element(key, sizes.getFirst()).whole(key, 1, Integer.MAX_VALUE);
    }
    List<Integer> shape = new ArrayList<>();
    for (int i = 1; i < sizes.size(); i++) {
      if (i == 1 && sizes.get(i).isJsonNull()) {
        shape.add(open.number());
        continue;
      }
      if (sizes.get(i).isJsonNull()) {
        throw new ModelFormatException(
            where
                + ": key "
                + key
                + " leaves size "
                + i
                + " open, "
                + value(key)
                + "; every size but the batch's and the steps' must be known here");
      }
      shape.add((int) element(key, sizes.get(i)).whole(key, 1, 1 << 24));
    }
    if (shape.isEmpty() || shape.size() > MOST_SIZES) {
      throw wrong(key, "[batch, features], [batch, steps, features], or of one or two sizes more");
    }
    return shape;
  }

  /** Returns the batch's size of a shape, 0 where that is open. */
  int batchOf(String key) {
    List<JsonElement> sizes = array(key);
    boolean open = sizes.isEmpty() || sizes.getFirst().isJsonNull();
    return open ? 0 : (int) element(key, sizes.getFirst()).whole(key, 1, Integer.MAX_VALUE);
  }

  /** Returns one element of an array as the value of its key, so that it is asked for by type. */
  Config element(String key, JsonElement element) {
    JsonObject holder = new JsonObject();
    holder.add(key, element);
    return new Config(where, holder);
  }

  /**
   * Refuses keys that this version does not know, unless their value says that they do nothing:
   * null, false or an empty list. Zero does not: it may be a class to ignore, or an axis.
   *
   * @param known keys that are read, or that change neither training nor prediction
   */
  void requireKnown(Set<String> known) {
    for (String key : json.keySet()) {
      if (!known.contains(key) && !saysNothing(json.get(key))) {
        throw new ModelFormatException(
            where
                + ": key "
                + LayerConfig.shortened(key)
                + " with value "
                + value(key)
                + " is not supported");
      }
    }
  }

  private static boolean saysNothing(JsonElement value) {
    if (value.isJsonNull() || (value instanceof JsonArray array && array.isEmpty())) {
      return true;
    }
    return value instanceof JsonPrimitive primitive
        && primitive.isBoolean()
        && !primitive.getAsBoolean();
  }

  ModelFormatException wrong(String key, String expected) {
    return new ModelFormatException(
        where + ": key " + key + " must be " + expected + ", found " + value(key));
  }

  private @Nullable JsonPrimitive primitive(String key) {
    JsonElement value = json.get(key);
    return value != null && value.isJsonPrimitive() ? value.getAsJsonPrimitive() : null;
  }

  /** Returns a value as messages show it. */
  String value(String key) {
    JsonElement value = json.get(key);
    return value == null ? "nothing" : LayerConfig.shortened(value.toString());
  }
}
