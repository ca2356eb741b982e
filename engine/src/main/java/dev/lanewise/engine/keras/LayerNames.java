package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import java.util.HashSet;
import java.util.Set;

/** The names of a model's layers, each of which is one object of its own. */
final class LayerNames {
  private final Config model;
  private final Set<String> names = new HashSet<>();
  private final Set<JsonElement> objects;

  LayerNames(Config model) {
    this(model, new HashSet<>());
  }

  private LayerNames(Config model, Set<JsonElement> objects) {
    this.model = model;
    this.objects = objects;
  }

  /** Returns the names in a model within this one, whose objects are others than this one's. */
  LayerNames within(Config nested) {
    return new LayerNames(nested, objects);
  }

  /** Adds a layer, unless it is one that is there already. */
  void add(String name, Config entry) {
    requireOwn(entry);
    add(name);
  }

  /** Adds the name of a layer of which the file has no entry. */
  void add(String name) {
    if (!names.add(name)) {
      throw new ModelFormatException(
          model.where() + ": has two layers named " + LayerConfig.shortened(name));
    }
  }

  /** Refuses a layer that is there already. */
  void requireOwn(Config entry) {
    if (entry.has("shared_object_id") && !objects.add(entry.json().get("shared_object_id"))) {
      throw new ModelFormatException(
          model.where()
              + ": two layers are one object, shared_object_id "
              + entry.value("shared_object_id")
              + "; layers that share their weights under two names are not supported");
    }
  }
}
