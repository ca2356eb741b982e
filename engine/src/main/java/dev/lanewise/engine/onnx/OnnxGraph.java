package dev.lanewise.engine.onnx;

import dev.lanewise.engine.protobuf.Protobuf;
import dev.lanewise.engine.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The nodes and constants of a graph; field numbers are those of {@code onnx.proto}. */
final class OnnxGraph {
  static final int FLOAT = 1;
  static final int INT64 = 7;
  static final int BOOL = 9;
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_FLOATS = 6;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_STRING = 3;
  private static final int ATTRIBUTE_INTS = 7;
  private static final int ATTRIBUTE_STRINGS = 8;

  private final List<Protobuf> nodes = new ArrayList<>();
  private final List<Protobuf> constants = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();

  /** An attribute of a node. */
  record Attribute(Protobuf message) {
    static Attribute of(String name, long value) {
      return new Attribute(new Protobuf().put(1, name).put(3, value).put(20, ATTRIBUTE_INT));
    }

    static Attribute of(String name, float value) {
      return new Attribute(new Protobuf().put(1, name).put(2, value).put(20, ATTRIBUTE_FLOAT));
    }

    static Attribute of(String name, String value) {
      return new Attribute(new Protobuf().put(1, name).put(4, value).put(20, ATTRIBUTE_STRING));
    }

    static Attribute of(String name, long... values) {
      Protobuf message = new Protobuf().put(1, name);
      for (long value : values) {
        message.put(8, value);
      }
      return new Attribute(message.put(20, ATTRIBUTE_INTS));
    }

    static Attribute strings(String name, List<String> values) {
      Protobuf message = new Protobuf().put(1, name);
      values.forEach(value -> message.put(9, value));
      return new Attribute(message.put(20, ATTRIBUTE_STRINGS));
    }

    static Attribute floats(String name, List<Float> values) {
      Protobuf message = new Protobuf().put(1, name);
      values.forEach(value -> message.put(7, value));
      return new Attribute(message.put(20, ATTRIBUTE_FLOATS));
    }
  }

  /** Adds a node; an unused output or input is named "". */
  void node(String operation, List<String> inputs, List<String> outputs, Attribute... attributes) {
    Protobuf node = new Protobuf();
    inputs.forEach(input -> node.put(1, input));
    outputs.forEach(output -> node.put(2, requireNew(output)));
    node.put(3, operation + "_" + nodes.size()).put(4, operation);
    for (Attribute attribute : attributes) {
      node.put(5, attribute.message());
    }
    nodes.add(node);
  }

  /** A value has one giver; "" is none. */
  private String requireNew(String name) {
    if (!name.isEmpty() && !taken.add(name)) {
      throw new IllegalArgumentException(
          "onnx: "
              + name
              + ": there is something of that name already; inputs and outputs need names of their"
              + " own");
    }
    return name;
  }

  /** Adds an input of the model and returns its name. */
  String input(String name) {
    return requireNew(name);
  }

  /** Adds a number without a shape and returns its name. */
  String scalar(String name, float value) {
    return constant(name, new int[0], FLOAT, raw(value));
  }

  /** Adds one whole number without a size and returns its name. */
  String index(String name, long value) {
    ByteBuffer raw = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return constant(name, new int[0], INT64, raw.putLong(0, value).array());
  }

  /** Adds float32 values and returns their name. */
  String constant(String name, Shape shape, float[] values) {
    return constant(name, shape.toArray(), FLOAT, raw(values));
  }

  private static byte[] raw(float... values) {
    ByteBuffer raw = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    raw.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return raw.array();
  }

  /** Adds whole numbers and returns their name. */
  String constant(String name, long... values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES);
    raw.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return constant(name, new int[] {values.length}, INT64, raw.array());
  }

  private String constant(String name, int[] sizes, int type, byte[] raw) {
    Protobuf tensor = new Protobuf();
    for (int size : sizes) {
      tensor.put(1, size);
    }
    names.add(requireNew(name));
    constants.add(tensor.put(2, type).put(8, name).put(9, raw));
    return name;
  }

  /** Returns the graph as a message. */
  Protobuf message(String name, List<Protobuf> inputs, List<Protobuf> outputs) {
    Protobuf graph = new Protobuf();
    nodes.forEach(node -> graph.put(1, node));
    graph.put(2, name);
    constants.forEach(constant -> graph.put(5, constant));
    inputs.forEach(input -> graph.put(11, input));
    outputs.forEach(output -> graph.put(12, output));
    return graph;
  }

  /** Returns the name of the first that is not the same in another graph, null if all are. */
  @Nullable String firstOtherThanIn(OnnxGraph other) {
    if (constants.size() != other.constants.size() || nodes.size() != other.nodes.size()) {
      return "the number of nodes";
    }
    for (int i = 0; i < constants.size(); i++) {
      if (!isSame(constants.get(i), other.constants.get(i))) {
        return names.get(i);
      }
    }
    for (int i = 0; i < nodes.size(); i++) {
      if (!isSame(nodes.get(i), other.nodes.get(i))) {
        return "node " + i;
      }
    }
    return null;
  }

  private static boolean isSame(Protobuf one, Protobuf other) {
    return Arrays.equals(one.toByteArray(), other.toByteArray());
  }

  /**
   * Describes an input or output, [batch, ...], the batch open.
   *
   * @param other a shape from which this one differs in the sizes that are open, too
   */
  static Protobuf valueInfo(String name, Shape sample, Shape other) {
    Protobuf shape = new Protobuf().put(1, batch());
    for (int i = 0; i < sample.rank(); i++) {
      boolean open = sample.size(i) != other.size(i);
      Protobuf size = new Protobuf();
      shape.put(1, open ? size.put(2, name + "_size" + (i + 1)) : size.put(1, sample.size(i)));
    }
    return valueInfo(name, shape);
  }

  /** Describes a state, [1, batch, units]: ONNX counts directions first. */
  static Protobuf stateInfo(String name, int units) {
    return valueInfo(
        name,
        new Protobuf()
            .put(1, new Protobuf().put(1, 1))
            .put(1, batch())
            .put(1, new Protobuf().put(1, units)));
  }

  private static Protobuf batch() {
    return new Protobuf().put(2, "batch");
  }

  private static Protobuf valueInfo(String name, Protobuf shape) {
    Protobuf tensor = new Protobuf().put(1, FLOAT).put(2, shape);
    return new Protobuf().put(1, name).put(2, new Protobuf().put(1, tensor));
  }
}
