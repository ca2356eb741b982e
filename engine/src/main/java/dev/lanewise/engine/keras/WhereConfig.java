package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elements.Function;
import java.util.List;
import java.util.Set;

/**
 * One of two values at each element, as a condition has it: the first where it is true, and 0
 * elsewhere, plus the second where it is not. What is not taken counts for nothing, be it infinite.
 */
final class WhereConfig {
  private static final Set<String> KEYS = Set.of("name");

  private final OperationNode operation;
  private final List<Integer> reads;
  private final CompoundOperation.Graph graph;
  private int next = 1;

  private WhereConfig(OperationNode operation, List<Integer> reads, CompoundOperation.Graph graph) {
    this.operation = operation;
    this.reads = reads;
    this.graph = graph;
  }

  /** Returns the most operations that one is: as it is written here, it is one. */
  static int most(OperationNode operation) {
    return isNought(operation.arguments(3).getLast()) ? 1 : 4;
  }

  /** Puts the operations in a graph, and returns the value that they give. */
  static int put(OperationNode operation, List<Integer> reads, CompoundOperation.Graph graph) {
    operation.config().requireKnown(KEYS);
    return new WhereConfig(operation, reads, graph).put();
  }

  private int put() {
    List<JsonElement> arguments = operation.arguments(3);
    if (!LayerCall.isValue(arguments.getFirst())) {
      throw refused(arguments.getFirst());
    }
    int condition = reads.getFirst();
    JsonElement second = arguments.getLast();
    if (isNought(second)) {
      return kept(condition, arguments.get(1));
    }
    boolean nought = isNought(arguments.get(1));
    int first = nought ? condition : kept(condition, arguments.get(1));
    int otherwise = graph.put(new Elements(Function.LOGICAL_NOT), List.of(condition));
    int rest = kept(otherwise, second);
    return nought ? rest : graph.put(Arithmetic.of(Operator.ADD), List.of(first, rest));
  }

  private static boolean isNought(JsonElement argument) {
    Double number = OperationNode.numberOrNull(argument);
    return number != null && number == 0;
  }

  /** Returns what is an argument where the condition is true, and 0 elsewhere. */
  private int kept(int condition, JsonElement argument) {
    if (LayerCall.isValue(argument)) {
      return graph.put(Arithmetic.of(Operator.WHERE), List.of(condition, reads.get(next++)));
    }
    Double number = OperationNode.numberOrNull(argument);
    if (number == null) {
      throw refused(argument);
    }
    return graph.put(Arithmetic.with(Operator.WHERE, number), List.of(condition));
  }

  private ModelFormatException refused(JsonElement argument) {
    return new ModelFormatException(
        operation.config().where()
            + ": is called with "
            + LayerConfig.shortened(argument.toString())
            + "; a condition that is a value, and values and numbers of which it takes one, are"
            + " supported");
  }
}
