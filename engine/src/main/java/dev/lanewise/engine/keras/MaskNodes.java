package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Mask;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The masks that Keras 3 spells out in a functional model: operations in nodes of their own, whose
 * results calls take as {@code mask}. Values carry their masks here; so what is spelled out is read
 * as a formula, and says something new only where another one is carried.
 */
final class MaskNodes {
  /** What begins on the way to a mask, of values; all others there are of masks. */
  private static final Set<String> BEGINNINGS = Set.of("NotEqual", "ZerosLike", "OnesLike");

  /** What an operation gives: a mask on its way, of some steps. */
  private sealed interface Term {
    /** Of each step. */
    record Steps(int steps, @Nullable Mask mask) implements Term {}

    /** Of each feature, the same in all of a step. */
    record Wide(int steps, @Nullable Mask mask) implements Term {}

    /** Of each feature, whether it is another number. */
    record Features(int steps, Mask.Told told) implements Term {}

    /** False of each feature. */
    record Nothing() implements Term {}
  }

  private final Map<LayerOutput, Term> terms = new HashMap<>();

  /** How many sequences the model stands at each step of: its values are of steps of these. */
  private final int around;

  /** Begins without any, in a model that stands at each step of so many sequences. */
  MaskNodes(int around) {
    this.around = around;
  }

  /** Enters an input of booleans, which is a mask itself. */
  void enter(LayerOutput input, int value, Shape shape) {
    terms.put(input, new Term.Steps(of(shape).size(0), new Mask.Told(value, 0)));
  }

  /**
   * Computes what an operation gives, whose operands are there; returns whether it is one on masks
   * as Keras makes them, of which there are comparisons with a number and what becomes of these in
   * merges.
   *
   * @param values where each output is among all values
   * @param shapes the values' shapes
   */
  boolean enter(
      OperationNode operation,
      FunctionalCalls.Call call,
      Map<LayerOutput, Integer> values,
      List<Shape> shapes) {
    if (!begins(operation) && call.made().inputs().stream().noneMatch(terms::containsKey)) {
      return false;
    }
    Term term = term(operation, call, values, shapes);
    if (term == null) {
      return false;
    }
    terms.put(call.output(0), term);
    return true;
  }

  /** Zeros and ones are of masks where they are no numbers. */
  private static boolean begins(OperationNode operation) {
    return BEGINNINGS.contains(operation.type())
        && (operation.type().equals("NotEqual")
            || "bool".equals(operation.config().stringOrNull("dtype")));
  }

  private @Nullable Term term(
      OperationNode operation,
      FunctionalCalls.Call call,
      Map<LayerOutput, Integer> values,
      List<Shape> shapes) {
    List<LayerOutput> inputs = call.made().inputs();
    List<@Nullable Term> operands = new ArrayList<>();
    for (LayerOutput input : inputs) {
      operands.add(terms.get(input));
    }
    Integer value = values.get(inputs.isEmpty() ? null : inputs.getFirst());
    Shape shape = value == null ? null : of(shapes.get(value));
    Term first = operands.isEmpty() ? null : operands.getFirst();
    boolean one = inputs.size() == 1;
    return switch (operation.type()) {
      case "NotEqual" ->
          one && value != null && shape != null
              ? compared(operation.inbound().get(call.number()), value, shape)
              : null;
      case "ZerosLike" -> one && shape != null ? new Term.Nothing() : null;
      case "OnesLike" ->
          one && shape != null && shape.rank() == 2 ? new Term.Wide(shape.size(0), null) : null;
      case "ConvertToTensor" -> one ? first : null;
      case "ExpandDims" ->
          one && first instanceof Term.Steps(int steps, Mask mask) && axis(operation) == -1
              ? new Term.Wide(steps, mask)
              : null;
      case "Any" -> one && axis(operation) == -1 ? overFeatures(first) : null;
      case "LogicalOr" -> inputs.size() == 2 ? either(first, operands.getLast()) : null;
      case "LogicalAnd" ->
          inputs.size() == 2 ? together(first, operands.getLast(), Mask::all) : null;
      case "Concatenate" -> joined(operands, axis(operation));
      default -> null; // is no operation on masks
    };
  }

  /** Returns a shape as it is in the model. */
  private Shape of(Shape whole) {
    return around == 0 ? whole : NestedModel.part(whole, around);
  }

  /** Returns the mask that a value has in the model. */
  private @Nullable Mask carried(MaskFlow flow, int value) {
    return around == 0 || value == MaskFlow.NONE ? flow.of(value) : flow.within(value);
  }

  private static int axis(OperationNode operation) {
    return operation.config().has("axis")
        ? (int) operation.config().whole("axis", -3, 3)
        : Integer.MIN_VALUE;
  }

