package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Clip;
import dev.lanewise.engine.layer.Cumsum;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.OneHot;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.layer.SoftmaxOver;
import org.jspecify.annotations.Nullable;

/** An operation as it is written: an entry with its settings, and what it is called with. */
final class OperationEntry {
  private static final String ARRAYS = "keras.src.ops.numpy";
  private static final String MATH = "keras.src.ops.math";
  private static final String TYPES = "keras.src.ops.core";
  private static final String FUNCTIONS = "keras.src.ops.nn";

  private OperationEntry() {}

  /** Returns an operation's entry but for its calls. */
  static JsonObject of(String name, Operation operation) {
    JsonObject config = new JsonObject();
    settings(config, operation);
    config.addProperty("name", name);
    JsonObject entry = KerasObject.of(module(operation), operation.className(), config);
    entry.addProperty("registered_name", operation.className());
    return entry;
  }

  private static String module(Operation operation) {
    return switch (operation) {
      case SoftmaxOver _, OneHot _ -> FUNCTIONS;
      case Activated function ->
          switch (function.activation()) {
            case TANH, EXPONENTIAL -> ARRAYS;
            case MISH -> "keras.src.activations.activations"; // and nowhere else
            default -> FUNCTIONS;
          };
      case Elements each ->
          switch (each.function()) {
            case RSQRT, ERF -> MATH;
            case CAST, STOP_GRADIENT -> TYPES;
            default -> ARRAYS;
          };
      case Reduction reduction -> reduction.kind() == Kind.LOGSUMEXP ? MATH : ARRAYS;
      case Arithmetic _, ArrayArithmetic _, Clip _, Joined _, GetItem _, Cumsum _ -> ARRAYS;
    };
  }

  private static void settings(JsonObject config, Operation operation) {
    switch (operation) {
      case Arithmetic _, ArrayArithmetic _ -> {} // the call has it
      case Elements each -> {
        if (each.function() == Function.CAST) {
          config.addProperty("dtype", "float32");
        }
        if (each.function() == Function.ROUND) {
          config.addProperty("decimals", 0);
        }
      }
      case Clip clip -> {
        config.addProperty("x_min", clip.least());
        config.addProperty("x_max", clip.most());
      }
      case Activated function -> {
        if (function.activation() == Activation.GELU) {
          config.addProperty("approximate", false);
        }
      }
      case Reduction reduction -> {
        JsonArray axes = new JsonArray();
        reduction.axes().forEach(axes::add);
        config.add("axis", axes.size() == 1 ? axes.get(0) : axes);
        config.addProperty("keepdims", reduction.keepDims());
      }
      case Cumsum sums -> config.addProperty("axis", sums.axis());
      case SoftmaxOver softmax -> config.addProperty("axis", softmax.axis());
      case Joined joined -> config.addProperty("axis", joined.axis());
      case GetItem item -> {} // its call has it
      case OneHot each -> {
        config.addProperty("num_classes", each.classes());
        config.addProperty("axis", -1);
        config.addProperty("dtype", "float32");
        config.addProperty("sparse", false);
      }
    }
  }

  /** Returns what an operation is called with. */
  static JsonArray arguments(Operation operation, JsonArray values) {
    JsonArray arguments = new JsonArray();
    switch (operation) {
      case Arithmetic two -> {
        arguments.add(side(two.left(), values.get(0)));
        arguments.add(side(two.right(), values.get(values.size() - 1)));
        if (two.operator() == Operator.WHERE) {
          arguments.add(0.0);
        }
      }
      case ArrayArithmetic each -> {
        JsonObject array = ArrayArgument.write(each.array());
        arguments.add(each.arrayFirst() ? array : values.get(0));
        arguments.add(each.arrayFirst() ? values.get(0) : array);
      }
      case Joined joined -> arguments.add(values);
      case GetItem item -> {
        arguments.add(values.get(0));
        arguments.add(GetItemConfig.parts(item));
      }
      case Elements _, Clip _, Activated _, Reduction _, SoftmaxOver _, OneHot _, Cumsum _ ->
          arguments.add(values.get(0));
    }
    return arguments;
  }

  private static JsonElement side(@Nullable Double number, JsonElement value) {
    return number == null ? value : new JsonPrimitive(number);
  }
}
