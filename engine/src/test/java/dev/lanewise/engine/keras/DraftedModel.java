package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import java.util.ArrayList;
import java.util.List;

/** A functional model of one input, entry by entry as Keras 3 writes them. */
final class DraftedModel {
  private final List<String> entries = new ArrayList<>();

  /** Begins with an input {@code x} of so many sizes, the batch's first. */
  static DraftedModel of(String shape) {
    return new DraftedModel().input("x", shape, "float32");
  }

  /** Returns a reference to what an entry gives. */
  static String value(String of) {
    return value(of, 0);
  }

  static String value(String of, int part) {
    return "{\"class_name\": \"__keras_tensor__\", \"config\": {\"keras_history\": [\"%s\", 0, %s]}}"
        .formatted(of, part);
  }

  /** Returns a slice that takes all. */
  static String all() {
    return "{\"class_name\": \"__slice__\","
        + " \"config\": {\"start\": null, \"stop\": null, \"step\": null}}";
  }

  DraftedModel input(String name, String shape, String dtype) {
    entries.add(
        """
        {"module": "keras.layers", "class_name": "InputLayer", "name": "%s",
         "config": {"name": "%s", "batch_shape": %s, "dtype": "%s"}, "inbound_nodes": []}\
        """
            .formatted(name, name, shape, dtype));
    return this;
  }

  /** Adds an operation; settings are written as JSON has them. */
  DraftedModel then(String name, String type, String settings, String... arguments) {
    return entry(name, type, "keras.src.ops.numpy", settings, arguments);
  }

  DraftedModel layer(String name, String type, String settings, String... arguments) {
    return entry(name, type, "keras.layers", settings, arguments);
  }

  DraftedModel entry(
      String name, String type, String module, String settings, String... arguments) {
    return called(
        name,
        type,
        module,
        settings,
        "{\"args\": [%s], \"kwargs\": {}}".formatted(String.join(", ", arguments)));
  }

  DraftedModel called(String name, String type, String module, String settings, String... calls) {
    entries.add(
        """
        {"module": "%s", "class_name": "%s", "name": "%s", "config": {"name": "%s"%s},
         "inbound_nodes": [%s]}\
        """
            .formatted(module, type, name, name, settings, String.join(", ", calls)));
    return this;
  }

  /** Takes the last entry away. */
  DraftedModel withoutLast() {
    entries.removeLast();
    return this;
  }

  /** Returns the model that ends with an entry. */
  Graph graph(String output) {
    List<String> inputs = new ArrayList<>();
    for (String entry : entries) {
      if (entry.contains("\"InputLayer\"")) {
        String name = entry.replaceFirst("(?s).*?\"name\": \"([^\"]*)\".*", "$1");
        inputs.add("[\"%s\", 0, 0]".formatted(name));
      }
    }
    String model =
        """
        {"class_name": "Functional", "config": {"name": "m", "layers": [%s],
         "input_layers": [%s], "output_layers": ["%s", 0, 0]}}\
        """
            .formatted(String.join(", ", entries), String.join(", ", inputs), output);
    return ModelConfig.read(new Config("model", JsonParser.parseString(model).getAsJsonObject()))
        .graph();
  }

  List<Layer> layers(String output) {
    return graph(output).layers();
  }

  /** The entry is named, and what is wrong with it is told in a line. */
  void isRefused(String output, String told) {
    assertThatThrownBy(() -> layers(output))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer last")
        .hasMessageContaining(told)
        .hasMessageNotContaining("\n");
  }
}
