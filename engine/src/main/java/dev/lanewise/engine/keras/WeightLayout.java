package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.KerasNames;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where {@code model.weights.h5} has a model's variables: groups are named after the layers'
 * classes, numbered in order, whatever the layers' own names; those of a model within are in its
 * group, numbered by themselves.
 */
final class WeightLayout {
  /** What a {@code MultiHeadAttention} has, in Keras's order of weights. */
  private static final List<String> PRODUCTS = List.of("query", "key", "value", "output");

  private final ModelSpec spec;
  private final List<VariableGroup> groups;

  private WeightLayout(ModelSpec spec, List<VariableGroup> groups) {
    this.spec = spec;
    this.groups = groups;
  }

  /**
   * The variables of one group.
   *
   * @param path below {@code layers}
   * @param parameters what its numbered data sets are
   */
  record VariableGroup(String path, List<ParameterSpec> parameters) {}

  /**
   * Returns the groups in Keras's order of weights; a layer without weights has none.
   *
   * @param models the models in the model, whose layers are numbered by themselves
   */
  static List<VariableGroup> groups(ModelSpec spec, List<NestedModel> models) {
    List<VariableGroup> groups = new ArrayList<>();
    new WeightLayout(spec, groups).add("", 0, spec.layers().size(), models, 0);
    return groups;
  }

  /** Adds a model's layers, of which {@code steps} TimeDistributed stand around it. */
  private void add(String path, int from, int to, List<NestedModel> models, int steps) {
    Map<String, Integer> used = new HashMap<>();
    for (int i = from; i < to; ) {
      NestedModel model = NestedModel.with(i, models);
      if (model == null) {
        Layer layer = NestedModel.inside(spec.layers().get(i), steps);
        String own = path + KerasNames.numbered(layer.kerasName(), used);
        if (layer.unfrozen() instanceof MultiHeadAttention) {
          heads(groups, own, spec.graph().parameters(i));
        } else {
          add(groups, own, layer, NestedModel.part(spec.inputOf(i), steps));
        }
        i++;
      } else {
        boolean each = model.eachStep();
        String kind = each ? "time_distributed" : model.kerasName();
        String own = path + KerasNames.numbered(kind, used) + (each ? "/layer" : "") + "/layers/";
        add(own, i, model.endLayer(), model.models(), each ? steps + 1 : steps);
        i = model.endLayer();
      }
    }
  }

  private static void add(List<VariableGroup> groups, String path, Layer layer, Shape input) {
    switch (layer) {
      case CellLayer cell -> group(groups, path + "/cell", cell, input);
      case ConvLstm convolving -> group(groups, path + "/cell", convolving, input);
      case Rnn rnn -> cells(groups, path + "/cell", rnn, input);
      case Bidirectional both -> {
        add(groups, path + "/forward_layer", both.forward(), input);
        add(groups, path + "/backward_layer", both.backward(), input);
      }
      case TimeDistributed distributed ->
          add(groups, path + "/layer", distributed.layer(), input.part());
      case Frozen frozen -> add(groups, path, frozen.layer(), input);
      default -> group(groups, path, layer, input); // its variables are its own
    }
  }

  /** Each of the products has a group, those of a kernel and its bias. */
  private static void heads(List<VariableGroup> groups, String path, List<ParameterSpec> all) {
    int each = all.size() / PRODUCTS.size();
    for (int i = 0; i < PRODUCTS.size(); i++) {
      String own = path + "/" + PRODUCTS.get(i) + "_dense/vars";
      groups.add(new VariableGroup(own, all.subList(i * each, (i + 1) * each)));
    }
  }

  /** Of several cells each has a group that is named after its class, and numbered. */
  private static void cells(List<VariableGroup> groups, String path, Rnn rnn, Shape input) {
    Map<String, Integer> used = new HashMap<>();
    Shape read = input;
    for (CellLayer cell : rnn.layers()) {
      boolean only = rnn.cells().size() == 1;
      String own = KerasNames.numbered(RnnConfig.kerasName(cell), used);
      group(groups, only ? path : path + "/cells/" + own, cell, read);
      read = cell.outputShape(read);
    }
  }

  private static void group(List<VariableGroup> groups, String path, Layer layer, Shape input) {
    List<ParameterSpec> parameters = layer.parameters(input);
    if (!parameters.isEmpty()) {
      groups.add(new VariableGroup(path + "/vars", parameters));
    }
  }
}
