package dev.lanewise.engine.layer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The names that Keras gives to layers that have none of their own. */
public final class KerasNames {
  private KerasNames() {}

  /**
   * {@return the class that is called so: {@code LogicalNot} of {@code logical_not}}
   *
   * @param name the name, its words with {@code _} between them
   */
  static String className(String name) {
    StringBuilder all = new StringBuilder();
    for (String word : name.split("_", -1)) {
      all.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return all.toString();
  }

  /**
   * {@return a name a layer: {@code dense}, {@code dense_1}, and so on}
   *
   * @param layers first to last
   */
  public static List<String> of(List<Layer> layers) {
    List<String> names = new ArrayList<>();
    Map<String, Integer> used = new HashMap<>();
    for (Layer layer : layers) {
      names.add(numbered(layer.kerasName(), used));
    }
    return names;
  }

  /**
   * {@return a name for each output of a graph: that of the layer that gives it, numbered where it
   * recurs}
   *
   * @param graph the graph
   * @param layerNames one a layer
   */
  public static List<String> ofOutputs(Graph graph, List<String> layerNames) {
    List<String> names = new ArrayList<>();
    Map<String, Integer> used = new HashMap<>();
    for (int output : graph.outputs()) {
      int layer = graph.nodes().get(graph.giver(output)).layer();
      names.add(numbered(layerNames.get(layer), used));
    }
    return names;
  }

  /**
   * {@return a name for a layer of that kind, and counts it}
   *
   * @param name what layers of its kind are called
   * @param used how often each name was given; counted up
   */
  public static String numbered(String name, Map<String, Integer> used) {
    int number = used.merge(name, 1, Integer::sum) - 1;
    return number == 0 ? name : name + "_" + number;
  }
}
