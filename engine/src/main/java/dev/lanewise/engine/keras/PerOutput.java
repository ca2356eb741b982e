package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A setting of {@code compile} that may be one for all of a model's outputs, a list with one each,
 * or an object with one by each name.
 *
 * @param compile the settings
 * @param key the setting's key
 * @param names the outputs' names, in order
 */
record PerOutput(Config compile, String key, List<String> names) {
  /**
   * Returns the setting of each output; JSON's null where there is none.
   *
   * @throws ModelFormatException if it is of other outputs than the model's
   */
  List<JsonElement> each() {
    JsonElement given = given();
    if (given instanceof JsonArray list && (list.size() == names.size() || names.size() > 1)) {
      return sized(list);
    }
    if (isByName(given)) {
      return byName(given.getAsJsonObject());
    }
    return Stream.generate(() -> given).limit(names.size()).toList();
  }

  /** Returns the setting as it is; JSON's null if it is absent. */
  JsonElement given() {
    JsonElement given = compile.json().get(key);
    return given == null ? JsonNull.INSTANCE : given;
  }

  /** Returns whether it is an object with a setting by name, and none of Keras's objects. */
  static boolean isByName(JsonElement given) {
    return given instanceof JsonObject object && !object.has("class_name");
  }

  private List<JsonElement> sized(JsonArray list) {
    if (list.size() != names.size()) {
      throw compile.wrong(key, "one for each of the outputs " + shownNames());
    }
    return list.asList();
  }

  private List<JsonElement> byName(JsonObject object) {
    for (String name : new TreeSet<>(object.keySet())) {
      if (!names.contains(name)) {
        throw compile.wrong(key, "by the names of outputs, which are " + shownNames());
      }
    }
    List<JsonElement> all = new ArrayList<>();
    for (String name : names) {
      all.add(object.has(name) ? object.get(name) : JsonNull.INSTANCE);
    }
    return all;
  }

  private String shownNames() {
    return LayerConfig.shortened(String.join(", ", names));
  }

  /**
   * Returns each output's number, of a setting that is one.
   *
   * @param absent where there is no setting at all
   */
  double[] numbers(double absent) {
    double[] numbers = new double[names.size()];
    JsonElement given = given();
    List<JsonElement> all =
        given instanceof JsonArray list && list.size() == 1
            ? Stream.generate(() -> list.get(0)).limit(names.size()).toList()
            : each();
    for (int i = 0; i < numbers.length; i++) {
      JsonElement one = all.get(i);
      if (given.isJsonNull()) {
        numbers[i] = absent;
      } else if (one instanceof JsonPrimitive number && number.isNumber()) {
        numbers[i] = number.getAsDouble();
      } else {
        throw compile.wrong(key, "a number for each of the outputs " + shownNames());
      }
    }
    return numbers;
  }
}
