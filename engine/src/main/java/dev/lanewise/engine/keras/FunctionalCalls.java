package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The calls of a functional model's layers, in whatever order a file has them, put into one in
 * which each comes after those whose outputs it takes: the file's, as far as that is one.
 */
final class FunctionalCalls {
  /** Stands for an operation, of which it is not known yet whether it is one on masks. */
  static final int OPERATION = -1;

  /** Stands for a model. */
  static final int MODEL = -2;

  private final List<Call> all = new ArrayList<>();
  private boolean inLists;

  /**
   * A call of a layer.
   *
   * @param name the layer's name
   * @param layer its index, {@link #OPERATION} or {@link #MODEL}
   * @param number which of its calls it is
   * @param place where among all calls of the file
   * @param made what it takes
   */
  record Call(String name, int layer, int number, int place, LayerCall made) {
    /** Returns a reference to one of its outputs. */
    LayerOutput output(int tensor) {
      return new LayerOutput(name, String.valueOf(number), String.valueOf(tensor));
    }

    /** Returns the beginning of what is said of it. */
    String where() {
      return "layer " + LayerConfig.shortened(name) + ":";
    }
  }

  /** Adds a layer's calls. */
  void add(String name, int layer, List<JsonElement> inbound) {
    for (int number = 0; number < inbound.size(); number++) {
      String where = "layer " + LayerConfig.shortened(name);
      LayerCall made = LayerCall.read(where, inbound.get(number));
      inLists |= inbound.get(number).isJsonArray();
      all.add(new Call(name, layer, number, all.size(), made));
    }
  }

  /** Returns whether all calls of a layer are told to do the same. */
  boolean areAlike(int layer, Set<String> flags) {
    return all.stream()
        .filter(call -> call.layer == layer)
        .allMatch(call -> call.made.flags().equals(flags));
  }

  /** Returns whether calls are lists of references, as before Keras 3. */
  boolean inLists() {
    return inLists;
  }

  /** Returns how many calls there are of what has a name. */
  long of(String name) {
    return all.stream().filter(call -> call.name.equals(name)).count();
  }

  /** Returns all references to outputs. */
  Stream<LayerOutput> references() {
    return all.stream().flatMap(call -> call.made.references());
  }

  /** Puts other references in the place of all. */
  void refer(UnaryOperator<LayerOutput> others) {
    all.replaceAll(
        call ->
            new Call(call.name, call.layer, call.number, call.place, call.made.referring(others)));
  }

  /**
   * Goes over all calls, each after those whose outputs it takes.
   *
   * @param given the outputs that are there without any call
   * @throws ModelFormatException if a call takes what is never there
   */
  void inOrder(Set<LayerOutput> given, Consumer<Call> work) {
    PriorityQueue<Call> ready = new PriorityQueue<>(Comparator.comparingInt(Call::place));
    Map<String, List<Call>> waiting = new HashMap<>();
    Set<String> there = given.stream().map(FunctionalCalls::key).collect(Collectors.toSet());
    int[] missing = new int[all.size()];
    for (Call call : all) {
      for (String giver : givers(call)) {
        if (!there.contains(giver)) {
          missing[call.place]++;
          waiting.computeIfAbsent(giver, _ -> new ArrayList<>()).add(call);
        }
      }
      if (missing[call.place] == 0) {
        ready.add(call);
      }
    }
    int done = 0;
    while (!ready.isEmpty()) {
      Call call = ready.remove();
      work.accept(call);
      done++;
      for (Call reader : waiting.getOrDefault(key(call.output(0)), List.of())) {
        if (--missing[reader.place] == 0) {
          ready.add(reader);
        }
      }
    }
    if (done < all.size()) {
      Call left = all.stream().filter(call -> missing[call.place] > 0).findFirst().orElseThrow();
      throw new ModelFormatException(
          left.where()
              + " takes "
              + left.made.inputs()
              + ", of which some are no inputs and given by no call, or by one that needs this"
              + " one");
    }
  }

  /** Returns the calls whose outputs a call takes, each once. */
  private static List<String> givers(Call call) {
    return call.made.references().map(FunctionalCalls::key).distinct().toList();
  }

  private static String key(LayerOutput output) {
    return output.node() + " " + output.layer();
  }
}
