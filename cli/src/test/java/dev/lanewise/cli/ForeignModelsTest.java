package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import dev.lanewise.cli.tell.JsonText;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Npy;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on models that somebody else made. */
class ForeignModelsTest {
  private static final String STEERING = "\u001b]0;x\u0007\u009b31m\r\n\u202e";

  @TempDir Path folder;

  private Path file;
  private Path digits;
  private SavedModel sound;

  @BeforeEach
  void makeAModel() throws IOException {
    file = folder.resolve("model.keras");
    digits = folder.resolve("x.npy");
    Files.write(digits, Npy.write(Shape.of(2, 28, 28), new float[2 * 784]));
    try (Model model =
        Model.sequential(Shape.of(28, 28), SimpleRnn.of(3), Dense.of(10, Activation.SOFTMAX))
            .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY)) {
      sound = SavedModel.of(model, LocalDateTime.of(2026, 1, 2, 3, 4, 5));
    }
  }

  private void write(String name, Parameters parameters) {
    SavedModel model =
        new SavedModel(
            name,
            sound.input(),
            "input" + name,
            List.of(
                new SavedModel.NamedLayer("rnn" + name, sound.layers().get(0).layer()),
                new SavedModel.NamedLayer("dense" + name, sound.layers().get(1).layer())),
            sound.objective(),
            sound.optimizer(),
            sound.obstacles(),
            parameters,
            new SavedModel.Origin("3.16.0" + name, "then" + name));
    KerasFile.write(model, file);
  }

  private void writeWith(String from, String to) throws IOException {
    write("m", sound.parameters());
    ZipArchive archive = ZipArchive.of(Files.readAllBytes(file), "model");
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String name : archive.names()) {
      members.put(name, archive.read(name, 100));
    }
    String config = new String(members.get("config.json"), StandardCharsets.UTF_8);
    assertThat(config).contains(from);
    members.put("config.json", config.replace(from, to).getBytes(StandardCharsets.UTF_8));
    Files.write(file, ZipWriter.bytes(members));
  }

  private static JsonObject strict(String json) {
    JsonReader reader = new JsonReader(new StringReader(json));
    reader.setStrictness(Strictness.STRICT);
    return JsonParser.parseReader(reader).getAsJsonObject();
  }

  private static void steersNothing(String text) {
    assertThat(text.codePoints().filter(c -> c != '\n'))
        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
  }

  @Test
  void namesAreTextOnATerminal() throws IOException {
    write(STEERING, sound.parameters());
    InProcess table = InProcess.run("inspect", file);
    assertThat(table.exit()).isZero();
    assertThat(table.out())
        .contains("rnn\\u001b]0;x\\u0007\\u009b31m\\u000d\\u000a\\u202e (Simple");
    steersNothing(table.out());
    InProcess json = InProcess.run("inspect", file, "--json");
    steersNothing(json.out());
    assertThat(strict(json.out()).get("name").getAsString()).isEqualTo(STEERING);
    writeWith("\"SimpleRNN\"", "\"\\u001b[31m\\u009b2J\"");
    InProcess refused = InProcess.run("inspect", file);
    assertThat(refused.exit()).isEqualTo(4);
    assertThat(refused.err()).contains("(\\u001b[31m\\u009b2J)");
    steersNothing(refused.err());
    steersNothing(InProcess.run("inspect", folder.resolve("\u001b[31m")).err());
    steersNothing(InProcess.run("inspect", file, "--\u001b[31m").err());
  }

  /** As the layer in front of Keras's model would take them, of which the model here takes ids. */
  @Test
  void textsAreAnsweredLineByLine() throws IOException {
    float[] ids = {2, 3, 1, 4, 0, 0};
    Path words = folder.resolve("words.keras");
    try (Model model =
        Model.sequential(Shape.of(3), Embedding.of(5, 2), Lstm.of(2))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      KerasFile.write(SavedModel.of(model, LocalDateTime.now()), words);
    }
    ZipArchive archive = ZipArchive.of(Files.readAllBytes(words), "model");
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String name : archive.names()) {
      members.put(name, archive.read(name, 100));
    }
    JsonObject config =
        JsonParser.parseString(new String(members.get("config.json"), StandardCharsets.UTF_8))
            .getAsJsonObject();
    config
        .getAsJsonObject("config")
        .getAsJsonArray("layers")
        .set(
            0,
            JsonParser.parseString(
                "{'class_name':'TextVectorization','config':{'name':'text','split':'whitespace',"
                    + "'standardize':'lower','output_mode':'int','output_sequence_length':3,"
                    + "'vocabulary':['good','bad','film']}}"));
    members.put("config.json", config.toString().getBytes(StandardCharsets.UTF_8));
    Files.write(file, ZipWriter.bytes(members));
    Path texts = folder.resolve("texts.txt");
    Files.writeString(texts, "Good bad words\nFILM\n");
    Path tokens = folder.resolve("tokens.npy");
    Files.write(tokens, Npy.write(Shape.of(2, 3), ids));
    InProcess run = InProcess.run("predict", file, texts);
    assertThat(run.out().lines().map(line -> line.replaceFirst(".*: ", "")))
        .containsExactlyElementsOf(
            InProcess.run("predict", words, tokens)
                .out()
                .lines()
                .map(line -> line.replaceFirst(".*: ", ""))
                .toList())
        .hasSize(2);
    InProcess none = InProcess.run("predict", words, texts);
    assertThat(none.exit()).isEqualTo(4);
    assertThat(none.err()).contains("has no TextVectorization in front of the model");
    Files.writeString(texts, "\n");
    assertThat(InProcess.run("predict", file, texts).err())
        .contains("texts.txt: has no text with a token");
    Files.write(texts, new byte[] {(byte) 0xff});
    assertThat(InProcess.run("predict", file, texts).err()).contains("is not UTF-8");
  }

  /** As Keras's model.to_json() and save_weights() leave it. */
  @Test
  void aModelInTwoFilesIsConvertedToOne() throws IOException {
    write("m", sound.parameters());
    Path json = folder.resolve("model.json");
    Path weights = folder.resolve("model.weights.h5");
    Path whole = folder.resolve("whole.keras");
    ZipArchive archive = ZipArchive.of(Files.readAllBytes(file), "model");
    Files.write(json, archive.read("config.json", 100));
    assertThat(InProcess.run("convert", file, weights).exit()).isZero();
    InProcess run = InProcess.run("convert", json, whole, "--weights", weights);
    assertThat(run.exit()).isZero();
    assertThat(InProcess.run("predict", whole, digits).out())
        .isEqualTo(InProcess.run("predict", file, digits).out())
        .isNotEmpty();
    assertThat(InProcess.run("convert", json, folder.resolve("no.keras")).exit()).isEqualTo(4);
  }

  @Test
  void weightsThatAreNoNumbersAnswerNothing() {
    sound.parameters().values().get(1)[2] = Float.NaN;
    write("m", sound.parameters());
    List<InProcess> runs =
        List.of(
            InProcess.run("predict", file, digits),
            InProcess.run("predict", file, digits, "--json"),
            InProcess.run("evaluate", file, "--json"),
            InProcess.run("show", "--mistakes", file),
            InProcess.run("convert", file, folder.resolve("m.onnx")),
            InProcess.run("convert", file, folder.resolve("m.npz")));
    for (InProcess run : runs) {
      assertThat(run.exit()).isEqualTo(4);
      assertThat(run.out()).isEmpty();
      assertThat(run.err().lines())
          .singleElement()
          .asString()
          .contains("model.keras: layer rnnm: recurrent_kernel has values that are NaN");
    }
    assertThat(folder.resolve("m.onnx")).doesNotExist();
    assertThat(InProcess.run("inspect", file).out()).contains("answers nothing: layer rnnm");
    assertThat(strict(InProcess.run("inspect", file, "--json").out()).get("finite").getAsBoolean())
        .isFalse();
  }

  @Test
  void anAnswerThatOverflowsIsNoClass() throws IOException {
    Arrays.fill(sound.parameters().values().get(3), Float.MAX_VALUE);
    Arrays.fill(sound.parameters().values().get(2), 1);
    write("m", sound.parameters());
    for (String option : new String[] {"--json", "--top=1"}) {
      InProcess run = InProcess.run("predict", file, digits, option);
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains("x.npy[0]: the answer of").contains("is no number");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"loss\":\"categorical_crossentropy\" | \"loss\":\"tversky\" |"
            + " loss tversky is not supported",
        "\"loss_weights\":null | \"loss_weights\":[1,2] | key loss_weights",
        "\"kernel_regularizer\":null | \"kernel_regularizer\":{\"l2\":1} | key kernel_regularizer",
      })
  void evaluateComputesTheModelsLossOrNone(String from, String to, String reason)
      throws IOException {
    writeWith(from.strip(), to.strip());
    InProcess run = InProcess.run("evaluate", file);
    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("its loss cannot be computed here").contains(reason.strip());
    assertThat(InProcess.run("inspect", file).out()).contains("predicts only: ");
    assertThat(InProcess.run("predict", file, digits).exit()).isZero();
  }

  @Test
  void evaluateNamesALossThatTheFileDoesNot() throws IOException {
    writeWith("\"optimizer\":", "\"optimizers\":"); // an optimizer's matter alone
    assertThat(InProcess.run("evaluate", file).exit()).isEqualTo(4);
    SavedModel bare =
        new SavedModel(
            "bare",
            sound.input(),
            "i",
            sound.layers(),
            null,
            null,
            List.of(),
            sound.parameters(),
            sound.origin());
    KerasFile.write(bare, file);
    InProcess run = InProcess.run("evaluate", file);
    assertThat(run.exit()).isZero();
    assertThat(run.err()).contains("was never compiled; the loss is categorical_crossentropy");
  }

  @Test
  void metricsThatAreNotReportedAreNamed() throws IOException {
    writeWith("\"metrics\":[\"accuracy\"]", "\"metrics\":[\"accuracy\",\"f1_score\"]");
    assertThat(InProcess.run("evaluate", file).err())
        .contains("metrics not supported and not reported: f1_score");
    assertThat(InProcess.run("convert", file, folder.resolve("again.keras")).err())
        .contains("metrics not supported and not written: f1_score");
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000_000, 1 << 24})
  void stepsWithoutEndCostNothingToLookAt(int steps) throws IOException {
    writeWith("\"batch_shape\":[null,28,28]", "\"batch_shape\":[null," + steps + ",28]");
    InProcess run = InProcess.run("inspect", file, "--json");
    assertThat(run.exit()).isZero();
    assertThat(strict(run.out()).get("plan_bytes").getAsLong()).isGreaterThan(steps * 1000L);
  }

  @Test
  void whatIsNoNumberIsNullInJson() {
    JsonObject object = new JsonObject();
    object.addProperty("a", Double.NaN);
    object.addProperty("b", Float.NEGATIVE_INFINITY);
    object.addProperty("c\u009b", 0.5f);
    assertThat(JsonText.of(object)).isEqualTo("{\"a\":null,\"b\":null,\"c\\u009b\":0.5}");
  }
}
