package dev.lanewise.engine.onnx;

import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import java.util.ArrayList;
import java.util.List;

/**
 * A mask beside the values of a graph: a float [batch, steps, 1], 1 where a step counts.
 *
 * <p>ONNX's recurrent operators know lengths alone. So the steps that count are put first, in their
 * order, with their number as the length; what comes out is put back, every masked step taking what
 * the last before it that counts has given.
 */
final class OnnxMask {
  private static final int FLOAT = 1;
  private static final int INT32 = 6;
  private static final int INT64 = 7;
  private static final int BOOL = 9;

  /** Above any number of steps, and with that exact in float32. */
  private static final float FAR = 1 << 22;

  private final OnnxGraph graph;
  private final String value;

  private OnnxMask(OnnxGraph graph, String value) {
    this.graph = graph;
    this.value = value;
  }

  /**
   * Adds the mask of steps all of whose features are a value, or of ids that are one.
   *
   * @param ids whether x is [batch, steps], without features
   */
  static OnnxMask told(OnnxGraph graph, String name, String x, float masked, boolean ids) {
    OnnxMask mask = new OnnxMask(graph, name);
    String equal = mask.add("Equal", name + "_equal", x, graph.scalar(name + "_value", masked));
    String other = mask.add("Not", name + "_other", equal);
    String counts = mask.cast(name + "_counts", other, FLOAT);
    if (ids) {
      mask.unsqueezed(name, counts);
    } else {
      graph.node(
          "ReduceMax",
          List.of(counts),
          List.of(name),
          Attribute.of("axes", new long[] {-1}),
          Attribute.of("keepdims", 1));
    }
    return mask;
  }

  /** Adds the mask of steps that count by one of several. */
  static OnnxMask either(OnnxGraph graph, String name, List<OnnxMask> of) {
    graph.node("Max", of.stream().map(mask -> mask.value).toList(), List.of(name));
    return new OnnxMask(graph, name);
  }

  /** Adds the mask of steps that count by all of several. */
  static OnnxMask all(OnnxGraph graph, String name, List<OnnxMask> of) {
    graph.node("Min", of.stream().map(mask -> mask.value).toList(), List.of(name));
    return new OnnxMask(graph, name);
  }

  /** Adds the mask of sequences one after another. */
  static OnnxMask inTurn(OnnxGraph graph, String name, List<OnnxMask> of) {
    List<String> parts = of.stream().map(mask -> mask.value).toList();
    graph.node("Concat", parts, List.of(name), Attribute.of("axis", 1));
    return new OnnxMask(graph, name);
  }

  /** Returns the name of the mask itself. */
  String value() {
    return value;
  }

  /** Adds whether each step counts. */
  String counts(String name) {
    return cast(name, value, BOOL);
  }

  /** Returns the mask of the steps turned. */
  OnnxMask turned(String name) {
    return new OnnxMask(graph, OnnxRecurrent.turned(graph, name, value, 1));
  }

  /** Adds zeros in place of masked steps. */
  String clear(String name, String x) {
    return add("Mul", name + "_y", x, value);
  }

  /** Adds each sample's number of steps that count. */
  String lengths(String name) {
    String axes = graph.constant(name + "_mask_axes", 1, 2);
    String sum = name + "_length_sum";
    graph.node("ReduceSum", List.of(value, axes), List.of(sum), Attribute.of("keepdims", 0));
    return cast(name + "_lengths", sum, INT32);
  }

  /** Adds x [batch, steps, features] with the steps that count first. */
  String compacted(String name, String x, int features) {
    String flat = flat(name);
    String none = add("Mul", name + "_no_step", flat, graph.scalar(name + "_nothing", 0));
    String each = add("Add", name + "_each_step", none, graph.scalar(name + "_unit", 1));
    String axis = graph.constant(name + "_later_axis", 1);
    String later = name + "_later"; // of T steps the first has T, the last 1
    graph.node("CumSum", List.of(each, axis), List.of(later), Attribute.of("reverse", 1));
    String ahead = add("Mul", name + "_used", flat, graph.scalar(name + "_far", FAR));
    String key = add("Add", name + "_key", ahead, later);
    String places = name + "_places";
    String count =
        add(
            "Gather",
            name + "_steps",
            add("Shape", name + "_sizes", flat),
            graph.constant(name + "_size", 1));
    graph.node(
        "TopK", List.of(key, count), List.of(name + "_keys", places), Attribute.of("axis", 1));
    return gathered(name + "_compacted", x, places, features);
  }

  /** Adds what [batch, steps, units] of compacted steps is at all steps. */
  String spread(String name, String y, int units, boolean zero) {
    String axis = graph.constant(name + "_sum_axis", 1);
    String until = add("CumSum", name + "_until", flat(name + "_spread"), axis);
    String before = add("Sub", name + "_before", until, graph.scalar(name + "_one", 1));
    String last = add("Max", name + "_last", before, graph.scalar(name + "_none", 0));
    String places = cast(name + "_spread_places", last, INT64);
    String spread = gathered(name + "_spread", y, places, units);
    String begun = add("Min", name + "_begun", until, graph.scalar(name + "_at_most", 1));
    String factor = zero ? value : unsqueezed(name + "_begun_mask", begun);
    return add("Mul", name + "_masked", spread, factor);
  }

  /**
   * Adds the last of all steps, [batch, units]. It is not left to the operators, whose last states
   * of samples shorter than others are not the same in all runtimes.
   */
  String last(String name, String y) {
    String index = graph.constant(name + "_last_step", -1);
    String step = name + "_at_last";
    graph.node("Gather", List.of(y, index), List.of(step), Attribute.of("axis", 1));
    return add("Squeeze", name + "_y_last", step, graph.constant(name + "_step_axis", 1));
  }

  /**
   * Adds last states, [batch, units], of which those of samples without a step that counts are the
   * ones before: what operators give of no step is not said.
   *
   * @param before the states that were begun with, none for zeros
   */
  List<String> begun(String name, List<String> last, List<String> before) {
    String any = name + "_any";
    graph.node(
        "ReduceMax",
        List.of(flat(name + "_any")),
        List.of(any),
        Attribute.of("axes", new long[] {1}),
        Attribute.of("keepdims", 1));
    String some = name + "_some";
    graph.node("Cast", List.of(any), List.of(some), Attribute.of("to", BOOL));
    List<String> states = new ArrayList<>();
    for (int i = 0; i < last.size(); i++) {
      String none = before.isEmpty() ? graph.scalar(name + "_zero" + i, 0) : before.get(i);
      states.add(add("Where", name + "_state" + i, some, last.get(i), none));
    }
    return states;
  }

  private String gathered(String name, String x, String places, int width) {
    String wide =
        add(
            "Expand",
            name + "_wide",
            unsqueezed(name + "_each", places),
            graph.constant(name + "_widths", 1, 1, width));
    graph.node("GatherElements", List.of(x, wide), List.of(name), Attribute.of("axis", 1));
    return name;
  }

  private String flat(String name) {
    return add("Squeeze", name + "_flat", value, graph.constant(name + "_flat_axis", 2));
  }

  private String unsqueezed(String name, String x) {
    return add("Unsqueeze", name, x, graph.constant(name + "_axis", 2));
  }

  private String cast(String name, String x, int type) {
    graph.node("Cast", List.of(x), List.of(name), Attribute.of("to", type));
    return name;
  }

  private String add(String operator, String name, String... inputs) {
    graph.node(operator, List.of(inputs), List.of(name));
    return name;
  }
}
