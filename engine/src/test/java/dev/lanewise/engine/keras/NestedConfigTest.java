package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.TimeDistributed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How models stand in the configuration of others: calls and their numbers, and what is refused.
 */
class NestedConfigTest {
  private static String text(String name) throws IOException {
    try (ZipFile zip = new ZipFile(Golden.path("nested/" + name + ".keras").toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry("config.json")).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static ModelConfig read(String text) {
    return ModelConfig.read(new Config("model", JsonParser.parseString(text).getAsJsonObject()));
  }

  /** A model at each step is each of its layers at each step, and in it one of these again. */
  @Test
  void whatAModelDoesAtEachStepItsLayersDo() throws IOException {
    ModelConfig model = read(text("td_in_nested"));
    assertThat(model.layerNames())
        .containsExactly(
            "time_distributed_1/time_distributed/gru",
            "time_distributed_1/lstm",
            "time_distributed_1/dense",
            "lstm_1",
            "dense_1");
    TimeDistributed outer = (TimeDistributed) model.graph().layers().getFirst();
    assertThat(outer.layer()).isInstanceOf(TimeDistributed.class);
    NestedModel sentence = model.models().getFirst();
    assertThat(sentence.wrapped()).isEqualTo("sent");
    assertThat(sentence.models().getFirst().wrapped()).isEqualTo("word");
    assertThat(NestedModel.inside(model.graph().layers().get(2), 1)).isInstanceOf(Dense.class);
  }

  @Test
  void aModelThatIsCalledTwiceSharesItsLayers() throws IOException {
    ModelConfig model = read(text("shared"));
    assertThat(model.layerNames())
        .containsExactly("branch/gru", "branch/dense", "concatenate", "dense_1");
    assertThat(model.graph().nodes().stream().map(node -> node.layer())).contains(0, 1);
    assertThat(model.graph().calls(0)).isEqualTo(2);
    assertThat(model.models().getFirst().calls()).hasSize(2);
  }

  /** Before Keras 3 calls were lists of references, and a model's own inputs its first call. */
  @ParameterizedTest
  @CsvSource({"autoencoder, 0", "autoencoder, 1", "shared, 0", "shared, 1"})
  void listsOfReferencesCountCallsFromNoughtOrOne(String name, int first) throws IOException {
    JsonObject outer = JsonParser.parseString(text(name)).getAsJsonObject();
    inLists(outer.getAsJsonObject("config"), first);
    ModelConfig read = read(outer.toString());
    ModelConfig expected = read(text(name));
    assertThat(read.graph()).isEqualTo(expected.graph());
    assertThat(read.models()).isEqualTo(expected.models());
  }

  private static void inLists(JsonObject config, int first) {
    Set<String> models = new HashSet<>();
    for (JsonElement element : config.getAsJsonArray("layers")) {
      JsonObject entry = element.getAsJsonObject();
      if (entry.getAsJsonObject("config").has("layers")) {
        models.add(entry.get("name").getAsString());
        inLists(entry.getAsJsonObject("config"), first);
      }
    }
    for (JsonElement element : config.getAsJsonArray("layers")) {
      JsonArray nodes = element.getAsJsonObject().getAsJsonArray("inbound_nodes");
      for (int i = 0; i < nodes.size(); i++) {
        JsonArray references = new JsonArray();
        collect(nodes.get(i).getAsJsonObject().get("args"), references);
        references.forEach(one -> count(one.getAsJsonArray(), models, first));
        nodes.set(i, references);
      }
    }
    JsonArray end = config.getAsJsonArray("output_layers");
    count(end, models, first - 1);
  }

  private static void collect(JsonElement value, JsonArray references) {
    if (value instanceof JsonArray several) {
      several.forEach(one -> collect(one, references));
    } else {
      references.add(
          value.getAsJsonObject().getAsJsonObject("config").getAsJsonArray("keras_history"));
    }
  }

  private static void count(JsonArray reference, Set<String> models, int more) {
    if (models.contains(reference.get(0).getAsString())) {
      reference.set(1, new JsonPrimitive(reference.get(1).getAsInt() + more));
    }
    reference.add(new JsonObject());
  }

  @Test
  void aCallThatMayBeEitherOfTwoIsRefused() throws IOException {
    JsonObject outer = JsonParser.parseString(text("shared")).getAsJsonObject();
    inLists(outer.getAsJsonObject("config"), 1);
    String wrong = outer.toString().replace("[\"branch\",2,0,{}]", "[\"branch\",1,0,{}]");
    assertThat(wrong).isNotEqualTo(outer.toString());
    assertThatThrownBy(() -> read(wrong))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "layer branch: is called 2 times, of which calls 1 are referred to; which of them is"
                + " the first is not told");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "shared; \"batch_shape\": [null, 4, 3], \"dtype\": \"float32\", \"sparse\": false,"
            + " \"ragged\": false, \"name\": \"input_layer\"; \"batch_shape\": [null, 4, 2],"
            + " \"dtype\": \"float32\", \"name\": \"input_layer\"; layer branch: takes [4, 2] as"
            + " input_layer, found [4, 3]",
        "shared; \"kwargs\": {\"mask\": null}; \"kwargs\": {\"training\": true}; layer branch: is"
            + " called with training = true",
        "shared; [\"branch\", 1, 0]; [\"branch\", 7, 0]; takes [branch, branch (call 7,",
        "td_cnn; \"class_name\": \"Sequential\", \"config\": {\"name\": \"sequential\";"
            + " \"class_name\": \"Own\", \"config\": {\"name\": \"sequential\"; layers of this"
            + " class are not",
        "frozen_inner_bn; \"name\": \"dense_1\"; \"name\": \"dense\"; has two layers named dense",
      })
  void whatDoesNotFitIsToldByLayer(String name, String from, String to, String told)
      throws IOException {
    String text = text(name);
    String wrong = text.replace(from, to);
    assertThat(wrong).isNotEqualTo(text);
    assertThatThrownBy(() -> read(wrong))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer")
        .hasMessageContaining(told)
        .hasMessageNotContaining("\n");
  }

