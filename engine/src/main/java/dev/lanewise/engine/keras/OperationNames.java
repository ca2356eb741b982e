package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The classes of Keras's operations: what there is here by the name that it has there, as it is
 * written, and other names that Keras has for the same.
 */
final class OperationNames {
  /** Of two values, or a value and numbers. */
  static final Map<String, Operator> OPERATORS = operators();

  /** Of each element, without settings. */
  static final Map<String, Function> FUNCTIONS = functions();

  /** Of each element, without settings. */
  static final Map<String, Activation> ACTIVATIONS = activations();

  /** Along axes. */
  static final Map<String, Kind> REDUCTIONS = reductions();

  /** Those that have settings of their own, or are layers here. */
  private static final Set<String> OTHERS =
      Set.of(
          "Elu",
          "Celu",
          "HardShrink",
          "SoftShrink",
          "Squareplus",
          "LeakyRelu",
          "ReLU",
          "Gelu",
          "Softmax",
          "Concatenate",
          "Append",
          "Hstack",
          "Stack",
          "ExpandDims",
          "Squeeze",
          "Reshape",
          "Transpose",
          "Swapaxes",
          "Moveaxis",
          "Clip",
          "Flip",
          "Matmul",
          "Cast",
          "ConvertToTensor",
          "GetItem",
          "OneHot",
          "Round",
          "Cumsum");

  /** All of them, as a message lists them. */
  static final SortedSet<String> ALL = all();

  private OperationNames() {}

  private static Map<String, Operator> operators() {
    Map<String, Operator> names = new HashMap<>();
    for (Operator each : EnumSet.complementOf(EnumSet.of(Operator.WHERE))) { // has three sides
      names.put(Arithmetic.of(each).className(), each);
    }
    names.put("TrueDivide", Operator.DIVIDE);
    return Map.copyOf(names);
  }

  private static Map<String, Function> functions() {
    Map<String, Function> names = new HashMap<>();
    for (Function each : EnumSet.complementOf(EnumSet.of(Function.ROUND, Function.CAST))) {
      names.put(new Elements(each).className(), each);
    }
    names.put("Abs", Function.ABSOLUTE);
    return Map.copyOf(names);
  }

  private static Map<String, Activation> activations() {
    Map<String, Activation> names = new HashMap<>();
    Set<Activation> others = // with settings, or no operations
        EnumSet.of(
            Activation.ELU,
            Activation.LEAKY_RELU,
            Activation.HARD_SHRINK,
            Activation.SOFT_SHRINK,
            Activation.SQUAREPLUS,
            Activation.GELU,
            Activation.SOFTMAX,
            Activation.KERAS_2_HARD_SIGMOID,
            Activation.LINEAR);
    for (Activation each : Activation.values()) {
      if (!others.contains(each)) {
        names.put(new Activated(each).className(), each);
      }
    }
    return Map.copyOf(names);
  }

  private static Map<String, Kind> reductions() {
    Map<String, Kind> names = new HashMap<>();
    for (Kind each : Kind.values()) {
      names.put(new Reduction(each, List.of(1), false).className(), each);
    }
    names.put("Amax", Kind.MAX);
    names.put("Amin", Kind.MIN);
    names.put("Average", Kind.MEAN); // without weights
    return Map.copyOf(names);
  }

  private static SortedSet<String> all() {
    SortedSet<String> all = new TreeSet<>(OTHERS);
    all.addAll(OPERATORS.keySet());
    all.addAll(FUNCTIONS.keySet());
    all.addAll(ACTIVATIONS.keySet());
    all.addAll(REDUCTIONS.keySet());
    all.addAll(CompoundOperation.CLASSES);
    all.addAll(LengthConfig.CLASSES);
    all.addAll(TilingConfig.CLASSES);
    all.addAll(FormulaConfig.CLASSES);
    return Collections.unmodifiableSortedSet(all);
  }
}
