package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.KerasNames;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The settings of {@code RNN}, and of its cells, as they are read and written. */
final class RnnConfig {
  private static final String STACKED = "StackedRNNCells";
  private static final Set<String> RNN =
      LayerConfig.known(
          "cell",
          "return_sequences",
          "return_state",
          "go_backwards",
          "stateful",
          "zero_output_for_mask");

  /** What a layer says, and a cell does not. */
  private static final List<String> OF_LAYERS =
      List.of(
          "return_sequences",
          "return_state",
          "go_backwards",
          "stateful",
          "unroll",
          "zero_output_for_mask",
          "activity_regularizer");

  private static final Set<String> CELLS = LayerConfig.known("cells");

  private RnnConfig() {}

  static Layer read(Config config, List<Obstacle> obstacles) {
    config.requireKnown(RNN);
    Config cell = config.child("cell");
    List<Config> places = new ArrayList<>(List.of(config));
    List<CellLayer> cells =
        cell.className().equals(STACKED)
            ? cells(LayerConfig.config(cell), places, obstacles)
            : List.of(cell(cell, places, obstacles));
    boolean trained =
        places.subList(places.size() - cells.size(), places.size()).stream()
            .anyMatch(place -> place.bool("trainable", true));
    for (Config place : trained ? places : List.<Config>of()) {
      WrapperConfig.requireTrained(place, place.bool("trainable", true), obstacles);
    }
    Rnn rnn = new Rnn(cells, LayerConfig.recurrentOptions(config));
    return trained ? rnn : rnn.frozen();
  }

  private static List<CellLayer> cells(
      Config stack, List<Config> places, List<Obstacle> obstacles) {
    stack.requireKnown(CELLS);
    requirePlain(stack, Set.of(), obstacles);
    places.add(stack);
    List<CellLayer> cells = new ArrayList<>();
    for (JsonElement element : stack.array("cells")) {
      if (!element.isJsonObject()) {
        throw stack.wrong("cells", "an array of objects");
      }
      Config entry = new Config(stack.where() + ", cells", element.getAsJsonObject());
      cells.add(cell(entry, places, obstacles));
    }
    if (cells.size() < 2) { // Keras writes such a file and cannot run it
      throw stack.wrong("cells", "of two cells or more; give a single one to RNN itself");
    }
    return cells;
  }

  private static CellLayer cell(Config entry, List<Config> places, List<Obstacle> obstacles) {
    Config config = LayerConfig.config(entry);
    if (entry.has("shared_object_id")) {
      throw new ModelFormatException(
          config.where()
              + ": has several places, shared_object_id "
              + entry.value("shared_object_id")
              + "; cells that share their weights are not supported");
    }
    CellLayer cell =
        switch (entry.className()) {
          case "SimpleRNNCell" -> LayerConfig.simpleRnn(config);
          case "LSTMCell" -> LayerConfig.lstm(config);
          case "GRUCell" -> LayerConfig.gru(config);
          default ->
              throw new ModelFormatException(
                  config.where()
                      + ": cells of this class are not supported; SimpleRNNCell, LSTMCell and"
                      + " GRUCell are");
        };
    requirePlain(config, RulesConfig.carriedBy(cell), obstacles);
    places.add(config);
    return cell;
  }

  private static void requirePlain(Config config, Set<String> arrays, List<Obstacle> obstacles) {
    DtypeConfig.collect(config, obstacles);
    TrainingOnly.collect(config, arrays, arrays, obstacles);
    ActivityConfig.collect(config, obstacles);
  }

  /** Returns the name of a cell's class in snake case, for example {@code lstm_cell}. */
  static String kerasName(CellLayer cell) {
    return cell.kerasName() + "_cell";
  }

  /** Names are made of the cells' classes, as the groups of their weights are. */
  static void write(JsonObject config, Rnn rnn, FileShape input) {
    LayerEntry.writeWalk(config, rnn);
    Map<String, Integer> used = new HashMap<>();
    JsonArray cells = new JsonArray();
    FileShape read = input.part();
    for (CellLayer cell : rnn.cells()) {
      String name = KerasNames.numbered(kerasName(cell), used);
      JsonObject entry = LayerEntry.of(new NamedLayer(name, cell), List.of(read));
      entry.addProperty("class_name", cell.className() + "Cell");
      JsonObject own = entry.getAsJsonObject("config");
      OF_LAYERS.forEach(own::remove);
      own.add("seed", JsonNull.INSTANCE);
      cells.add(entry);
      read = new FileShape(input.batch(), Shape.of(cell.units()), Shape.of(cell.units()));
    }
    if (cells.size() == 1) {
      config.add("cell", cells.get(0));
      return;
    }
    JsonObject stack = LayerEntry.named("stacked_rnn_cells", true);
    stack.add("cells", cells);
    config.add("cell", LayerEntry.built(STACKED, stack, input.part()));
  }
}
