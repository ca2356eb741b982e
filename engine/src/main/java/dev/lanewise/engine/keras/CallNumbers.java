package dev.lanewise.engine.keras;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * By which number files know the first call of a model within a functional one. A model was called
 * once when it was made, with its own inputs, which is counted or not: by Keras 3 of functional
 * models, and where the outputs are listed alone; before that everywhere, of models that have
 * inputs of their own.
 */
final class CallNumbers {
  private CallNumbers() {}

  /**
   * Lets calls and ends refer to calls of models by numbers from 0 on.
   *
   * @param models by name
   * @param calls which are changed
   * @param ends as the file has them
   * @return the ends
   * @throws ModelFormatException if it is not certain which call is meant
   */
  static List<LayerOutput> fromNought(
      Map<String, NestedDraft> models, FunctionalCalls calls, List<LayerOutput> ends) {
    Map<String, Integer> first = new HashMap<>();
    models.forEach(
        (name, model) ->
            first.put(
                name, calls.inLists() ? firstOf(name, calls, ends) : model.isFunctional() ? 1 : 0));
    UnaryOperator<LayerOutput> counted =
        output -> output.earlier(first.getOrDefault(output.layer(), 0));
    if (calls.inLists()) {
      calls.refer(counted);
    }
    return ends.stream().map(counted).toList();
  }

  private static int firstOf(String name, FunctionalCalls calls, List<LayerOutput> ends) {
    Set<String> numbers =
        Stream.concat(calls.references(), ends.stream())
            .filter(output -> output.layer().equals(name))
            .map(LayerOutput::node)
            .collect(Collectors.toSet());
    boolean fromNought = numbers.contains("0");
    boolean fromOne = numbers.contains(String.valueOf(calls.of(name)));
    if (fromNought == fromOne && !numbers.isEmpty()) {
      throw new ModelFormatException(
          "layer "
              + LayerConfig.shortened(name)
              + ": is called "
              + calls.of(name)
              + " times, of which calls "
              + LayerConfig.shortened(String.join(", ", numbers.stream().sorted().toList()))
              + " are referred to; which of them is the first is not told");
    }
    return fromOne ? 1 : 0;
  }
}
