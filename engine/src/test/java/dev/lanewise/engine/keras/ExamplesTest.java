package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.JoinedInputs;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Pretrained;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models as Keras's examples build them: its answers, its losses, and its answers after a fit. */
class ExamplesTest {
  private static final int BATCH = 4;
  private static final LocalDateTime NOON = LocalDateTime.of(2026, 11, 30, 12, 0);

  @TempDir private Path folder;

  private static Path file(String name) {
    return Golden.path("examples/" + name + ".keras");
  }

  /** What the functions of a course do that are Python's own. */
  private static final Map<String, Layer> FUNCTIONS =
      Map.of(
          "lambda",
          Reshape.to(9, 1),
          "lambda_1",
          GetItem.ofStep(-1),
          "lambda_2",
          new Rescaling(2, 0));

  private static SavedModel read(String name) {
    return name.equals("course")
        ? KerasFile.read(file(name), FUNCTIONS)
        : KerasFile.read(file(name));
  }

  private static float[] array(String name, String what) {
    return Npy.read("examples/" + name + "_" + what).floats();
  }

  private static Dataset data(String name, SavedModel saved) {
    List<Shape> inputs = saved.graph().inputs().stream().map(Graph.Input::shape).toList();
    List<float[]> each = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      each.add(array(name, "x" + i));
    }
    float[] targets = array(name, "t");
    int samples = Npy.read("examples/" + name + "_t").shape()[0];
    return Dataset.of(inputs, JoinedInputs.of(inputs, each), targets, targets.length / samples);
  }

  private static void agree(float[] found, float[] expected, float tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).as("answer %s", i).isCloseTo(expected[i], within(tolerance));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frames",
        "frames_each",
        "features_first",
        "video",
        "masked_steps",
        "sentences",
        "sentences_stack",
        "letters",
        "letters_cast",
        "pictures",
        "attended",
        "positions",
        "course",
        "compounds",
        "normalized_steps",
        "offered",
        "likeness",
        "conditions",
        "told",
        "by_hand",
        "formulas",
        "scored"
      })
  void answersLossesAndWhatIsLearnedAreKerass(String name) throws IOException {
    SavedModel saved = read(name);
    assertThat(saved.obstacle()).isNull();
    Dataset data = data(name, saved);
    JsonArray losses =
        JsonParser.parseString(Files.readString(Golden.path("examples/examples.json")))
            .getAsJsonObject()
            .getAsJsonArray(name);
    try (Model model = saved.toModel()) {
      agree(model.predict(data, BATCH), array(name, "y"), 2e-6f);
      List<Double> found =
          model
              .fit(data, FitOptions.epochs(losses.size()).withBatchSize(BATCH).withoutShuffle())
              .history()
              .get("loss");
      for (int i = 0; i < losses.size(); i++) {
        assertThat(found.get(i))
            .as("epoch %s", i)
            .isCloseTo(losses.get(i).getAsDouble(), within(2e-5));
      }
      agree(model.predict(data, BATCH), array(name, "after"), 2e-4f);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frames",
        "frames_each",
        "features_first",
        "video",
        "sentences",
        "sentences_stack",
        "letters",
        "letters_cast",
        "pictures",
        "attended",
        "positions",
        "course",
        "compounds",
        "normalized_steps",
        "offered",
        "likeness",
        "conditions",
        "told",
        "by_hand",
        "formulas",
        "scored"
      })
  void whatIsWrittenIsReadTheSame(String name) {
    SavedModel saved = read(name);
    Path written = folder.resolve("written.keras");
    try (Model model = saved.toModel()) {
      KerasFile.write(SavedModel.of(model, NOON, saved, model.parameters()), written);
    }
    SavedModel again = KerasFile.read(written);
    assertThat(again.graph().nodes()).isEqualTo(saved.graph().nodes());
    assertThat(again.graph()).isEqualTo(saved.graph());
    try (Model model = again.toModel()) {
      agree(model.predict(data(name, again), BATCH), array(name, "y"), 2e-6f);
    }
  }

  /** What is read of it alone would be other numbers. */
  @Test
  void aMaskWithinStepsIsNotWrittenWithoutItsModel() {
    try (Model model = KerasFile.read(file("sentences")).toModel()) {
      SavedModel alone = SavedModel.of(model, NOON);
      assertThatThrownBy(() -> KerasFile.bytes(alone))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a TimeDistributed heeds masks within steps")
          .hasMessageContaining("save it with the model that it was read from");
    }
  }

  /** In another model the layers do what they did there. */
  @Test
  void layersThatHeedMasksWithinGoOnInOthers() {
    SavedModel saved = KerasFile.read(file("sentences"));
    Pretrained all = saved.pretrained();
    try (Model model =
        Model.graph(g -> g.output(g.apply(all, g.input("document", Shape.of(3, 6)))))
            .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      agree(model.predict(data("sentences", saved), BATCH), array("sentences", "y"), 2e-6f);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frames",
        "video",
        "sentences",
        "pictures",
        "attended",
        "positions",
        "compounds",
        "normalized_steps",
        "offered",
        "conditions",
        "told",
        "by_hand",
        "formulas",
        "scored"
      })
  void threadsAndBatchesLeaveAnswersAsTheyAre(String name) {
    SavedModel saved = KerasFile.read(file(name));
    Dataset data = data(name, saved);
    try (Model one = saved.toModel().withThreads(1);
        Model three = saved.toModel().withThreads(3)) {
      assertThat(three.predict(data, 3)).containsExactly(one.predict(data, 10));
      FitOptions options = FitOptions.epochs(2).withBatchSize(5);
      one.fit(data, options);
      three.fit(data, options);
      assertThat(three.parameters()).usingRecursiveComparison().isEqualTo(one.parameters());
    }
  }

  @Test
  void onlyLayersOfTheModelAreReplacedAndOnlyByThoseWithoutWeights() {
    Path course = file("course");
    assertThatThrownBy(() -> KerasFile.read(course))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer lambda (Lambda): layers of this class are not supported")
        .hasMessageContaining("KerasFile.read(file, Map.of(\"lambda\", layer)) reads the model");
    Map<String, Layer> unknown = new HashMap<>(FUNCTIONS);
    unknown.put("lambda_3", new Rescaling(2, 0));
    assertThatThrownBy(() -> KerasFile.read(course, unknown))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("has no layer lambda_3 that another could stand in the place of")
        .hasMessageContaining("its layers are lambda, bidirectional");
    Map<String, Layer> weights = new HashMap<>(FUNCTIONS);
    weights.put("lambda_2", Dense.of(1));
    assertThatThrownBy(() -> KerasFile.read(course, weights))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("a Dense cannot stand in the place of layer lambda_2");
    Map<String, Layer> misfit = new HashMap<>(FUNCTIONS);
    misfit.put("lambda", Reshape.to(4, 2));
    assertThatThrownBy(() -> KerasFile.read(course, misfit))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer lambda: ");
  }

  /** What is changed at random in training alone, is answered as it is. */
  @ParameterizedTest
  @ValueSource(strings = {"RandomFlip", "RandomRotation", "RandomBrightness", "AugMix"})
  void picturesThatAreChangedAtRandomAreAnsweredAsTheyAre(String type) {
    String layer =
        "{\"class_name\": \""
            + type
            + "\", \"config\": {\"name\": \"random\", \"factor\": 0.5, \"seed\": null}}";
    String input =
        "{\"class_name\": \"InputLayer\", \"config\": {\"name\": \"x\", \"batch_shape\":"
            + " [null, 4, 6, 3]}}";
    String model =
        "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", \"layers\": ["
            + input
            + ", "
            + layer
            + "]}}";
    ModelConfig read =
        ModelConfig.read(new Config("model", JsonParser.parseString(model).getAsJsonObject()));
    assertThat(read.graph().layers()).containsExactly(new ActivationLayer(Activation.LINEAR));
    assertThat(read.obstacles())
        .containsExactly(
            new SavedModel.Obstacle(
                "layer random ("
                    + type
                    + "): changes what it learns from at random, which is supported in prediction"
                    + " alone",
                false));
  }

  @Test
  void idsThatNameNoClassAreRefused() {
    try (Model model = KerasFile.read(file("letters_cast")).toModel()) {
      float[] ids = {0, 1, 2, 3, 4, 5, 6, 12};
      assertThatThrownBy(() -> model.predict(Dataset.of(Shape.of(8), ids, new float[1], 1), 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("step 7: the id of a token must be a whole number from 0 to 11")
          .hasMessageContaining("OneHot's classes being 12, found 12");
    }
  }

  /** A mask is built as it is read, and no layer takes it for a value. */
  @Test
  void aMaskIsNoValue() {
    GraphBuilder g = new GraphBuilder();
    Value frames = g.input("frames", Shape.of(7, 5));
    Value mask = g.mask("there", 7);
    Value states = g.share(Gru.of(4)).applyUnder(List.of(mask), frames).getFirst();
    g.output(g.apply(Dense.of(2), states));
    assertThat(g.build().inputs().get(1).tellsMask()).isTrue();
    GraphBuilder other = new GraphBuilder();
    Value read = other.mask("there", 7);
    other.output(other.apply(Dense.of(2), read));
    assertThatThrownBy(other::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "a Dense reads input there, which tells the steps that count and is no value");
    assertThatThrownBy(() -> new Graph.Input("there", Shape.of(7, 2)).asMask())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be [steps], found [7, 2]");
  }
}
