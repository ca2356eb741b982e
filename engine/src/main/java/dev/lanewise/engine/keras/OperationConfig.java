package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Clip;
import dev.lanewise.engine.layer.Constant;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.OneHot;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Operations on values as they are read. */
final class OperationConfig {
  private static final Set<String> NONE = Set.of("name");
  private static final Set<String> DECIMALS = Set.of("name", "decimals");
  private static final Set<String> ALPHA = Set.of("name", "alpha");
  private static final Set<String> WIDTH = Set.of("name", "threshold");
  private static final Set<String> CURVE = Set.of("name", "b");
  private static final Set<String> SLOPE = Set.of("name", "negative_slope");
  private static final Set<String> APPROXIMATE = Set.of("name", "approximate");
  private static final Set<String> CLASSES =
      Set.of("name", "num_classes", "axis", "dtype", "sparse");
  private static final int MOST_CLASSES = 1 << 24;
  private static final Set<String> WHOLE = Set.of("int32", "int64", "uint8");
  private static final Set<String> BOUNDS = Set.of("name", "x_min", "x_max");
  private static final String FIRST_TURNED = "transpose_a";
  private static final String SECOND_TURNED = "transpose_b";
  private static final Set<String> TURNED = Set.of("name", FIRST_TURNED, SECOND_TURNED);
  private static final Set<String> TYPE = Set.of("name", "dtype", "sparse", "ragged");

  private OperationConfig() {}

  /**
   * Reads an operation, or returns null if it gives on what it takes.
   *
   * @param call its only call
   * @param read the shapes of what that takes
   * @param ofTruth whether the first of it is true or not, and no number
   * @throws ModelFormatException naming the operation and what of it is not supported
   */
  static @Nullable Layer readOrNull(
      OperationNode operation, FunctionalCalls.Call call, List<Shape> read, boolean ofTruth) {
    try {
      return operation.type().equals("Cast")
          ? castOrNull(operation, call, ofTruth)
          : layerOrNull(operation, call, read);
    } catch (IllegalArgumentException e) { // what the operation says of its numbers
      throw new ModelFormatException(operation.config().where() + ": " + e.getMessage(), e);
    }
  }

  /** Whole numbers of what is true or not are numbers, too. */
  private static @Nullable Layer castOrNull(
      OperationNode operation, FunctionalCalls.Call call, boolean ofTruth) {
    requireValuesAlone(operation, call);
    Config config = operation.config();
    config.requireKnown(TYPE);
    String type = config.has("dtype") ? config.string("dtype") : "float32";
    if (type.equals("bool")) {
      return ofTruth ? null : new Arithmetic(Operator.NOT_EQUAL, 0.0, null); // as no mask begins
    }
    if (!type.equals("float32") && !(ofTruth && WHOLE.contains(type))) {
      throw config.wrong("dtype", "float32");
    }
    return ofTruth ? new Elements(Function.CAST) : null;
  }

  private static @Nullable Layer layerOrNull(
      OperationNode operation, FunctionalCalls.Call call, List<Shape> read) {
    String type = operation.type();
    if (!OperationNames.ALL.contains(type)) {
      throw unknown(operation);
    }
    Operator operator = OperationNames.OPERATORS.get(type);
    if (operator != null) {
      return arithmetic(operation, operator, read);
    }
    if (type.equals("GetItem")) {
      operation.arguments(2);
      return GetItemConfig.read(
          call.where(), operation.inbound().getFirst(), read.getFirst().rank());
    }
    if (type.equals("Matmul")) {
      return product(operation, read);
    }
    if (type.equals("Append")) {
      return AxesConfig.joined(operation, read);
    }
    requireValuesAlone(operation, call);
    return switch (type) {
      case "Concatenate", "Stack", "Hstack" -> AxesConfig.joined(operation, read);
      default -> {
        if (read.size() != 1) {
          throw new ModelFormatException(
              operation.config().where() + ": takes one value, found " + read.size());
        }
        yield ofOne(operation, read.getFirst());
      }
    };
  }

