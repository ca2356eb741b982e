package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Graph.Input;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A functional model as it is read: calls in any order, each of what layers or inputs give. */
final class FunctionalGraph implements ReadModel {
  private final Config model;
  private final Surroundings here;
  private final GraphDraft draft;
  private final Map<String, Config> inputs = new HashMap<>();
  private final Map<String, NestedDraft> models = new LinkedHashMap<>();
  private final FunctionalCalls calls = new FunctionalCalls();
  private final MaskNodes maskNodes;
  private final ValueKinds kinds = new ValueKinds();

  private final Map<String, OperationNode> operations = new HashMap<>();

  /** By operation: the places among the layers that are kept for what it is made of. */
  private final Map<String, List<Integer>> places = new HashMap<>();

  /** What is there in the call of this model at hand. */
  private final Map<LayerOutput, Integer> values = new HashMap<>();

  /** What gives masks, which are made values where something else reads them. */
  private final Map<LayerOutput, FunctionalCalls.Call> unmade = new HashMap<>();

  /** By input: what casts it to whole numbers, which ids of tokens are anyway. */
  private final Map<Integer, OperationNode> madeWhole = new HashMap<>();

  private List<LayerOutput> outputs = List.of();

  /** All that calls and the model's end read. */
  private final Set<LayerOutput> read = new HashSet<>();

  private FunctionalGraph(Config model, Surroundings here) {
    this.model = model;
    this.here = here;
    draft = here.draft();
    maskNodes = new MaskNodes(here.wrappers().size());
  }

  /**
   * Reads a file's model, its layers and calls.
   *
   * @param entries its {@code layers}
   */
  static ModelConfig read(String name, Config model, List<JsonElement> entries, Surroundings here) {
    return of(model, entries, here).connected(name);
  }

  /** Reads a model's layers, in whichever model it is. */
  static FunctionalGraph of(Config model, List<JsonElement> entries, Surroundings here) {
    FunctionalGraph graph = new FunctionalGraph(model, here);
    for (JsonElement element : entries) {
      graph.enter(ModelConfig.entry(model, element));
    }
    graph.outputs = CallNumbers.fromNought(graph.models, graph.calls, graph.ends("output_layers"));
    graph.read.addAll(graph.outputs);
    graph.calls.references().forEach(graph.read::add);
    return graph;
  }

  private void enter(Config entry) {
    String name = entry.child("config").string("name");
    if (entry.has("name") && !entry.string("name").equals(name)) {
      throw new ModelFormatException(
          "layer "
              + LayerConfig.shortened(name)
              + ": is called "
              + entry.value("name")
              + " outside its config; which of the two others mean is not told");
    }
    here.names().add(name, entry);
    List<JsonElement> inbound =
        entry.has("inbound_nodes") ? entry.array("inbound_nodes") : List.of();
    if (here.replacementOrNull(name) != null) {
      calls.add(name, here.add(entry), inbound);
    } else if (OperationNode.isOperation(entry, inbound)) {
      OperationNode operation = OperationNode.of(entry, inbound);
      operations.put(name, operation);
      places.put(name, keptPlaces(name, operation));
      calls.add(name, FunctionalCalls.OPERATION, inbound);
    } else if (entry.className().equals("InputLayer")) {
      if (!inbound.isEmpty()) {
        throw new ModelFormatException(
            "layer " + LayerConfig.shortened(name) + ": an InputLayer takes nothing, found calls");
      }
      inputs.put(name, entry.child("config").at("the input layer"));
    } else if (NestedDraft.isModel(entry)) {
      models.put(name, NestedDraft.read(entry, here));
      calls.add(name, FunctionalCalls.MODEL, inbound);
    } else {
      calls.add(name, here.add(entry), inbound);
    }
  }

