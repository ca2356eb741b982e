package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A {@code TextVectorization} that stands in front of a model: what follows it is a model of its
 * own, which takes the ids of tokens.
 *
 * @param model the object of the model behind it
 * @param layer the layer's settings
 */
record TextFront(Config model, Config layer) {
  private static final String CONFIG = "config";
  private static final String LAYERS = "layers";

  /** Returns what stands in front of a model, or null if that is none, or not in front. */
  static @Nullable TextFront ofOrNull(Config model) {
    if (!(model.json().get(CONFIG) instanceof JsonObject config)
        || !(config.get(LAYERS) instanceof JsonArray layers)
        || !layers.asList().stream().allMatch(TextFront::isLayer)) {
      return null;
    }
    List<JsonObject> entries = layers.asList().stream().map(JsonElement::getAsJsonObject).toList();
    int[] places =
        IntStream.range(0, entries.size())
            .filter(i -> isOf(entries.get(i), "TextVectorization"))
            .toArray();
    if (places.length != 1) {
      return null; // of two it is said that they are not supported
    }
    JsonObject text = entries.get(places[0]);
    boolean stack = text(model.json(), "class_name").equals("Sequential");
    int input = stack ? places[0] - 1 : inputOf(text, entries);
    boolean front = stack ? places[0] == 0 || isFirst(entries, input) : input >= 0;
    return front ? behind(model, text, input < 0 ? null : entries.get(input)) : null;
  }

  private static boolean isLayer(JsonElement entry) {
    return entry instanceof JsonObject layer && layer.get(CONFIG) instanceof JsonObject;
  }

  private static boolean isOf(JsonObject entry, String type) {
    return text(entry, "class_name").equals(type);
  }

  private static boolean isFirst(List<JsonObject> entries, int input) {
    return input == 0 && isOf(entries.getFirst(), "InputLayer");
  }

  private static String text(JsonObject object, String key) {
    return object.get(key) instanceof JsonPrimitive text ? text.getAsString() : "";
  }

  /** Returns the place of the input that a layer, and nothing else, reads; -1 if there is none. */
  private static int inputOf(JsonObject layer, List<JsonObject> entries) {
    Set<String> read = references(layer);
    int found = -1;
    for (int i = 0; i < entries.size(); i++) {
      JsonObject entry = entries.get(i);
      if (isOf(entry, "InputLayer") && read.equals(Set.of(text(entry, "name")))) {
        found = i;
      } else if (!entry.equals(layer) && references(entry).stream().anyMatch(read::contains)) {
        return -1;
      }
    }
    return found;
  }

  private static TextFront behind(Config model, JsonObject text, @Nullable JsonObject input) {
    Config settings = new Config(model.where(), text).child(CONFIG);
    settings = settings.at("layer " + LayerConfig.shortened(settings.string("name")));
    JsonArray others = new JsonArray();
    JsonObject ids = ids(input, TextConfig.length(settings));
    others.add(ids);
    for (JsonElement entry : model.json().getAsJsonObject(CONFIG).getAsJsonArray(LAYERS)) {
      if (!entry.equals(text) && !entry.equals(input)) {
        others.add(entry.deepCopy());
      }
    }
    String from = settings.string("name");
    visit(
        others,
        reference -> {
          if (reference.get(0).getAsString().equals(from)) {
            reference.set(0, ids.get("name"));
          }
        });
    JsonObject config = model.json().getAsJsonObject(CONFIG).deepCopy();
    config.add(LAYERS, others);
    JsonObject later = new JsonObject();
    model.json().asMap().forEach(later::add);
    later.add(CONFIG, config);
    return new TextFront(new Config(model.where(), later), settings);
  }

  /** Returns the entry of an input of tokens' ids, in the place of one of texts. */
  private static JsonObject ids(@Nullable JsonObject texts, int length) {
    JsonObject entry = texts == null ? new JsonObject() : texts.deepCopy();
    JsonObject config = texts == null ? new JsonObject() : entry.getAsJsonObject(CONFIG);
    if (texts == null) {
      entry.addProperty("class_name", "InputLayer");
      entry.add(CONFIG, config);
      config.addProperty("name", "input_layer");
    }
    JsonArray shape = new JsonArray();
    shape.add(JsonNull.INSTANCE);
    shape.add(length == 0 ? JsonNull.INSTANCE : new JsonPrimitive(length));
    config.add("batch_shape", shape);
    config.addProperty("dtype", "int64");
    return entry;
  }

  /** Returns the names of the layers that a layer's calls refer to. */
  private static Set<String> references(JsonObject layer) {
    Set<String> names = new HashSet<>();
    visit(layer.get("inbound_nodes"), reference -> names.add(reference.get(0).getAsString()));
    return names;
  }

  private static void visit(@Nullable JsonElement element, Consumer<JsonArray> references) {
    if (element instanceof JsonArray array) {
      array.forEach(each -> visit(each, references));
    } else if (element instanceof JsonObject object) {
      if (object.get("keras_history") instanceof JsonArray reference
          && !reference.isEmpty()
          && reference.get(0) instanceof JsonPrimitive) {
        references.accept(reference);
      }
      object.asMap().values().forEach(value -> visit(value, references));
    }
  }

  /** What is written of the model would have lost its vocabulary. */
  Obstacle obstacle() {
    return new Obstacle(
        layer.where()
            + ": TextVectorization is supported in prediction alone, where the model takes the ids"
            + " of tokens",
        false);
  }
}