  /** Returns whether an operation casts to whole numbers, which changes no ids of tokens. */
  static boolean makesWhole(OperationNode operation) {
    return operation.type().equals("Cast")
        && operation.config().has("dtype")
        && WHOLE.contains(String.valueOf(operation.config().stringOrNull("dtype")));
  }

  /**
   * Returns whether an operation changes nothing: whether a mask then stays with its value, or not,
   * depends on what Keras runs on.
   */
  static boolean changesNothing(Layer operation, Shape input) {
    return switch (operation) {
      case Reshape reshape -> reshape.outputShape(input).equals(input);
      case Permute permute -> !permute.turns();
      case Joined joined -> !joined.stacked();
      case GetItem item ->
          IntStream.range(0, input.rank())
              .allMatch(
                  size ->
                      item.part(size) instanceof GetItem.Slice
                          && item.places(size, input).areAllOf(input.size(size)));
      default -> false; // computes
    };
  }

  /** Nothing but values may be among the arguments. */
  private static void requireValuesAlone(OperationNode operation, FunctionalCalls.Call call) {
    operation.arguments(1);
    if (!call.made().arguments().isEmpty() || !call.made().masks().isEmpty()) {
      throw new ModelFormatException(
          operation.config().where()
              + ": is called with "
              + call.made().arguments()
              + ", which is not supported");
    }
  }

  private static ModelFormatException unknown(OperationNode operation) {
    Config config = operation.config();
    return new ModelFormatException(
        config.where()
            + ": operations of this class are not supported; "
            + String.join(", ", OperationNames.ALL)
            + " are"
            + Replacements.hint(config.string("name")));
  }

  private static @Nullable Layer ofOne(OperationNode operation, Shape input) {
    String type = operation.type();
    Config config = operation.config();
    if (OperationNames.FUNCTIONS.containsKey(type)) {
      config.requireKnown(NONE);
      return new Elements(OperationNames.FUNCTIONS.get(type));
    }
    if (OperationNames.ACTIVATIONS.containsKey(type)) {
      config.requireKnown(NONE);
      return new Activated(OperationNames.ACTIVATIONS.get(type));
    }
    if (OperationNames.REDUCTIONS.containsKey(type)) {
      return AxesConfig.reduction(OperationNames.REDUCTIONS.get(type), config, input.rank());
    }
    return switch (type) {
      case "Elu" -> elu(config);
      case "LeakyRelu" -> leakyRelu(config);
      case "Celu" -> activated(config, Activation.ELU, ALPHA, "alpha", 1);
      case "HardShrink" -> activated(config, Activation.HARD_SHRINK, WIDTH, "threshold", 0.5);
      case "SoftShrink" -> activated(config, Activation.SOFT_SHRINK, WIDTH, "threshold", 0.5);
      case "Squareplus" -> activated(config, Activation.SQUAREPLUS, CURVE, "b", 4);
      case "ReLU" -> relu(config);
      case "Gelu" -> activated(config, Activation.GELU, APPROXIMATE); // see FormulaConfig
      case "Softmax" -> AxesConfig.softmax(config, input.rank());
      case "ExpandDims" -> AxesConfig.expanded(config, input);
      case "Squeeze" -> AxesConfig.squeezed(config, input);
      case "Reshape" -> AxesConfig.reshaped(config, input);
      case "Transpose" -> AxesConfig.transposed(config, input.rank());
      case "Swapaxes" -> AxesConfig.swapped(config, input.rank());
      case "Moveaxis" -> AxesConfig.moved(config, input.rank());
      case "Clip" -> clip(config);
      case "Flip" -> AxesConfig.flipped(config, input.rank());
      case "ConvertToTensor" -> asItIs(config);
      case "OneHot" -> oneHot(config);
      case "Round" -> {
        config.requireKnown(DECIMALS);
        if (config.number("decimals", 0) != 0) {
          throw config.wrong("decimals", "0");
        }
        yield new Elements(Function.ROUND);
      }
      case "Cumsum" -> AxesConfig.summed(config, input.rank());
      default -> throw unknown(operation);
    };
  }

  /** With another slope than Keras's it is a layer. */
  private static Layer leakyRelu(Config config) {
    config.requireKnown(SLOPE);
    double slope = config.number("negative_slope", 0.2);
    return slope == 0.2 ? new Activated(Activation.LEAKY_RELU) : new LeakyRelu(slope);
  }

