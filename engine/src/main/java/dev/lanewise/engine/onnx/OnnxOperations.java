package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Clip;
import dev.lanewise.engine.layer.Constant;
import dev.lanewise.engine.layer.Cumsum;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.OneHot;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds what a model does with values beside its layers. */
final class OnnxOperations {
  private final OnnxGraph graph;
  private final OnnxCall call;
  private final String name;

  OnnxOperations(OnnxGraph graph, OnnxCall call) {
    this.graph = graph;
    this.call = call;
    name = call.name();
  }

  /** Adds an operation's nodes and returns the name of what they make. */
  String add(Operation operation) {
    return switch (operation) {
      case Activated activated ->
          OnnxActivation.apply(graph, activated.activation(), name, call.x());
      case Arithmetic arithmetic -> arithmetic(arithmetic);
      case ArrayArithmetic each -> {
        Constant array = each.array();
        String numbers = graph.constant(name + "_array", array.shape(), array.values());
        yield each.arrayFirst()
            ? both(each.operator(), numbers, call.x())
            : both(each.operator(), call.x(), numbers);
      }
      case Clip clip -> {
        String least = graph.scalar(name + "_least", (float) clip.least());
        yield node(
            "Clip", "_y", call.x(), least, graph.scalar(name + "_most", (float) clip.most()));
      }
      case Elements elements -> function(elements.function());
      case Reduction reduction -> sized(reduction.leavesNoSize(call.input()), reduction(reduction));
      case SoftmaxOver softmax -> {
        graph.node(
            "Softmax",
            List.of(call.x()),
            List.of(name + "_y"),
            Attribute.of("axis", softmax.axis()));
        yield name + "_y";
      }
      case Cumsum sums -> node("CumSum", "_y", call.x(), graph.index(name + "_axis", sums.axis()));
      case Joined joined -> joined(joined);
      case GetItem item -> sized(item.leavesNoSize(call.input()), taken(item));
      case OneHot each -> oneHot(each);
    };
  }

  /** One number a sample has a size of 1 here, too. */
  private String sized(boolean single, String value) {
    return single ? node("Unsqueeze", "_single", value, graph.constant(name + "_size", 1)) : value;
  }

  private String oneHot(OneHot each) {
    String ids = cast("_ids", call.x(), OnnxGraph.INT64);
    String depth = graph.constant(name + "_depth", each.classes());
    String values = graph.constant(name + "_values", Shape.of(2), new float[] {0, 1});
    return node("OneHot", "_y", ids, depth, values);
  }

  private String arithmetic(Arithmetic arithmetic) {
    String left = side("_left", arithmetic.left(), call.x());
    String right = side("_right", arithmetic.right(), call.values().getLast());
    return both(arithmetic.operator(), left, right);
  }

  private String both(Arithmetic.Operator operator, String left, String right) {
    return switch (operator) {
      case EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL ->
          number(node(operator(operator), "_truth", left, right));
      case NOT_EQUAL -> number(node("Not", "_truth", node("Equal", "_equal", left, right)));
      case LOGICAL_AND, LOGICAL_OR ->
          number(node(operator(operator), "_truth", truth("_a", left), truth("_b", right)));
      case WHERE ->
          node("Where", "_y", truth("_a", left), right, graph.scalar(name + "_otherwise", 0));
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, POWER ->
          node(operator(operator), "_y", left, right);
    };
  }

  /** Returns 1 and 0 of what is true or not, or a number of a whole one. */
  private String number(String other) {
    return cast("_y", other, OnnxGraph.FLOAT);
  }

  /** Returns what is true of numbers. */
  private String truth(String as, String number) {
    return cast(as, number, OnnxGraph.BOOL);
  }

  private String cast(String as, String value, int type) {
    graph.node("Cast", List.of(value), List.of(name + as), Attribute.of("to", type));
    return name + as;
  }

  private static String operator(Arithmetic.Operator operator) {
    return switch (operator) {
      case ADD -> "Add";
      case SUBTRACT -> "Sub";
      case MULTIPLY -> "Mul";
      case DIVIDE -> "Div";
      case MAXIMUM -> "Max";
      case MINIMUM -> "Min";
      case POWER -> "Pow";
      case EQUAL -> "Equal";
      case GREATER -> "Greater";
      case GREATER_EQUAL -> "GreaterOrEqual";
      case LESS -> "Less";
      case LESS_EQUAL -> "LessOrEqual";
      case LOGICAL_AND -> "And";
      case LOGICAL_OR -> "Or";
      case NOT_EQUAL, WHERE -> throw new IllegalStateException("is more than one");
    };
  }

  private String side(String as, @Nullable Double number, String value) {
    return number == null ? value : graph.scalar(name + as, number.floatValue());
  }

