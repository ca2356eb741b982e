package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Constraint;
import dev.lanewise.engine.layer.Constraint.MaxNorm;
import dev.lanewise.engine.layer.Constraint.MinMaxNorm;
import dev.lanewise.engine.layer.Constraint.NonNeg;
import dev.lanewise.engine.layer.Constraint.UnitNorm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules that weights keep in a layer's entry: Keras's classes MaxNorm, MinMaxNorm, NonNeg and
 * UnitNorm, or their names in snake case.
 */
final class ConstraintConfig {
  private static final int MOST_AXES = 8;

  private ConstraintConfig() {}

  /**
   * Returns the rule that a key holds, none if it is not supported.
   *
   * @throws ModelFormatException if an array of so many sizes has no such axis
   */
  static Constraint read(Config layer, String key, int rank) {
    Constraint found = layer.has(key) ? readOrNull(layer, key) : null;
    if (found instanceof Constraint.OfNorm norms && !norms.fits(rank)) {
      throw layer.wrong(key, "along axes of an array of " + rank + " sizes, each named once");
    }
    return found == null ? Constraint.none() : found;
  }

  /** Returns the rule that a key holds, or null if it is not supported. */
  static @Nullable Constraint readOrNull(Config layer, String key) {
    return KerasObject.readOrNull(layer, key, ConstraintConfig::of);
  }

  private static @Nullable Constraint of(String name, JsonObject config) {
    List<Integer> axes = axes(config.get("axis"));
    if (axes.isEmpty()) {
      return null;
    }
    try {
      return switch (name) {
        case "MaxNorm", "max_norm" -> new MaxNorm(KerasObject.number(config, "max_value", 2), axes);
        case "UnitNorm", "unit_norm" -> new UnitNorm(axes);
        case "NonNeg", "non_neg" -> new NonNeg();
        case "MinMaxNorm", "min_max_norm" ->
            new MinMaxNorm(
                KerasObject.number(config, "min_value", 0),
                KerasObject.number(config, "max_value", 1),
                KerasObject.number(config, "rate", 1),
                axes);
        default -> null;
      };
    } catch (IllegalArgumentException e) { // Keras takes any number
      return null;
    }
  }

  /** Returns the axes that a file names, by default the first; none if they are not supported. */
  private static List<Integer> axes(@Nullable JsonElement axis) {
    if (axis == null) {
      return List.of(0);
    }
    JsonElement held = axis;
    if (axis instanceof JsonObject tuple && tuple.has("items")) { // as Keras 3 writes a tuple
      held = tuple.get("items");
    }
    List<JsonElement> each = held instanceof JsonArray list ? list.asList() : List.of(held);
    List<Integer> axes = new ArrayList<>();
    for (JsonElement element : each) {
      boolean number = element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
      double value = number ? element.getAsDouble() : Double.NaN;
      if (!(Math.abs(value) <= MOST_AXES) || value != Math.rint(value)) {
        return List.of();
      }
      axes.add((int) value);
    }
    return axes;
  }

  /** Returns a rule's object, null in JSON if there is none. */
  static JsonElement write(Constraint constraint) {
    JsonObject config = new JsonObject();
    String name =
        switch (constraint) {
          case Constraint.None none -> "";
          case NonNeg nonNeg -> "NonNeg";
          case UnitNorm unit -> "UnitNorm";
          case MaxNorm max -> {
            config.addProperty("max_value", max.maxValue());
            yield "MaxNorm";
          }
          case MinMaxNorm both -> {
            config.addProperty("min_value", both.minValue());
            config.addProperty("max_value", both.maxValue());
            config.addProperty("rate", both.rate());
            yield "MinMaxNorm";
          }
        };
    if (name.isEmpty()) {
      return JsonNull.INSTANCE;
    }
    if (constraint instanceof Constraint.OfNorm norms) {
      JsonArray axes = new JsonArray();
      norms.axes().forEach(axes::add);
      config.add("axis", axes.size() == 1 ? axes.get(0) : axes);
    }
    return KerasObject.of("keras.constraints", name, config);
  }
}
