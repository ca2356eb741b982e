package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.JoinedInputs;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder.Shared;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that are no stacks of layers, as Keras writes them and as they are written. */
class FunctionalModelsTest {
  private static final String FOLDER = "recurrent/files/functional_encoder_decoder/";

  @TempDir Path folder;

  private static SavedModel encoderDecoder() {
    return KerasFile.read(Golden.path(FOLDER + "functional_encoder_decoder.keras"));
  }

  private static float[] answers(SavedModel saved) {
    List<float[]> inputs =
        List.of(
            Npy.readMember(FOLDER + "io", "x_0").floats(),
            Npy.readMember(FOLDER + "io", "x_1").floats());
    List<Shape> shapes = saved.graph().inputs().stream().map(Graph.Input::shape).toList();
    float[] x = JoinedInputs.of(shapes, inputs);
    try (Model model = saved.toModel();
        Predictor predictor = model.predictor()) {
      float[] y = new float[x.length / predictor.inputSize() * predictor.outputSize()];
      predictor.predict(x, y);
      return y;
    }
  }

  @Test
  void anEncoderAndADecoderAnswerAsInKeras() {
    SavedModel saved = encoderDecoder();
    assertThat(saved.obstacle()).isNull();
    assertThat(saved.graph().inputs())
        .containsExactly(
            new Graph.Input("source", Shape.of(7, 5)), new Graph.Input("target", Shape.of(6, 4)));
    assertThat(Npy.readMember(FOLDER + "io", "y").absoluteError(answers(saved))).isLessThan(1e-6);
  }

  @Test
  void theyAreWrittenAgainWithNamesWiresAndState() {
    SavedModel saved = encoderDecoder();
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    SavedModel read = KerasFile.read(again);
    assertThat(read.graph()).isEqualTo(saved.graph());
    assertThat(read.layerNames()).isEqualTo(saved.layerNames());
    assertThat(read.parameters().iterations()).isEqualTo(saved.parameters().iterations());
    assertThat(read.parameters().slots()).hasSameSizeAs(saved.parameters().slots()).isNotEmpty();
    assertThat(answers(read)).containsExactly(answers(saved));
  }

  private static JsonObject config(SavedModel saved) {
    return ModelConfig.write(saved);
  }

  private static ModelConfig read(JsonObject outer) {
    return ModelConfig.read(new Config("model", outer));
  }

  private static List<JsonElement> layers(JsonObject outer) {
    return outer.getAsJsonObject("config").getAsJsonArray("layers").asList();
  }

  @Test
  void callsAreReadInAnyOrder() {
    SavedModel saved = encoderDecoder();
    JsonObject outer = config(saved);
    Collections.reverse(layers(outer));
    ModelConfig read = read(outer);
    assertThat(read.layerNames()).containsExactly("dense", "decoder", "encoder");
    assertThat(read.graph().inputs()).isEqualTo(saved.graph().inputs());
    List<String> called =
        read.graph().nodes().stream().map(node -> read.layerNames().get(node.layer())).toList();
    assertThat(called).containsExactly("encoder", "decoder", "dense");
  }

  /** As before Keras 3: lists of references, the states behind the sequence. */
  @Test
  void nestedListsOfReferencesAreReadToo() {
    SavedModel saved = encoderDecoder();
    JsonObject outer = config(saved);
    for (JsonElement layer : layers(outer)) {
      JsonArray nodes = layer.getAsJsonObject().getAsJsonArray("inbound_nodes");
      for (int i = 0; i < nodes.size(); i++) {
        JsonObject call = nodes.get(i).getAsJsonObject();
        JsonArray references = new JsonArray();
        call.getAsJsonArray("args").forEach(tensor -> references.add(reference(tensor)));
        if (call.getAsJsonObject("kwargs").has("initial_state")) {
          call.getAsJsonObject("kwargs")
              .getAsJsonArray("initial_state")
              .forEach(tensor -> references.add(reference(tensor)));
        }
        nodes.set(i, references);
      }
    }
    assertThat(read(outer).graph()).isEqualTo(saved.graph());
  }

  private static JsonArray reference(JsonElement tensor) {
    JsonObject config = tensor.getAsJsonObject().getAsJsonObject("config");
    JsonArray reference = config.getAsJsonArray("keras_history").deepCopy();
    reference.add(new JsonObject());
    return reference;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"encoder\", 0, 1; \"encoder\", 1, 1; of which some are no inputs and given by no call",
        "\"encoder\", 0, 2; \"decoder\", 0, 0; takes [target, encoder (call 0, output 1), decoder",
        "\"encoder\", 0, 2; \"encoder\", 0, 7; takes encoder (call 0, output 7), which no",
        "[\"source\", 0, 0]; [\"sauce\", 0, 0]; key input_layers names sauce, which is no input",
        "{\"initial_state\"; {\"constants\"; is called with constants",
        "\"return_state\":true; \"return_state\":false; takes encoder (call 0, output 1), which no",
      })
  void wiresThatLeadNowhereAreToldByLayer(String written, String other, String told) {
    String text = config(encoderDecoder()).toString();
    String wrong = text.replace(written.replace(", ", ","), other.replace(", ", ","));
    assertThat(wrong).isNotEqualTo(text);
    JsonObject outer = JsonParser.parseString(wrong).getAsJsonObject();
    assertThatThrownBy(() -> read(outer))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(told)
        .hasMessageNotContaining("\n");
  }

  /** Every merge, a shared layer, several outputs, and states of both directions. */
  @Test
  void whatIsWrittenIsWhatIsRead() {
    Model model =
        Model.graph(
            g -> {
              Value x = g.input("x", Shape.of(5, 4));
              Value s = g.input("s", Shape.of(4));
              Shared dense = g.share(Dense.of(4, Activation.TANH));
              Value a = dense.apply(x);
              Value b = g.apply(Pointwise.ADD, a, dense.apply(s));
              Value c = g.apply(new Attention(true, ScoreMode.CONCAT, true), a, b, x);
              Value d = g.apply(new Attention(true, ScoreMode.DOT, false), c, b);
              Value e = g.apply(AdditiveAttention.create(), d, a);
              Value f = g.apply(new Concatenate(1), e, g.apply(Pointwise.MAXIMUM, a, b));
              Bidirectional both = Bidirectional.of(Lstm.of(2).returningState());
              List<Value> states = g.applyAll(both, f);
              Value dot = g.apply(new Dot(1, -1, true), states.get(0), s);
              Value joined =
                  g.apply(Concatenate.FEATURES, dot, states.get(1), states.get(4), states.get(0));
              g.output(joined, g.apply(SimpleRnn.of(3), f));
            });
    model.compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
    Path file = folder.resolve("graph.keras");
    SavedModel saved = SavedModel.of(model, LocalDateTime.of(2026, 1, 2, 3, 4));
    model.close();
    KerasFile.write(saved, file);
    SavedModel read = KerasFile.read(file);
    assertThat(read.graph()).isEqualTo(saved.graph());
    assertThat(read.layerNames()).isEqualTo(saved.layerNames());
    for (int i = 0; i < saved.parameters().values().size(); i++) {
      assertThat(read.parameters().values().get(i)).isEqualTo(saved.parameters().values().get(i));
    }
    assertThat(Arrays.asList(read.name(), saved.name())).containsOnly("functional");
  }
}
