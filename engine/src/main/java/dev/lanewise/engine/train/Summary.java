package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.OpenSteps;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.text.Printable;
import dev.lanewise.engine.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model's layers with their shapes and parameters, as Keras's {@code summary} has them.
 *
 * @param input the shapes of the inputs
 * @param layers in the order of their weights
 * @param isChain whether each reads the one before
 * @param parameters how many values the weights have
 * @param trainable how many of them are trained
 */
public record Summary(
    String input, List<Row> layers, boolean isChain, long parameters, long trainable) {
  private static final int LONGEST = 100;

  /**
   * A layer.
   *
   * @param name its name, as it is
   * @param type Keras's class name
   * @param reads the names of what it reads, those of one call after those of the one before
   * @param output the shape of its first output, the first time that it is called; {@code None} for
   *     a size that is open
   * @param parameters how many values its weights have
   */
  public record Row(String name, String type, List<String> reads, String output, long parameters) {
    /** Makes the list unmodifiable. */
    public Row {
      reads = List.copyOf(reads);
    }
  }

  /** Makes the list unmodifiable. */
  public Summary {
    layers = List.copyOf(layers);
  }

  /**
   * {@return the summary of a model}
   *
   * @param model the model
   * @param names one a layer
   */
  public static Summary of(ModelSpec model, List<String> names) {
    Graph graph = model.graph();
    List<String> shapes = shown(graph);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Layer layer = graph.layers().get(i);
      long count = graph.parameters(i).stream().mapToLong(p -> p.shape().elementCount()).sum();
      String output = shapes.get(graph.firstValue(graph.firstCall(i)));
      rows.add(new Row(names.get(i), layer.className(), reads(graph, i, names), output, count));
    }
    return new Summary(
        String.join(", ", shapes.subList(0, graph.inputs().size())),
        rows,
        graph.isChain(),
        model.parameterCount(),
        model.trainableCount());
  }

  private static List<String> reads(Graph graph, int layer, List<String> names) {
    return graph.nodes().stream()
        .filter(node -> node.layer() == layer)
        .flatMap(node -> node.reads().stream())
        .map(
            value ->
                value < graph.inputs().size()
                    ? graph.inputs().get(value).name()
                    : names.get(graph.nodes().get(graph.giver(value)).layer()))
        .toList();
  }

  private static List<String> shown(Graph graph) {
    List<Shape> others = otherwise(graph);
    return IntStream.range(0, others.size())
        .mapToObj(value -> shown(graph.batchSize(), graph.shapes().get(value), others.get(value)))
        .toList();
  }

  /** A graph whose layers take some numbers of steps alone is shown with those that it has. */
  private static List<Shape> otherwise(Graph graph) {
    try {
      return OpenSteps.otherwise(graph);
    } catch (IllegalArgumentException e) {
      return graph.shapes();
    }
  }

  /** As Keras prints shapes. */
  private static String shown(int batch, Shape shape, Shape other) {
    return IntStream.range(0, shape.rank())
        .mapToObj(i -> shape.size(i) == other.size(i) ? String.valueOf(shape.size(i)) : "None")
        .collect(Collectors.joining(", ", batch == 0 ? "(None, " : "(" + batch + ", ", ")"));
  }

  /** {@return a line a layer; of a graph with what each reads} */
  public String table() {
    TextTable table =
        isChain
            ? new TextTable("Layer (type)", "Output Shape", "Param #")
            : new TextTable("Layer (type)", "Connected to", "Output Shape", "Param #");
    for (Row row : layers) {
      String name = Printable.of(row.name, LONGEST) + " (" + row.type + ")";
      String count = String.format(Locale.ROOT, "%,d", row.parameters);
      if (isChain) {
        table.row(name, row.output, count);
      } else {
        table.row(name, Printable.of(String.join(", ", row.reads), LONGEST), row.output, count);
      }
    }
    return table.toString();
  }

  /** {@return the sum of the parameters in a line} */
  public String total() {
    return String.format(
        Locale.ROOT,
        "parameters: %,d (%,d bytes); %,d trainable, %,d not",
        parameters,
        parameters * Float.BYTES,
        trainable,
        parameters - trainable);
  }

  /** {@return inputs, table and sum, a line each} */
  @Override
  public String toString() {
    return "input " + input + "\n" + table() + total() + "\n";
  }
}
