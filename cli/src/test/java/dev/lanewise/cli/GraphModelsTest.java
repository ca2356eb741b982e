package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.JoinedInputs;
import dev.lanewise.engine.data.Npy;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of several inputs and outputs. */
class GraphModelsTest {
  private static final Shape WORDS = Shape.of(3, 2);
  private static final Shape DATE = Shape.of(4);
  private static final float[] WORD_VALUES = {1, -2, 3, 0.5f, 7, 300, 0, 1, 2, 3, 4, 5};
  private static final float[] DATE_VALUES = {1, 2, 3, 4, -1, -2, -3, -4};

  @TempDir Path folder;

  private Path model;
  private Path words;
  private Path date;
  private float[] expected = {};

  @BeforeEach
  void writeAModelAndItsInputs() throws IOException {
    model = folder.resolve("model.keras");
    words = folder.resolve("words.npy");
    date = folder.resolve("date.npy");
    Files.write(words, Npy.write(Shape.of(2, 3, 2), WORD_VALUES));
    Files.write(date, Npy.write(Shape.of(2, 4), DATE_VALUES));
    try (Model made =
        Model.graph(
                g -> {
                  var w = g.input("words", WORDS);
                  var d = g.input("date", DATE);
                  var states = g.apply(Lstm.of(5).returningSequences(), w);
                  var tags = g.apply(Dense.of(2), states);
                  var both = g.apply(Concatenate.FEATURES, g.apply(Lstm.of(4), states), d);
                  g.output(tags, g.apply(Dense.of(3), both));
                })
            .withSeed(2)
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      KerasFile.write(SavedModel.of(made, LocalDateTime.of(2026, 1, 2, 3, 4, 5)), model);
      List<Shape> shapes = List.of(WORDS, DATE);
      float[] x = JoinedInputs.of(shapes, List.of(WORD_VALUES, DATE_VALUES));
      expected = made.predict(Dataset.of(shapes, x, new int[2], 1), 2);
    }
  }

  @Test
  void predictTakesAFileAnInputAndKeepsTheAnswersShapes() {
    InProcess run =
        InProcess.run(
            "predict", model, "--json", "--input", "date=" + date, "--input", "words=" + words);
    assertThat(run.err()).isEmpty();
    String[] lines = run.out().split("\n", -1);
    assertThat(lines).hasSize(3);
    JsonObject second = JsonParser.parseString(lines[1]).getAsJsonObject();
    assertThat(second.get("index").getAsInt()).isEqualTo(1);
    JsonObject outputs = second.getAsJsonObject("outputs");
    assertThat(outputs.getAsJsonArray("dense")).hasSize(3);
    assertThat(outputs.getAsJsonArray("dense").get(2).getAsJsonArray().get(1).getAsFloat())
        .isEqualTo(expected[9 + 5]);
    assertThat(outputs.getAsJsonArray("dense_1").get(0).getAsFloat()).isEqualTo(expected[9 + 6]);
  }

  @Test
  void predictWritesAnArrayAnOutput() {
    Path to = folder.resolve("answers");
    InProcess run =
        InProcess.run(
            "predict", model, "--input", "date=" + date, "--input", "words=" + words, "--out", to);
    assertThat(run.exit()).isZero();
    Npy tags = Npy.read(to.resolve("dense.npy"));
    assertThat(tags.sizes()).containsExactly(2, 3, 2);
    assertThat(tags.floats()[11]).isEqualTo(expected[9 + 5]);
    assertThat(Npy.read(to.resolve("dense_1.npy")).sizes()).containsExactly(2, 3);
  }

  @Test
  void whatDoesNotFitIsToldByInput() throws IOException {
    Path one = folder.resolve("one.npy");
    Files.write(one, Npy.write(Shape.of(1, 4), new float[4]));
    refused("words is missing", "--input", "date=" + date);
    refused("NAME being one of words, date", "--input", words, "--input", "date=" + date);
    refused("takes samples of [3, 2]", "--input", "words=" + date, "--input", "date=" + date);
    refused("has 1 samples", "--input", "words=" + words, "--input", "date=" + one);
    refused("is given twice", "--input", "words=" + words, "--input", "words=" + words);
    refused(
        "name a folder",
        "--input",
        "words=" + words,
        "--input",
        "date=" + date,
        "--out",
        folder.resolve("y.npy"));
  }