  private List<Integer> keptPlaces(String name, OperationNode operation) {
    List<Integer> kept = new ArrayList<>(List.of(here.keepPlace(name)));
    int most = CompoundOperation.isOne(operation) ? CompoundOperation.most(operation) : 1;
    for (int i = 1; i < most; i++) {
      String part = name + "_part" + i;
      here.names().add(part);
      kept.add(here.keepPlace(part));
    }
    return kept;
  }

  private ModelConfig connected(String name) {
    List<Input> ordered = new ArrayList<>();
    for (String input : inputNames()) {
      Config config = Objects.requireNonNull(inputs.get(input));
      int batch = ModelConfig.batchSize(model, config);
      ordered.add(ModelConfig.input(input, model, config, draft.open()).ofBatches(batch));
    }
    draft.begin(ordered);
    List<Integer> outputs = call(IntStream.range(0, ordered.size()).boxed().toList());
    draft.settle();
    try {
      Graph graph = draft.graph(ordered, outputs);
      for (int i = 0; i < ordered.size(); i++) {
        Config config = Objects.requireNonNull(inputs.get(ordered.get(i).name()));
        LayerConfig.requirePlainInput(config, graph.tokenRows(i) > 0);
        requireTokens(graph, i);
      }
      return draft.read(name, graph, models(), outputNames());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(model.where() + ": " + e.getMessage(), e);
    }
  }

  private void requireTokens(Graph graph, int input) {
    OperationNode cast = madeWhole.get(input);
    if (cast != null && !graph.isOfTokensAlone(input)) {
      throw cast.config().wrong("dtype", "float32, or of an input of tokens' ids alone");
    }
  }

  @Override
  public List<String> inputNames() {
    List<String> names = new ArrayList<>();
    for (LayerOutput end : ends("input_layers")) {
      boolean known = inputs.containsKey(end.layer()) && end.equals(LayerOutput.only(end.layer()));
      if (!known || names.contains(end.layer())) {
        throw new ModelFormatException(
            model.where() + ": key input_layers names " + end + ", which is no input, or twice");
      }
      names.add(end.layer());
    }
    return names;
  }

  @Override
  public @Nullable Config input(String name) {
    return inputs.get(name);
  }

  @Override
  public List<NestedModel> models() {
    return models.values().stream().map(NestedDraft::finished).toList();
  }

  @Override
  public List<Integer> call(List<Integer> given) {
    values.clear();
    unmade.clear();
    List<String> names = inputNames();
    for (int i = 0; i < names.size(); i++) {
      LayerOutput input = LayerOutput.only(names.get(i));
      values.put(input, given.get(i));
      if (LayerConfig.tellsMask(Objects.requireNonNull(inputs.get(names.get(i))))) {
        enterTruths(input, given.get(i));
      }
    }
    calls.inOrder(values.keySet(), this::call);
    List<Integer> ends =
        outputs.stream().map(end -> valueOf(end, model.where() + ": key output_layers")).toList();
    if (!here.path().isEmpty()) { // what reads them does not know of these
      kinds.requirePlain("what reads an output of " + model.where(), ends);
    }
    return ends;
  }

  /** What is true or not of each step is a mask; more is a value, of ones and zeros. */
  private void enterTruths(LayerOutput input, int value) {
    if (here.shape(value).rank() == 1) {
      maskNodes.enter(input, value, draft.shape(value));
    } else if (!here.path().isEmpty()) {
      throw Objects.requireNonNull(inputs.get(input.layer()))
          .wrong("dtype", "a number's within another model, where it is no mask, [steps]");
    }
    kinds.addTruth(value);
  }

  private void give(FunctionalCalls.Call call, List<Integer> given) {
    for (int k = 0; k < given.size(); k++) {
      if (given.get(k) != CompoundOperation.UNREAD) {
        values.put(call.output(k), given.get(k));
      }
    }
  }

