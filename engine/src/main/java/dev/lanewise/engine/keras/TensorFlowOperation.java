package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a functional model of Keras 2 does with TensorFlow's own functions between layers: a {@code
 * TFOpLambda}, or a {@code SlicingOpLambda} for {@code x[...]}. Each is one of Keras 3's operations
 * under another name, called in another way: the first argument is a reference of its own, and all
 * further ones stand under their names beside it.
 */
final class TensorFlowOperation {
  private static final Set<String> CLASSES = Set.of("TFOpLambda", "SlicingOpLambda");
  private static final String SLICE = "__operators__.getitem";
  private static final String MODULE = "keras.src.ops.numpy";

  /** Stands in the place of a reference where a number is the first argument. */
  private static final String CONSTANT = "_CONSTANT_VALUE";

  /**
   * A function in Keras 3's words.
   *
   * @param type the operation's class
   * @param values the names of the further arguments that are values, or numbers in their place
   * @param settings the other arguments, by TensorFlow's names; others keep theirs
   * @param defaults what Keras 3's operation would take otherwise than TensorFlow's function
   */
  private record Rule(
      String type,
      List<String> values,
      Map<String, String> settings,
      Map<String, JsonPrimitive> defaults) {
    static Rule of(String type) {
      return new Rule(type, List.of(), Map.of(), Map.of());
    }

    /** Of two values. */
    static Rule both(String type, String second) {
      return new Rule(type, List.of(second), Map.of(), Map.of());
    }

    static Rule renaming(String type, String from, String to) {
      return new Rule(type, List.of(), Map.of(from, to), Map.of());
    }
  }