  private String function(Elements.Function function) {
    String x = call.x();
    return switch (function) {
      case ABSOLUTE -> node("Abs", "_y", x);
      case NEGATIVE -> node("Neg", "_y", x);
      case SQUARE -> node("Mul", "_y", x, x);
      case SQRT -> node("Sqrt", "_y", x);
      case RSQRT -> node("Reciprocal", "_y", node("Sqrt", "_root", x));
      case RECIPROCAL -> node("Reciprocal", "_y", x);
      case LOG -> node("Log", "_y", x);
      case LOG1P -> node("Log", "_y", node("Add", "_more", x, one()));
      case EXPM1 -> node("Sub", "_y", node("Exp", "_power", x), one());
      case SIN -> node("Sin", "_y", x);
      case COS -> node("Cos", "_y", x);
      case ERF -> node("Erf", "_y", x);
      case SIGN -> node("Sign", "_y", x);
      case FLOOR -> node("Floor", "_y", x);
      case CEIL -> node("Ceil", "_y", x);
      case ROUND -> node("Round", "_y", x);
      case LOGICAL_NOT -> number(node("Not", "_truth", truth("_a", x)));
      case CAST, STOP_GRADIENT -> node("Identity", "_y", x);
    };
  }

  private String one() {
    return graph.scalar(name + "_one", 1);
  }

  private String reduction(Reduction reduction) {
    boolean keep = reduction.keepDims();
    return switch (reduction.kind()) {
      case SUM -> sum(reduction);
      case MEAN -> reduced("ReduceMean", "_y", call.x(), reduction, keep);
      case MAX -> reduced("ReduceMax", "_y", call.x(), reduction, keep);
      case MIN -> reduced("ReduceMin", "_y", call.x(), reduction, keep);
      case PROD -> reduced("ReduceProd", "_y", call.x(), reduction, keep);
      case LOGSUMEXP -> reduced("ReduceLogSumExp", "_y", call.x(), reduction, keep);
      case VAR -> variance("_y", reduction);
      case STD -> node("Sqrt", "_y", variance("_variance", reduction));
      case ANY -> reduced("ReduceMax", "_y", zeroOrOne(), reduction, keep);
      case ALL -> reduced("ReduceMin", "_y", zeroOrOne(), reduction, keep);
      case ARGMAX -> number(place("ArgMax", reduction));
      case ARGMIN -> number(place("ArgMin", reduction));
    };
  }

  private String zeroOrOne() {
    return cast("_numbers", truth("_truth", call.x()), OnnxGraph.FLOAT);
  }

  private String place(String operator, Reduction reduction) {
    graph.node(
        operator,
        List.of(call.x()),
        List.of(name + "_place"),
        Attribute.of("axis", reduction.axes().getFirst()),
        Attribute.of("keepdims", reduction.keepDims() ? 1 : 0));
    return name + "_place";
  }

  private String variance(String as, Reduction reduction) {
    String mean = reduced("ReduceMean", "_mean", call.x(), reduction, true);
    String off = node("Sub", "_off", call.x(), mean);
    return reduced(
        "ReduceMean", as, node("Mul", "_squares", off, off), reduction, reduction.keepDims());
  }

  /** Alone among its like it takes axes as a value. */
  private String sum(Reduction reduction) {
    String y = name + "_y";
    graph.node(
        "ReduceSum",
        List.of(call.x(), graph.constant(name + "_axes", axes(reduction))),
        List.of(y),
        Attribute.of("keepdims", reduction.keepDims() ? 1 : 0));
    return y;
  }

  private String reduced(
      String operator, String as, String x, Reduction reduction, boolean keepDims) {
    graph.node(
        operator,
        List.of(x),
        List.of(name + as),
        Attribute.of("axes", axes(reduction)),
        Attribute.of("keepdims", keepDims ? 1 : 0));
    return name + as;
  }

  private static long[] axes(Reduction reduction) {
    return reduction.axes().stream().mapToLong(axis -> axis).toArray();
  }

  private String joined(Joined joined) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < call.values().size(); i++) {
      String value = call.values().get(i);
      parts.add(
          joined.stacked()
              ? node(
                  "Unsqueeze",
                  "_part" + i,
                  value,
                  graph.constant(name + "_axis" + i, joined.axis()))
              : value);
    }
    graph.node("Concat", parts, List.of(name + "_y"), Attribute.of("axis", joined.axis()));
    return name + "_y";
  }

  /** A scalar among the numbers of Gather takes its size away. */
  private String taken(GetItem item) {
    Shape input = call.input();
    String value = call.x();
    for (int size = input.rank() - 1; size >= 0; size--) { // from behind, so that sizes stay
      boolean single = item.part(size) instanceof GetItem.Index;
      long[] numbers = item.places(size, input).stream().asLongStream().toArray();
      String at = name + "_places" + size;
      String taken = single ? graph.index(at, numbers[0]) : graph.constant(at, numbers);
      String y = name + "_y" + size;
      graph.node("Gather", List.of(value, taken), List.of(y), Attribute.of("axis", 1 + size));
      value = y;
    }
    return value;
  }

  private String node(String operator, String as, String... inputs) {
    graph.node(operator, List.of(inputs), List.of(name + as));
    return name + as;
  }
}
