package dev.lanewise.engine.keras;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model at any level of a file whose layers are read, and which can be called with values. */
interface ReadModel {
  /** Returns the names of its inputs, in the order of what a call is given. */
  List<String> inputNames();

  /** Returns what the file says of an input, or null where it says nothing. */
  @Nullable Config input(String name);

  /** Returns the models in it, in the order of their layers. */
  List<NestedModel> models();

  /**
   * Adds the calls of its layers to the graph.
   *
   * @param given a value for each input
   * @return the values that it gives
   */
  List<Integer> call(List<Integer> given);
}