  private static final Map<String, Rule> RULES =
      Map.ofEntries(
          Map.entry("__operators__.add", Rule.both("Add", "y")),
          Map.entry("math.add", Rule.both("Add", "y")),
          Map.entry("math.subtract", Rule.both("Subtract", "y")),
          Map.entry("math.multiply", Rule.both("Multiply", "y")),
          Map.entry("compat.v1.math.scalar_mul", Rule.both("Multiply", "x")),
          Map.entry("math.scalar_mul", Rule.both("Multiply", "x")),
          Map.entry("math.divide", Rule.both("Divide", "y")),
          Map.entry("math.truediv", Rule.both("Divide", "y")),
          Map.entry("math.maximum", Rule.both("Maximum", "y")),
          Map.entry("math.minimum", Rule.both("Minimum", "y")),
          Map.entry("math.pow", Rule.both("Power", "y")),
          Map.entry("math.equal", Rule.both("Equal", "y")),
          Map.entry("math.not_equal", Rule.both("NotEqual", "y")),
          Map.entry("math.greater", Rule.both("Greater", "y")),
          Map.entry("math.greater_equal", Rule.both("GreaterEqual", "y")),
          Map.entry("math.less", Rule.both("Less", "y")),
          Map.entry("math.less_equal", Rule.both("LessEqual", "y")),
          Map.entry("math.logical_and", Rule.both("LogicalAnd", "y")),
          Map.entry("math.logical_or", Rule.both("LogicalOr", "y")),
          Map.entry("math.logical_not", Rule.of("LogicalNot")),
          Map.entry("math.reduce_any", Rule.of("Any")),
          Map.entry("math.reduce_all", Rule.of("All")),
          Map.entry("math.argmax", Rule.of("Argmax")),
          Map.entry("math.argmin", Rule.of("Argmin")),
          Map.entry("math.cumsum", Rule.of("Cumsum")),
          Map.entry("math.sign", Rule.of("Sign")),
          Map.entry("math.floor", Rule.of("Floor")),
          Map.entry("math.ceil", Rule.of("Ceil")),
          Map.entry("math.round", Rule.of("Round")),
          Map.entry("where", new Rule("Where", List.of("x", "y"), Map.of(), Map.of())),
          Map.entry("linalg.matmul", Rule.both("Matmul", "b")),
          Map.entry(SLICE, Rule.both("GetItem", "slice_spec")),
          Map.entry("math.abs", Rule.of("Absolute")),
          Map.entry("math.negative", Rule.of("Negative")),
          Map.entry("math.square", Rule.of("Square")),
          Map.entry("math.sqrt", Rule.of("Sqrt")),
          Map.entry("math.rsqrt", Rule.of("Rsqrt")),
          Map.entry("math.reciprocal", Rule.of("Reciprocal")),
          Map.entry("math.log", Rule.of("Log")),
          Map.entry("math.log1p", Rule.of("Log1p")),
          Map.entry("math.expm1", Rule.of("Expm1")),
          Map.entry("math.exp", Rule.of("Exp")),
          Map.entry("math.sin", Rule.of("Sin")),
          Map.entry("math.cos", Rule.of("Cos")),
          Map.entry("math.sigmoid", Rule.of("Sigmoid")),
          Map.entry("math.log_sigmoid", Rule.of("LogSigmoid")),
          Map.entry("math.tanh", Rule.of("Tanh")),
          Map.entry("math.softplus", Rule.of("Softplus")),
          Map.entry("nn.softsign", Rule.of("Softsign")),
          Map.entry("nn.relu", Rule.of("Relu")),
          Map.entry("nn.relu6", Rule.of("Relu6")),
          Map.entry("nn.selu", Rule.of("Selu")),
          Map.entry("nn.elu", Rule.of("Elu")),
          Map.entry("nn.silu", Rule.of("Silu")),
          Map.entry("nn.leaky_relu", Rule.renaming("LeakyRelu", "alpha", "negative_slope")),
          Map.entry(
              "nn.gelu",
              new Rule(
                  "Gelu", List.of(), Map.of(), Map.of("approximate", new JsonPrimitive(false)))),
          Map.entry("nn.softmax", Rule.of("Softmax")),
          Map.entry("compat.v1.nn.softmax", Rule.of("Softmax")),
          Map.entry("math.reduce_sum", Rule.of("Sum")),
          Map.entry("math.reduce_mean", Rule.of("Mean")),
          Map.entry("math.reduce_max", Rule.of("Max")),
          Map.entry("math.reduce_min", Rule.of("Min")),
          Map.entry("math.reduce_prod", Rule.of("Prod")),
          Map.entry("math.reduce_std", Rule.of("Std")),
          Map.entry("math.reduce_variance", Rule.of("Var")),
          Map.entry("math.reduce_logsumexp", Rule.of("Logsumexp")),
          Map.entry("concat", Rule.of("Concatenate")),
          Map.entry("stack", Rule.of("Stack")),
          Map.entry("expand_dims", Rule.of("ExpandDims")),
          Map.entry("squeeze", Rule.of("Squeeze")),
          Map.entry("compat.v1.squeeze", Rule.of("Squeeze")),
          Map.entry("reshape", Rule.renaming("Reshape", "shape", "newshape")),
          Map.entry("transpose", Rule.renaming("Transpose", "perm", "axes")),
          Map.entry("compat.v1.transpose", Rule.renaming("Transpose", "perm", "axes")),
          Map.entry("tile", Rule.renaming("Tile", "multiples", "repeats")),
          Map.entry("repeat", Rule.of("Repeat")),
          Map.entry("reverse", Rule.of("Flip")),
          Map.entry("cast", Rule.of("Cast")),
          Map.entry("one_hot", Rule.renaming("OneHot", "depth", "num_classes")),
          Map.entry("split", Rule.renaming("Split", "num_or_size_splits", CompoundOperation.SIZES)),
          Map.entry("unstack", Rule.of("Unstack")),
          Map.entry("zeros_like", Rule.of("ZerosLike")),
          Map.entry("ones_like", Rule.of("OnesLike")),
          Map.entry("nn.log_softmax", Rule.of("LogSoftmax")),
          Map.entry("math.l2_normalize", Rule.of("L2Normalize")),
          Map.entry("roll", Rule.of("Roll")),
          Map.entry("pad", Rule.renaming("Pad", "paddings", "pad_width")),
          Map.entry("compat.v1.pad", Rule.renaming("Pad", "paddings", "pad_width")),
          Map.entry(
              "clip_by_value",
              new Rule(
                  "Clip",
                  List.of(),
                  Map.of("clip_value_min", "x_min", "clip_value_max", "x_max"),
                  Map.of())));

