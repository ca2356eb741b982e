package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.TimeDistributed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A model that is no stack of layers as it is written: Keras's {@code Functional}. */
final class FunctionalEntry {
  private final Level level;

  /** Who gives each value: a layer or an input, which call of it, and which of its outputs. */
  private final Map<Integer, JsonArray> histories = new HashMap<>();

  /** The same as the model's outputs name it. */
  private final Map<Integer, JsonArray> ends = new HashMap<>();

  private final List<JsonArray> calls = new ArrayList<>();
  private final MaskEntries masks;

  private FunctionalEntry(Level level) {
    this.level = level;
    List<String> names = new ArrayList<>();
    for (Level.Input input : level.inputs()) {
      names.add(input.name());
      give(input.value(), input.name(), 0, 0, 0);
    }
    for (Level.Part part : level.parts()) {
      names.add(part.name());
      calls.add(new JsonArray());
    }
    masks = new MaskEntries(level, this::tensor, histories::containsKey, names);
    for (Level.Call call : level.calls()) {
      Level.Part part = level.parts().get(call.part());
      JsonArray ofPart = calls.get(call.part());
      // Keras counts that a functional model was made as a call of it, here alone.
      int made = part.model() != null && !part.model().stack() && !part.model().eachStep() ? 1 : 0;
      for (int k = 0; k < call.gives().size(); k++) {
        give(call.gives().get(k), part.name(), ofPart.size(), k, made);
      }
      ofPart.add(part.layer() == null ? call(call.reads()) : call(part.layer().layer(), call));
    }
  }

  private void give(int value, String name, int call, int output, int made) {
    histories.putIfAbsent(value, history(name, call, output)); // a model may give what it is given
    ends.putIfAbsent(value, history(name, call + made, output));
  }

  static JsonArray history(String name, int call, int output) {
    JsonArray history = new JsonArray();
    history.add(name);
    history.add(call);
    history.add(output);
    return history;
  }

  /** Adds layers, calls and ends to a model's config. */
  static void addTo(JsonObject config, Level level) {
    FunctionalEntry entry = new FunctionalEntry(level);
    config.add("layers", entry.layers());
    config.add("input_layers", entry.ends(level.inputs().stream().map(Level.Input::value)));
    config.add("output_layers", entry.ends(level.outputs().stream()));
  }

  private JsonArray ends(Stream<Integer> values) {
    List<JsonArray> each = values.map(ends::get).toList();
    if (each.size() == 1) {
      return each.getFirst();
    }
    JsonArray all = new JsonArray();
    each.forEach(all::add);
    return all;
  }

  private JsonArray layers() {
    JsonArray entries = new JsonArray();
    for (Level.Input input : level.inputs()) {
      entries.add(named(ModelEntry.input(level, input), input.name(), new JsonArray()));
    }
    for (int i = 0; i < calls.size(); i++) {
      int part = i;
      Level.Call first =
          level.calls().stream().filter(call -> call.part() == part).findFirst().orElseThrow();
      entries.add(named(ModelEntry.part(level, first), level.parts().get(i).name(), calls.get(i)));
    }
    masks.entries().forEach(entries::add);
    return entries;
  }

  static JsonObject named(JsonObject entry, String name, JsonArray calls) {
    entry.addProperty("name", name);
    entry.add("inbound_nodes", calls);
    return entry;
  }

  /** Returns a call of a model, to which masks go as values carry them. */
  private JsonObject call(List<Integer> reads) {
    JsonArray arguments = new JsonArray();
    arguments.add(reads.size() == 1 ? tensor(reads.getFirst()) : tensors(reads));
    JsonObject call = new JsonObject();
    call.add("args", arguments);
    call.add("kwargs", new JsonObject());
    return call;
  }

  private JsonObject call(Layer layer, Level.Call made) {
    JsonArray arguments = new JsonArray();
    JsonObject named = new JsonObject();
    List<Integer> reads = made.reads();
    switch (layer.unfrozen()) {
      case Merge merge -> {
        if (merge instanceof MultiHeadAttention heads) {
          arguments.addAll(tensors(reads.subList(0, 2)));
          heads.sources(reads).stream().skip(2).forEach(key -> named.add("key", tensor(key)));
          if (heads.attentionMask()) {
            named.add(LayerCall.ATTENTION_MASK, tensor(reads.getLast()));
          }
        } else {
          arguments.add(tensors(reads));
        }
        if (MergeConfig.isCausal(merge)) {
          named.addProperty(LayerCall.CAUSAL, true);
        }
        if (MergeConfig.givesScores(merge)) {
          named.addProperty(LayerCall.SCORES, true);
        }
      }
      case TimeDistributed each when each.merges() -> arguments = tensors(reads);
      case Operation operation -> arguments = OperationEntry.arguments(operation, tensors(reads));
      default -> { // reads a value, and states to begin with
        arguments.add(tensor(reads.getFirst()));
        if (reads.size() > 1) {
          named.add("initial_state", states(layer.unfrozen(), reads.subList(1, reads.size())));
        }
      }
    }
    JsonElement mask = masks.of(made.node());
    if (mask != null) {
      named.add("mask", mask);
    }
    JsonObject call = new JsonObject();
    call.add("args", arguments);
    call.add("kwargs", named);
    return call;
  }

  /** Of several cells each that has more than one state has a list of its own. */
  private JsonArray states(Layer layer, List<Integer> values) {
    JsonArray all = new JsonArray();
    int next = 0;
    for (Recurrent walk : walks(layer)) {
      boolean several = walk instanceof Rnn rnn && rnn.cells().size() > 1;
      List<CellLayer> cells =
          switch (walk) {
            case CellLayer cell -> List.of(cell);
            case ConvLstm convolving -> List.of(convolving.cell());
            case Rnn rnn -> rnn.cells();
          };
      for (CellLayer cell : cells) {
        JsonArray own = tensors(values.subList(next, next + cell.states()));
        next += cell.states();
        if (several && cell.states() > 1) {
          all.add(own);
        } else {
          all.addAll(own);
        }
      }
    }
    return all;
  }

  private static List<Recurrent> walks(Layer layer) {
    return switch (layer) {
      case Recurrent recurrent -> List.of(recurrent);
      case Bidirectional both -> List.of(both.forward(), both.backward());
      default -> throw new IllegalStateException(layer.className() + " begins with no states");
    };
  }

  private JsonArray tensors(List<Integer> values) {
    JsonArray all = new JsonArray();
    values.forEach(value -> all.add(tensor(value)));
    return all;
  }

  private JsonElement tensor(int value) {
    String type = level.tellsMask(value) ? "bool" : "float32";
    return tensor(level.shape(value), type, Objects.requireNonNull(histories.get(value)));
  }

  static JsonElement tensor(FileShape shape, String type, JsonArray history) {
    JsonObject config = new JsonObject();
    config.add("shape", shape.batched());
    config.addProperty("dtype", type);
    config.add("keras_history", history);
    JsonObject tensor = new JsonObject();
    tensor.addProperty("class_name", "__keras_tensor__");
    tensor.add("config", config);
    return tensor;
  }

  /** Returns what a functional model says of how it was built: nothing. */
  static JsonObject build() {
    JsonObject build = new JsonObject();
    build.add("input_shape", JsonNull.INSTANCE);
    return build;
  }
}