  private int valueOf(LayerOutput output, String reader) {
    FunctionalCalls.Call given = unmade.remove(output);
    if (given != null) {
      operateOnValues(given, Objects.requireNonNull(operations.get(given.name())));
    }
    Integer value = values.get(output);
    if (value == null) {
      throw new ModelFormatException(
          reader + " takes " + output + ", which no input and no call gives");
    }
    return value;
  }

  /** Enters a call, all of whose inputs are there. */
  private void call(FunctionalCalls.Call call) {
    LayerCall made = call.made();
    if (call.layer() == FunctionalCalls.OPERATION) {
      operate(call, Objects.requireNonNull(operations.get(call.name())));
      return;
    }
    if (!made.arguments().isEmpty()) {
      Map.Entry<String, String> argument = made.arguments().entrySet().iterator().next();
      throw new ModelFormatException(
          call.where()
              + " is called with "
              + argument.getKey()
              + " = "
              + argument.getValue()
              + ", which is not supported");
    }
    List<Integer> reads = reads(call);
    NestedDraft nested = models.get(call.name());
    boolean moves = nested == null && ValueKinds.moves(draft.layer(call.layer()).layer());
    if (moves) {
      kinds.requireSized(call.where(), reads);
    } else {
      boolean tells = made.flags().contains(LayerCall.ATTENTION_MASK);
      kinds.requirePlain(call.where(), tells ? reads.subList(0, reads.size() - 1) : reads);
    }
    if (nested != null && made.flags().isEmpty()) {
      maskNodes.requireCarried(call, reads, draft.masks());
      give(call, nested.call(call.where(), reads));
      return;
    }
    if (!made.flags().isEmpty()) {
      tell(call, made.flags());
    }
    Layer layer = draft.layer(call.layer()).layer();
    List<Integer> told = maskNodes.told(call, layer, reads, draft.masks());
    List<Integer> given = draft.call(call.where(), here.call(call.layer(), reads, told));
    if (moves) {
      kinds.noteMoved(reads, given.getFirst());
    }
    give(call, given);
  }

  private List<Integer> reads(FunctionalCalls.Call call) {
    List<Integer> reads =
        call.made().inputs().stream().map(input -> valueOf(input, call.where())).toList();
    if (reads.isEmpty()) {
      throw new ModelFormatException(call.where() + " takes nothing");
    }
    return reads;
  }

  /** What an operation does is known as soon as the values are that it takes. */
  private void operate(FunctionalCalls.Call call, OperationNode operation) {
    if (maskNodes.enter(operation, call, values, draft.shapes())) {
      unmade.put(call.output(0), call);
    } else {
      operateOnValues(call, operation);
    }
  }

  private void operateOnValues(FunctionalCalls.Call call, OperationNode operation) {
    List<Integer> reads = reads(call);
    kinds.requireKnown(operation, reads);
    boolean ofInput = here.path().isEmpty() && reads.getFirst() < inputs.size();
    if (ofInput && OperationConfig.makesWhole(operation)) {
      madeWhole.put(reads.getFirst(), operation);
      values.put(call.output(0), reads.getFirst());
      return;
    }
    if (CompoundOperation.isOne(operation)) {
      kinds.requireSized(call.where(), reads);
      List<Integer> parts = CompoundOperation.put(operation, reads, new Parts(call, operation));
      if (ValueKinds.moves(operation)) {
        parts.forEach(part -> kinds.noteMoved(reads, part));
      }
      give(call, parts);
      return;
    }
    List<Shape> read = reads.stream().map(here::shape).toList();
    Layer layer =
        kinds.isSingle(reads.getFirst()) && operation.type().equals("ExpandDims")
            ? AxesConfig.expandedSingle(operation.config())
            : OperationConfig.readOrNull(operation, call, read, kinds.isTruth(reads.getFirst()));
    kinds.requireKnown(operation, reads, layer);
    if (layer == null) {
      values.put(call.output(0), reads.getFirst());
      return;
    }
    int given = new Parts(call, operation).put(layer, reads);
    if (ValueKinds.moves(operation)) {
      kinds.noteMoved(reads, given);
    }
    if (!here.wrappers().isEmpty()) {
      kinds.requireSized("what reads what " + call.where() + " gives", List.of(given));
    }
    give(call, List.of(given));
  }