  private void refused(String message, Object... options) {
    Object[] all = new Object[options.length + 2];
    all[0] = "predict";
    all[1] = model;
    System.arraycopy(options, 0, all, 2, options.length);
    InProcess run = InProcess.run(all);
    assertThat(run.exit()).as(run.err()).isEqualTo(3);
    assertThat(run.err()).contains(message);
    assertThat(run.err().strip()).doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "evaluate, the data are",
    "train --model, the data are",
    "show --mistakes, has 2 outputs"
  })
  void dataOfOneInputAreRefusedInOneLine(String command, String reason) {
    Object[] arguments = (command + " " + model).split(" ", -1);
    InProcess run = InProcess.run(arguments);
    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.err().strip()).contains(reason).doesNotContain("\n");
  }

  /** What is y0_train and y1_train trains two outputs, each of which is told by its name. */
  @Test
  void trainAndEvaluateTakeArchivesOfSeveralOutputs() {
    Path data = archive(Map.of("y0", Shape.of(2, 3, 2), "y1", Shape.of(2, 3)));
    Path run = folder.resolve("outputs");
    InProcess trained =
        InProcess.run(
            "train",
            "--model",
            model,
            "--data",
            data,
            "--epochs",
            3,
            "--batch-size",
            1,
            "--early-stopping",
            9,
            "--monitor",
            "dense_1_loss",
            "--checkpoint-every",
            1,
            "--validation-split",
            0,
            "--out",
            run);
    assertThat(trained.exit()).as(trained.err()).isZero();
    assertThat(run.resolve("history.csv")).content().contains("dense_1_loss,dense_loss,loss");
    assertThat(run.resolve("report.html")).content().contains("test dense_1_loss");
    InProcess judged = InProcess.run("evaluate", run.resolve("model.keras"), "--data", data);
    assertThat(judged.exit()).as(judged.err()).isZero();
    assertThat(judged.out()).contains("dense_1_loss: ", "dense_loss: ");
    InProcess again = InProcess.run("report", run);
    assertThat(again.exit()).as(again.err()).isZero();
  }

  @Test
  void targetsOfOtherOutputsAreRefusedInOneLine() {
    Path fewer = archive(Map.of("y0", Shape.of(2, 3, 2)));
    InProcess run = InProcess.run("evaluate", model, "--data", fewer);
    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.err()).contains("has 2 outputs, the data have targets of 1");
    Path more =
        archive(Map.of("y0", Shape.of(2, 3, 2), "y1", Shape.of(2, 3), "y2", Shape.of(2, 3)));
    InProcess other = InProcess.run("evaluate", model, "--data", more);
    assertThat(other.exit()).isEqualTo(3);
    assertThat(other.err()).contains("has y2_train, the model has 2 outputs");
  }

  private Path archive(Map<String, Shape> targets) {
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String part : List.of("train", "test")) {
      members.put("x0_" + part + ".npy", Npy.write(Shape.of(2, 3, 2), WORD_VALUES));
      members.put("x1_" + part + ".npy", Npy.write(Shape.of(2, 4), DATE_VALUES));
      targets.forEach(
          (name, shape) -> {
            float[] values = new float[Math.toIntExact(shape.elementCount())];
            values[1] = -300;
            members.put(name + "_" + part + ".npy", Npy.write(shape, values));
          });
    }
    Path data = folder.resolve("outputs.npz");
    AtomicFile.replace(data, ZipWriter.bytes(members));
    return data;
  }

  /** What is x0_train and x1_train in an archive trains a model of two inputs, and judges it. */
  @Test
  void trainAndEvaluateTakeArchivesOfSeveralInputs() {
    Path two = folder.resolve("two.keras");
    try (Model made =
        Model.graph(
                g -> {
                  var w = g.apply(Lstm.of(5), g.input("words", WORDS));
                  var both = g.apply(Concatenate.FEATURES, w, g.input("date", DATE));
                  g.output(g.apply(Dense.of(1), both));
                })
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      KerasFile.write(SavedModel.of(made, LocalDateTime.of(2026, 1, 2, 3, 4, 5)), two);
    }
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String part : List.of("train", "test")) {
      members.put("x0_" + part + ".npy", Npy.write(Shape.of(2, 3, 2), WORD_VALUES));
      members.put("x1_" + part + ".npy", Npy.write(Shape.of(2, 4), DATE_VALUES));
      members.put("y_" + part + ".npy", Npy.write(Shape.of(2), new float[] {0.5f, -300}));
    }
    Path data = folder.resolve("data.npz");
    AtomicFile.replace(data, ZipWriter.bytes(members));
    Path run = folder.resolve("run");
    InProcess trained =
        InProcess.run(
            "train",
            "--model",
            two,
            "--data",
            data,
            "--epochs",
            3,
            "--batch-size",
            2,
            "--validation-split",
            0,
            "--out",
            run);
    assertThat(trained.exit()).as(trained.err()).isZero();
    InProcess judged = InProcess.run("evaluate", run.resolve("model.keras"), "--data", data);
    assertThat(judged.exit()).as(judged.err()).isZero();
    assertThat(judged.out()).contains("loss: ");
    assertThat(judged.err()).contains("taken as they are");
  }

  @Test
  void graphsAreWrittenAsOnnxOrRefusedInOneLine() throws IOException {
    Path onnx = folder.resolve("model.onnx");
    assertThat(InProcess.run("convert", model, onnx).exit()).isZero();
    assertThat(onnx).isNotEmptyFile();
    Path product = folder.resolve("product.keras");
    try (Model made =
        Model.graph(
            g -> {
              var picture = g.input("a", Shape.of(3, 4, 2));
              var weights = g.apply(Dense.of(2), g.input("b", Shape.of(3)));
              g.output(g.apply(new Dot(3, 1, false), picture, weights));
            })) {
      made.compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
      KerasFile.write(SavedModel.of(made, LocalDateTime.of(2026, 1, 2, 3, 4, 5)), product);
    }
    InProcess run = InProcess.run("convert", product, folder.resolve("product.onnx"));
    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.err().strip())
        .contains("product.keras: onnx: ")
        .contains("a Dot of more than [steps, features] is not exported yet")
        .doesNotContain("\n");
  }

  @Test
  void inspectSaysAllInputs() {
    InProcess run = InProcess.run("inspect", model);
    assertThat(run.exit()).isZero();
    assertThat(run.out()).contains("input (None, 3, 2), (None, 4)", "concatenate (Concatenate)");
  }
}
