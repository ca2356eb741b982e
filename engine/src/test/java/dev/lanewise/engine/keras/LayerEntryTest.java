package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers as they are written against what Keras wrote: every key, its place and its value. */
class LayerEntryTest {
  private static final int RATIO = 10;

  /** Where an object lay in a process's memory, and what says nothing that earlier Kerases know. */
  private static final List<String> NOT_WRITTEN =
      List.of("shared_object_id", "input_axes", "output_axes", "quantization_config");

  @ParameterizedTest
  @CsvSource({
    "settings/cell_dropout.keras, 2", // a SimpleRNN with both rates
    "golden/recurrent/files/tagger/tagger.keras, 2", // a GRU with both
    "golden/recurrent/files/lstm_sequential/lstm_sequential.keras, 2",
    "golden/recurrent/files/gru_both_forms/gru_both_forms.keras, 3",
    "golden/recurrent/files/bidirectional_stack/bidirectional_stack.keras, 3",
    "golden/models/windows/model.keras, 12",
  })
  void whatIsReadIsWrittenAsKerasWritesIt(String file, int layers) throws IOException {
    int found = 0;
    for (JsonElement element : layersOf(file)) {
      Config entry = new Config(file, element.getAsJsonObject());
      if (entry.has("build_config")) { // is no input layer and was built
        List<Obstacle> obstacles = new ArrayList<>();
        NamedLayer layer = LayerConfig.read(entry, obstacles);
        assertThat(obstacles).isEmpty();
        assertThat(LayerEntry.of(layer, List.of(FileShape.of(input(entry)))))
            .hasToString(entry.json().toString());
        found++;
      }
    }
    assertThat(found).isEqualTo(layers);
  }

  @Test
  void eachDirectionKeepsItsRates() {
    Bidirectional both =
        new Bidirectional(
            Lstm.of(3).withDropout(0.25, 0.125),
            Gru.of(4).goingBackwards().withDropout(0, 0.5),
            Bidirectional.Merge.CONCAT);
    JsonObject entry = LayerEntry.of(new NamedLayer("both", both), shapes());
    assertThat(LayerConfig.read(new Config("both", entry), new ArrayList<>()).layer())
        .isEqualTo(both);
    entry.getAsJsonObject("config").remove("backward_layer");
    assertThat(LayerConfig.read(new Config("both", entry), new ArrayList<>()).layer())
        .isEqualTo(Bidirectional.of(both.forward()));
  }

  /** It is the one layer of Keras 3 that takes no {@code trainable}, and refuses what it is not. */
  @Test
  void spatialDropoutSaysNothingOfTraining() {
    assertThat(keys(new SpatialDropout(0.25, 1)))
        .containsExactlyInAnyOrder("name", "dtype", "rate", "seed");
    assertThat(keys(new SpatialDropout(0.25, 2)))
        .containsExactlyInAnyOrder("name", "dtype", "rate", "seed", "data_format");
  }

  private static Set<String> keys(Layer layer) {
    return LayerEntry.of(new NamedLayer("d", layer), shapes()).getAsJsonObject("config").keySet();
  }

  /** The names that Keras 1 had for both. */
  @Test
  void theFirstKerassRatesAreRead() {
    Lstm lstm = Lstm.of(3).withDropout(0.25, 0.125);
    JsonObject entry = LayerEntry.of(new NamedLayer("lstm", lstm), shapes());
    JsonObject config = entry.getAsJsonObject("config");
    config.add("dropout_W", config.remove("dropout"));
    config.add("dropout_U", config.remove("recurrent_dropout"));
    assertThat(LayerConfig.read(new Config("lstm", entry), new ArrayList<>()).layer())
        .isEqualTo(lstm);
  }

  private static List<FileShape> shapes() {
    return List.of(FileShape.of(Shape.of(5, 2)));
  }

  private static Shape input(Config entry) {
    return Shape.of(
        entry.child("build_config").shapeWithoutBatch("input_shape", new OpenSteps(1)).stream()
            .mapToInt(Integer::intValue)
            .toArray());
  }

  private static List<JsonElement> layersOf(String file) throws IOException {
    byte[] archive;
    try (var in = LayerEntryTest.class.getResourceAsStream("/" + file)) {
      archive = in.readAllBytes();
    }
    byte[] config = ZipArchive.of(archive, file).read("config.json", RATIO);
    JsonElement model = JsonParser.parseString(new String(config, StandardCharsets.UTF_8));
    removeWhatIsNotWritten(model);
    return model.getAsJsonObject().getAsJsonObject("config").getAsJsonArray("layers").asList();
  }

  private static void removeWhatIsNotWritten(JsonElement element) {
    if (element instanceof JsonObject object) {
      NOT_WRITTEN.forEach(object::remove);
      if (object.has("class_name") && object.get("class_name").getAsString().equals("SimpleRNN")) {
        object
            .getAsJsonObject("config")
            .remove("zero_output_for_mask"); // in other cells for longer
      }
      object.asMap().values().forEach(LayerEntryTest::removeWhatIsNotWritten);
    } else if (element instanceof JsonArray array) {
      array.forEach(LayerEntryTest::removeWhatIsNotWritten);
    }
  }
}