  /** What an operation is made of, in the places that are kept for it. */
  private final class Parts implements CompoundOperation.Graph {
    private final FunctionalCalls.Call call;
    private final OperationNode operation;
    private int next;

    Parts(FunctionalCalls.Call call, OperationNode operation) {
      this.call = call;
      this.operation = operation;
    }

    @Override
    public Shape shape(int value) {
      return here.shape(value);
    }

    @Override
    public boolean isRead(int part) {
      return read.contains(call.output(part));
    }

    @Override
    public boolean isOpen(int value) {
      return here.wrappers().isEmpty() && draft.open().isOpen();
    }

    @Override
    public int put(Layer layer, List<Integer> reads) {
      int read = reads.getFirst();
      boolean masked = reads.size() == 1 && here.isMasked(read);
      if (masked && OperationConfig.changesNothing(layer, here.shape(read))) {
        throw new ModelFormatException(
            operation.config().where()
                + ": changes nothing of a masked value, of which Keras tells only as it runs"
                + " whether the mask stays; leave it out");
      }
      int place = Objects.requireNonNull(places.get(call.name())).get(next++);
      here.fill(place, operation, layer);
      Shape shape = here.shape(read);
      int given = draft.call(call.where(), new Node(place, reads)).getFirst();
      kinds.note(reads, layer, shape, given);
      return given;
    }
  }

  /** What Keras says of a call is a setting of the layer here, and so of all its calls. */
  private void tell(FunctionalCalls.Call call, Set<String> flags) {
    boolean nested = call.layer() == FunctionalCalls.MODEL;
    int steps = here.wrappers().size();
    Layer layer = nested ? null : NestedModel.inside(draft.layer(call.layer()).layer(), steps);
    Layer told = layer == null ? null : MergeConfig.toldOrNull(layer.unfrozen(), flags);
    if (layer == null || told == null || !calls.areAlike(call.layer(), flags)) {
      throw new ModelFormatException(
          call.where()
              + " is called with "
              + String.join(" and ", flags)
              + ", which is not supported"
              + (told == null ? "" : " of one call of several"));
    }
    draft.set(call.layer(), here.placed(layer.trainable() ? told : told.frozen()));
  }

  /** Outputs are known by the layers that give them, or by the keys under which they stand. */
  private List<String> outputNames() {
    boolean keys =
        model.json().get("output_layers") instanceof JsonObject object
            && object.asMap().values().stream()
                .allMatch(end -> LayerOutput.readOrNull(end) != null);
    return keys
        ? model.child("output_layers").json().keySet().stream().sorted().toList()
        : outputs.stream().map(LayerOutput::layer).toList();
  }

  /** The ends of a model are references, in lists, or under names where others would stand. */
  private List<LayerOutput> ends(String key) {
    List<LayerOutput> ends = new ArrayList<>();
    JsonElement end = model.json().get(key);
    if (end == null || !collect(end, ends) || ends.isEmpty()) {
      throw new ModelFormatException(
          model.where() + ": key " + key + " must name layers, found " + model.value(key));
    }
    return ends;
  }

  private static boolean collect(@Nullable JsonElement end, List<LayerOutput> ends) {
    LayerOutput found = end == null ? null : LayerOutput.readOrNull(end);
    if (found != null) {
      return ends.add(found);
    }
    return switch (end) {
      case JsonArray array -> array.asList().stream().allMatch(one -> collect(one, ends));
      case JsonObject object -> // Keras, too, sorts them
          new TreeMap<>(object.asMap()).values().stream().allMatch(one -> collect(one, ends));
      case null, default -> false;
    };
  }
}
