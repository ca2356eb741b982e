package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Clip;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.tensor.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a model are no numbers with sizes, as all are here. What is true or not is 1 or 0
 * here and of a type of its own in Keras, and one number a sample has a size of 1 here and none in
 * Keras, by whose rules some operations make something else of them; where that is so they are
 * refused.
 */
final class ValueKinds {
  /** What gives truths of truths as it does of numbers. */
  private static final Set<String> TAKING_ALL =
      Set.of(
          "Equal",
          "NotEqual",
          "Greater",
          "GreaterEqual",
          "Less",
          "LessEqual",
          "LogicalAnd",
          "LogicalOr",
          "LogicalNot",
          "Any",
          "All");

  /** What gives those that it reads, in other places or fewer. */
  private static final Set<String> MOVING =
      Set.of(
          "ExpandDims",
          "Squeeze",
          "Reshape",
          "Transpose",
          "Swapaxes",
          "Moveaxis",
          "Repeat",
          "Tile",
          "Flip",
          "GetItem",
          "Concatenate",
          "Append",
          "Hstack",
          "Stack",
          "Max",
          "Amax",
          "Min",
          "Amin");

  /** What makes a number of one and a number. */
  private static final Set<String> TAKING_ONE =
      Set.of("Add", "Subtract", "Multiply", "Divide", "TrueDivide", "Maximum", "Minimum");

  /** What makes numbers of them alone. */
  private static final Set<String> COUNTING = Set.of("Cast", "Sum", "Mean", "Where");

  private final Set<Integer> truths = new HashSet<>();
  private final Set<Integer> single = new HashSet<>();

  boolean isTruth(int value) {
    return truths.contains(value);
  }

  /** Returns whether a value is one number a sample, of no size. */
  boolean isSingle(int value) {
    return single.contains(value);
  }

  void addTruth(int value) {
    truths.add(value);
  }

  /**
   * Notes what a layer of an operation gives, which {@link #requireKnown} let pass.
   *
   * @param input the shape of the first of what it reads
   */
  void note(List<Integer> reads, Layer layer, Shape input, int given) {
    if (givesTruths(layer)) {
      truths.add(given);
    }
    boolean stays = single.contains(reads.getFirst()) && !(layer instanceof Reshape);
    boolean all =
        switch (layer) {
          case GetItem item -> item.leavesNoSize(input);
          case Reduction reduction -> reduction.leavesNoSize(input);
          default -> false;
        };
    if (stays || all) {
      single.add(given);
    }
  }

  /** Returns whether an operation gives what it reads, in other places or less of it. */
  static boolean moves(OperationNode operation) {
    return MOVING.contains(operation.type());
  }

  /** Returns whether a layer gives what it reads in other places. */
  static boolean moves(Layer layer) {
    return switch (layer.unfrozen()) {
      case Reshape _, Permute _, Flatten _, RepeatVector _ -> true;
      default -> false;
    };
  }

  /** Notes what is given of values that are moved. */
  void noteMoved(List<Integer> reads, int given) {
    if (truths.contains(reads.getFirst())) {
      truths.add(given);
    }
  }

  private static boolean givesTruths(Layer layer) {
    return switch (layer) {
      case Arithmetic two -> two.operator().isTruth();
      case Elements each -> each.function() == Function.LOGICAL_NOT;
      case Reduction reduction -> reduction.kind() == Kind.ANY || reduction.kind() == Kind.ALL;
      default -> false;
    };
  }

  /**
   * Requires that an operation makes the same of 1 and 0 as of what is true or not.
   *
   * @throws ModelFormatException naming it otherwise
   */
  void requireKnown(OperationNode operation, List<Integer> reads) {
    long count = reads.stream().filter(truths::contains).count();
    String type = operation.type();
    boolean known =
        count == 0
            || TAKING_ALL.contains(type)
            || (MOVING.contains(type) && count == reads.size())
            || (TAKING_ONE.contains(type) && count == 1)
            || (COUNTING.contains(type) && count == 1 && truths.contains(reads.getFirst()));
    if (!known) {
      throw truthRefused(operation.config().where());
    }
  }

  /**
   * Requires that an operation makes the same of a size of 1 as of none.
   *
   * @param layer what it is here, null if nothing
   * @throws ModelFormatException naming it otherwise
   */
  void requireKnown(OperationNode operation, List<Integer> reads, @Nullable Layer layer) {
    boolean known =
        switch (layer) {
          case Arithmetic _ -> single.containsAll(reads);
          case Activated function -> function.activation() != Activation.SOFTMAX;
          case Elements _, Clip _, Reshape _ -> true;
          case null -> true;
          default -> false; // of sizes
        };
    if (!known && reads.stream().anyMatch(single::contains)) {
      throw singleRefused(operation.config().where());
    }
  }

  /**
   * Requires that all of what is read are numbers with sizes.
   *
   * @param where who reads them
   * @throws ModelFormatException naming that otherwise
   */
  void requirePlain(String where, List<Integer> reads) {
    if (reads.stream().anyMatch(truths::contains)) {
      throw truthRefused(where);
    }
    requireSized(where, reads);
  }

  /**
   * Requires that all of what is read has sizes.
   *
   * @param where who reads it
   * @throws ModelFormatException naming that otherwise
   */
  void requireSized(String where, List<Integer> reads) {
    if (reads.stream().anyMatch(single::contains)) {
      throw singleRefused(where);
    }
  }

  private static ModelFormatException truthRefused(String where) {
    return new ModelFormatException(
        where
            + " takes what is true or not (of type bool), which is not supported there; cast it to"
            + " float32 first");
  }

  private static ModelFormatException singleRefused(String where) {
    return new ModelFormatException(
        where
            + " takes one number a sample, of no size, which is not supported there; keepdims or"
            + " expand_dims gives it a size of 1");
  }
}