  private static @Nullable Term compared(JsonElement node, int value, Shape shape) {
    List<JsonElement> arguments = new Config("NotEqual", node.getAsJsonObject()).array("args");
    if (arguments.size() != 2
        || !(arguments.get(1) instanceof JsonPrimitive number && number.isNumber())) {
      return null;
    }
    Mask.Told told = new Mask.Told(value, (float) number.getAsDouble());
    return shape.rank() == 1
        ? new Term.Steps(shape.size(0), told)
        : new Term.Features(shape.size(0), told);
  }

  private static @Nullable Term overFeatures(@Nullable Term term) {
    return switch (term) {
      case Term.Features features -> new Term.Steps(features.steps, features.told);
      case Term.Wide wide -> new Term.Steps(wide.steps, wide.mask);
      case null, default -> null;
    };
  }

  private static @Nullable Term either(@Nullable Term first, @Nullable Term second) {
    return first instanceof Term.Wide && second instanceof Term.Nothing
        ? first
        : together(first, second, Mask::either);
  }

  private static @Nullable Term together(
      @Nullable Term first,
      @Nullable Term second,
      Function<List<@Nullable Mask>, @Nullable Mask> rule) {
    if (first instanceof Term.Steps(int steps, Mask a)
        && second instanceof Term.Steps(int others, Mask b)
        && steps == others) {
      List<@Nullable Mask> both = new ArrayList<>();
      both.add(a);
      both.add(b);
      return new Term.Steps(steps, rule.apply(both));
    }
    return null;
  }

  private static @Nullable Term joined(List<@Nullable Term> operands, int axis) {
    List<Mask.Part> parts = new ArrayList<>();
    List<@Nullable Mask> masks = new ArrayList<>();
    for (Term operand : operands) {
      if (!(operand instanceof Term.Wide(int steps, Mask mask))) {
        return null;
      }
      parts.add(new Mask.Part(steps, mask));
      masks.add(mask);
    }
    int steps = parts.stream().mapToInt(Mask.Part::steps).sum();
    return switch (axis) {
      case -1, 2 -> new Term.Wide(parts.getFirst().steps(), Mask.either(masks));
      case 1, -2 -> new Term.Wide(steps, Mask.inTurn(parts));
      default -> null; // the batch's
    };
  }

  /**
   * Returns the values whose masks a call is told to heed, none where these are those that it heeds
   * anyway.
   *
   * @param reads the values that it reads
   * @throws ModelFormatException if a mask is none that a value carries
   */
  List<Integer> told(FunctionalCalls.Call call, Layer layer, List<Integer> reads, MaskFlow flow) {
    List<@Nullable LayerOutput> given = call.made().masks();
    Node untold = new Node(call.layer(), reads);
    List<Integer> carriers = new ArrayList<>();
    boolean same = true;
    for (int place = 0; place < Math.min(2, given.size()); place++) { // a key's is not looked at
      LayerOutput output = given.get(place);
      if (place >= reads.size()) {
        throw refused(call, output);
      }
      Mask mask = output == null ? null : maskOf(call, output);
      boolean other = !Objects.equals(mask, carried(flow, MaskFlow.heeded(layer, untold, place)));
      if (around > 0) { // where a call is told no others
        if (other) {
          throw refused(call, output);
        }
        continue;
      }
      int carrier = mask == null ? MaskFlow.NONE : flow.carrierOf(mask);
      boolean lost = other && mask == null && !(layer.unfrozen() instanceof Merge);
      if (lost || !MaskFlow.takesMasks(layer) || (mask != null && carrier == MaskFlow.NONE)) {
        throw refused(call, output); // one mask cannot be written as none, and is carried or not
      }
      same &= !other;
      carriers.add(carrier);
    }
    return same ? List.of() : carriers;
  }

  /**
   * Refuses masks by name at a call of a model, in which values carry their own anyway.
   *
   * @param reads the values that it reads
   */
  void requireCarried(FunctionalCalls.Call call, List<Integer> reads, MaskFlow flow) {
    List<@Nullable LayerOutput> given = call.made().masks();
    for (int place = 0; place < given.size(); place++) {
      LayerOutput output = given.get(place);
      boolean known = place < reads.size();
      if (output != null
          && !(known && Objects.equals(maskOf(call, output), carried(flow, reads.get(place))))) {
        throw refused(call, output);
      }
    }
  }

  private @Nullable Mask maskOf(FunctionalCalls.Call call, LayerOutput output) {
    if (!(terms.get(output) instanceof Term.Steps(int steps, Mask mask))) {
      throw refused(call, output);
    }
    return mask;
  }

  private static ModelFormatException refused(
      FunctionalCalls.Call call, @Nullable LayerOutput output) {
    return new ModelFormatException(
        call.where()
            + " is called with mask = "
            + output
            + ", which is not that of an Embedding with mask_zero or of a Masking below it, or what"
            + " merges make of these; other masks by name are not supported");
  }
}