  private static Layer elu(Config config) {
    config.requireKnown(ALPHA);
    double alpha = config.number("alpha", 1);
    return alpha == 1 ? new Activated(Activation.ELU) : new Elu(alpha);
  }

  private static Clip clip(Config config) {
    config.requireKnown(BOUNDS);
    return new Clip(config.number("x_min"), config.number("x_max"));
  }

  private static OneHot oneHot(Config config) {
    config.requireKnown(CLASSES);
    if (config.number("axis", -1) != -1) {
      throw config.wrong("axis", "-1");
    }
    if (config.bool("sparse", false)) {
      throw config.wrong("sparse", "false");
    }
    if (config.has("dtype") && !config.string("dtype").equals("float32")) {
      throw config.wrong("dtype", "float32");
    }
    return new OneHot((int) config.whole("num_classes", 1, MOST_CLASSES));
  }

  private static Layer arithmetic(OperationNode operation, Operator operator, List<Shape> read) {
    operation.config().requireKnown(NONE);
    List<JsonElement> sides = operation.arguments(2);
    for (int side = 0; side < 2 && read.size() == 1; side++) {
      Constant array = ArrayArgument.readOrNull(sides.get(side), read.getFirst().rank());
      if (array != null && LayerCall.isValue(sides.get(1 - side))) {
        return new ArrayArithmetic(operator, array, side == 0);
      }
    }
    return new Arithmetic(
        operator, numberOrNull(operation, sides, 0), numberOrNull(operation, sides, 1));
  }

  /** What is no number must be a value. */
  private static @Nullable Double numberOrNull(
      OperationNode operation, List<JsonElement> sides, int side) {
    Double number = OperationNode.numberOrNull(sides.get(side));
    if (number == null && !LayerCall.isValue(sides.get(side))) {
      throw new ModelFormatException(
          operation.config().where()
              + ": is called with "
              + LayerConfig.shortened(sides.get(side).toString())
              + "; values, numbers and arrays of them, the same for all samples, are supported");
    }
    return number;
  }

  /** Either side may be turned, of which Keras 2's files tell alone. */
  private static Layer product(OperationNode operation, List<Shape> read) {
    Config config = operation.config();
    config.requireKnown(TURNED);
    operation.arguments(2);
    int kept = read.getFirst().rank() - 2;
    boolean fit = read.size() == 2 && kept >= 0 && read.getLast().rank() == kept + 2;
    for (int i = 0; fit && i < kept; i++) {
      fit = read.getFirst().size(i) == read.getLast().size(i);
    }
    if (!fit) {
      throw new ModelFormatException(
          operation.config().where()
              + ": of two values of [batch, ..., rows, columns], with the same sizes before their"
              + " rows, is supported, found "
              + read);
    }
    int first = config.bool(FIRST_TURNED, false) ? 1 : 2;
    int second = config.bool(SECOND_TURNED, false) ? 2 : 1;
    return EinsumConfig.atEach(kept, new Dot(first, second, false));
  }

  private static Activated activated(Config config, Activation activation, Set<String> known) {
    config.requireKnown(known);
    return new Activated(activation);
  }

  private static Activated activated(
      Config config, Activation activation, Set<String> known, String key, double value) {
    config.requireKnown(known);
    if (config.number(key, value) != value) {
      throw config.wrong(key, String.valueOf(value));
    }
    return new Activated(activation);
  }

  /** That of {@code keras.activations}, whose settings are the layer's. */
  private static Activated relu(Config config) {
    JsonObject object = KerasObject.of("keras.layers", "ReLU", config.json());
    Activation activation = ActivationObjects.activationOrNull(new Config(config.where(), object));
    return new Activated(Objects.requireNonNull(activation, "of an object of that class"));
  }

  /** Values are of float32 here. */
  private static @Nullable Layer asItIs(Config config) {
    config.requireKnown(TYPE);
    if (config.has("dtype") && !config.string("dtype").equals("float32")) {
      throw config.wrong("dtype", "float32");
    }
    return null;
  }
}