  /** In the model and in one within it. */
  @Test
  void oneObjectInTwoModelsIsRefused() throws IOException {
    String text = text("shared");
    String dense = "\"class_name\": \"Dense\", ";
    assertThatThrownBy(
            () -> read(text.replace(dense, dense + "\"shared_object_id\": 140000000000001, ")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("two layers are one object, shared_object_id 140000000000001");
  }

  /** Keras trains them or not, by its version. */
  @Test
  void aFrozenModelWhoseLayersAreNotOnlyPredicts() throws IOException {
    String said = "\"name\": \"branch\", \"trainable\": true";
    String text = text("shared");
    String wrong = text.replace(said, said.replace("true", "false"));
    assertThat(wrong).isNotEqualTo(text);
    assertThat(read(wrong).obstacles())
        .extracting(SavedModel.Obstacle::reason)
        .containsExactly(
            "layer branch (Functional): key trainable with value false is supported in prediction"
                + " alone");
    assertThat(read(wrong.replace("\"trainable\": true", "\"trainable\": false")).obstacles())
        .isEmpty();
  }

  /** Few bytes, many calls. */
  @Test
  void modelsThatCallEachOtherOverAndOverAreRefused() {
    String model =
        sequential(
            "m0", "{\"class_name\": \"Dropout\", \"config\": {\"name\": \"d\", \"rate\": 0}}");
    for (int i = 1; i < 16; i++) {
      model = calledTwice("m" + i, "m" + (i - 1), model);
    }
    String whole = model;
    assertThatThrownBy(() -> read(whole))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("is one of more than 20000 calls");
  }

  private static String sequential(String name, String layer) {
    return "{\"class_name\": \"Sequential\", \"config\": {\"name\": \""
        + name
        + "\", \"layers\": ["
        + layer
        + "]}";
  }

  private static String calledTwice(String name, String inner, String model) {
    return "{\"class_name\": \"Functional\", \"config\": {\"name\": \""
        + name
        + "\", \"layers\": [{\"class_name\": \"InputLayer\", \"config\": {\"name\": \"i\","
        + " \"batch_shape\": [null, 3]}, \"inbound_nodes\": []}, "
        + model
        + ", \"inbound_nodes\": [[[\"i\", 0, 0, {}]], [[\""
        + inner
        + "\", 0, 0, {}]]]}], \"input_layers\": [[\"i\", 0, 0]], \"output_layers\": [[\""
        + inner
        + "\", 1, 0]]}"
        + (name.equals("m15") ? "}" : "");
  }
}