  private final Config entry;
  private final Rule rule;
  private final JsonObject settings = new JsonObject();

  private TensorFlowOperation(Config entry, Rule rule) {
    this.entry = entry;
    this.rule = rule;
    rule.defaults.forEach(settings::add);
  }

  /** Returns whether an object is the entry of such a layer. */
  static boolean isOne(JsonObject object) {
    return object.get("class_name") instanceof JsonPrimitive name
        && CLASSES.contains(name.getAsString());
  }

  /**
   * Returns the entry of the operation that it is.
   *
   * @throws ModelFormatException naming the layer, if its function is not supported
   */
  static JsonObject translated(JsonObject object) {
    Config outer = new Config("a layer", object);
    String type = outer.string("class_name");
    Config config = outer.child("config");
    String name = config.string("name");
    Config entry = outer.at("layer " + LayerConfig.shortened(name) + " (" + type + ")");
    String function = config.at(entry.where()).string("function");
    Rule rule = RULES.get(function);
    if (rule == null) {
      throw new ModelFormatException(
          entry.where()
              + ": function "
              + LayerConfig.shortened(function)
              + " is not supported; "
              + String.join(", ", new TreeSet<>(RULES.keySet()))
              + " are");
    }
    return new TensorFlowOperation(entry, rule).operation(name);
  }

  private JsonObject operation(String name) {
    JsonArray calls = new JsonArray();
    for (JsonElement inbound : entry.array("inbound_nodes")) {
      JsonObject call = new JsonObject();
      call.add("args", arguments(inbound));
      call.add("kwargs", new JsonObject());
      calls.add(call);
    }
    settings.addProperty("name", name);
    JsonObject operation = KerasObject.of(MODULE, rule.type, settings);
    operation.addProperty("name", name);
    operation.add("inbound_nodes", calls);
    return operation;
  }

  /** A call is one reference, or a list of them if the function takes a list of values. */
  private JsonArray arguments(JsonElement inbound) {
    if (!(inbound instanceof JsonArray first) || first.isEmpty()) {
      throw entry.wrong("inbound_nodes", "calls of values");
    }
    JsonArray arguments = new JsonArray();
    if (first.get(0) instanceof JsonArray) {
      JsonArray all = new JsonArray();
      first.forEach(each -> all.add(reference(each)));
      arguments.add(all);
      addNamed(first.get(0), arguments);
    } else {
      arguments.add(reference(first));
      addNamed(first, arguments);
    }
    return arguments;
  }

  private JsonElement reference(JsonElement element) {
    if (!(element instanceof JsonArray parts)
        || parts.size() != 4
        || !(parts.get(3) instanceof JsonObject)) {
      throw entry.wrong("inbound_nodes", "calls of values");
    }
    if (parts.get(0).equals(new JsonPrimitive(CONSTANT))) {
      return parts.get(2);
    }
    JsonArray reference = new JsonArray();
    for (int part = 0; part < 3; part++) {
      reference.add(parts.get(part));
    }
    return reference;
  }

  private void addNamed(JsonElement reference, JsonArray arguments) {
    JsonObject named = reference.getAsJsonArray().get(3).getAsJsonObject();
    for (String value : rule.values) {
      if (!named.has(value)) {
        throw entry.wrong("inbound_nodes", "calls with " + value);
      }
      JsonElement argument = named.get(value);
      arguments.add(rule.type.equals("GetItem") ? places(argument) : argument);
    }
    named
        .asMap()
        .forEach(
            (key, value) -> {
              if (!rule.values.contains(key) && !key.equals("name") && !value.isJsonNull()) {
                settings.add(rule.settings.getOrDefault(key, key), value);
              }
            });
  }

  /** Slices are objects of their ends alone here, and have a class there. */
  private static JsonElement places(JsonElement places) {
    if (places instanceof JsonArray several) {
      JsonArray all = new JsonArray();
      several.forEach(each -> all.add(places(each)));
      return all;
    }
    if (!(places instanceof JsonObject ends) || ends.has("class_name")) {
      return places;
    }
    JsonObject slice = new JsonObject();
    slice.addProperty("class_name", "__slice__");
    slice.add("config", ends);
    return slice;
  }
}
