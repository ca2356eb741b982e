package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command but train, in this process. */
class CommandsTest {
  @TempDir Path folder;

  private Path model;
  private String out = "";
  private String err = "";

  @BeforeEach
  void writeAModel() {
    model = folder.resolve("model.keras");
    write(model, 28, 28, Activation.SOFTMAX);
  }

  private static void write(Path file, int steps, int features, Activation activation) {
    try (Model made =
        Model.sequential(Shape.of(steps, features), SimpleRnn.of(8), Dense.of(10, activation))
            .withSeed(2)
            .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY)) {
      KerasFile.write(SavedModel.of(made, LocalDateTime.of(2026, 1, 2, 3, 4, 5)), file);
    }
  }

  private int run(Object... arguments) {
    InProcess command = InProcess.run(arguments);
    out = command.out();
    err = command.err();
    return command.exit();
  }

  private JsonObject json() {
    return JsonParser.parseString(out).getAsJsonObject();
  }

  @Test
  void inspectSumsUpTheModel() {
    assertThat(run("inspect", model)).isZero();
    assertThat(out)
        .contains("simple_rnn (SimpleRNN)", "(None, 8)", "296", "(None, 10)", "90")
        .contains("parameters: 386 (1,544 bytes)", "Adam, learning rate 0.001", "2026-01-02");
    assertThat(run("inspect", model, "--json")).isZero();
    assertThat(json().get("parameters").getAsInt()).isEqualTo(386);
    assertThat(json().get("weights_sha256").getAsString()).matches("[0-9a-f]{64}");
  }

  @Test
  void evaluatePrintsLossAndMetrics() {
    assertThat(run("evaluate", model)).isZero();
    assertThat(out).matches("accuracy: 0\\.\\d{4}\nloss: \\d\\.\\d{4}\n");
    assertThat(run("evaluate", model, "--json", "--set", "test")).isZero();
    assertThat(json().get("samples").getAsInt()).isEqualTo(10_000);
  }

  @Test
  void predictSaysWhatWasDoneToAPicture() throws IOException {
    BufferedImage image = new BufferedImage(60, 80, BufferedImage.TYPE_BYTE_GRAY);
    image.createGraphics().fillRect(25, 10, 8, 60);
    Path picture = folder.resolve("one.png");
    ImageIO.write(image, "png", picture.toFile());
    assertThat(run("predict", model, picture)).isZero();
    assertThat(out).startsWith(picture + ": ").contains("scaled to 3 x 20, centred by mass");
    assertThat(run("predict", model, picture, "--json", "--top", "2")).isZero();
    assertThat(json().get("probabilities").getAsJsonArray()).hasSize(10);
    assertThat(json().get("preparation").getAsJsonArray()).hasSize(3);
  }

  @Test
  void aPictureIsKnownByItsContentToo() throws IOException {
    BufferedImage image = new BufferedImage(60, 80, BufferedImage.TYPE_BYTE_GRAY);
    image.createGraphics().fillRect(25, 10, 8, 60);
    for (String format : List.of("png", "jpeg", "gif")) {
      Path picture = folder.resolve("picture-of-" + format);
      ImageIO.write(image, format, picture.toFile());
      assertThat(run("predict", model, picture)).as(err).isZero();
      assertThat(out).contains("centred by mass");
    }
    Path noPicture = Files.createDirectory(folder.resolve("folder.png"));
    assertThat(run("predict", model, noPicture)).isEqualTo(3);
    assertThat(err).contains("expected a file, found a folder");
  }

  @Test
  void predictTakesRowsOfNumbers() throws IOException {
    Path small = folder.resolve("small.keras");
    write(small, 1, 3, Activation.LINEAR);
    Path rows = Files.writeString(folder.resolve("rows.csv"), "0.5,1,0\n0,-0.25,1\n");
    assertThat(run("predict", small, rows)).isZero();
    assertThat(out.lines()).hasSize(2).allMatch(line -> line.matches(".*\\[\\d\\]: \\[.*\\]"));
  }

  @Test
  void convertedWeightsAreTheModels() throws IOException {
    Path again = folder.resolve("again.keras");
    assertThat(run("convert", model, again)).isZero();
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(model));
    for (String name : List.of("m.onnx", "w.npz", "w.weights.h5")) {
      assertThat(run("convert", model, folder.resolve(name))).isZero();
      assertThat(folder.resolve(name)).isNotEmptyFile();
    }
    assertThat(KerasFile.readWeights(folder.resolve("w.weights.h5"), KerasFile.read(model).spec()))
        .hasSize(5);
    Path step = folder.resolve("step.onnx");
    assertThat(run("convert", model, step, "--step")).isZero();
    assertThat(new String(Files.readAllBytes(step), StandardCharsets.ISO_8859_1))
        .contains("layer0_h", "layer0_h_after");
    assertThat(run("convert", model, folder.resolve("step.npz"), "--step")).isEqualTo(2);
    assertThat(err).contains("--step is for .onnx alone");
    assertThat(run("convert", model, again)).isEqualTo(2);
    assertThat(err).contains("is there already; --force replaces it");
    assertThat(run("convert", model, again, "--force")).isZero();
    assertThat(run("convert", model, folder.resolve("m.pt"))).isEqualTo(2);
  }

  @Test
  void showDrawsTheFirstDigits() {
    assertThat(run("show", "--rows", "1", "--columns", "3")).isZero();
    assertThat(out.lines().findFirst().orElseThrow().strip().split(" +"))
        .containsExactly("5", "0", "4");
    Path picture = folder.resolve("grid.svg");
    assertThat(run("show", "--label", "7", "--out", picture)).isZero();
    assertThat(picture).content().contains(">7</text>").doesNotContain(">5</text>");
    assertThat(run("show", "--mistakes", model, "--rows", "1", "--columns", "2")).isZero();
    assertThat(out).contains(", predicted ");
  }

  @Test
  void plotOverlaysRuns() throws IOException {
    Path first =
        Files.writeString(folder.resolve("a.csv"), "epoch,accuracy,loss\n0,0.5,1.5\n1,0.75,0.5\n");
    Path second =
        Files.writeString(
            folder.resolve("b.json"), "{\"accuracy\": [0.25, 0.5], \"loss\": [2, 1]}");
    Path picture = folder.resolve("both.svg");
    assertThat(run("plot", first, second, "--out", picture)).isZero();
    assertThat(picture).content().contains("a.csv train set", "b.json train set");
  }

  @Test
  void doctorTellsWhatIsThereAndWhyNot() {
    assertThat(run("doctor", "--json")).isZero();
    assertThat(json().keySet())
        .contains("java", "vector_bits", "backend_cpu", "backend_cuda", "off-heap_budget");
    assertThat(json().get("training_speed").getAsString()).contains("GFLOP/s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "evaluate", "convert", "predict"})
  void aModelFileThatIsNoneEndsWithCode4(String command) throws IOException {
    Path none = Files.writeString(folder.resolve("none.keras"), "no model");
    int code =
        command.equals("convert")
            ? run(command, none, folder.resolve("x.onnx"))
            : command.equals("predict") ? run(command, none, "x.npy") : run(command, none);
    assertThat(code).isEqualTo(4);
    assertThat(err.lines()).singleElement().asString().contains("neither a zip nor an HDF5");
  }

  @Test
  void dataThatAreNotThereEndWithCode3() {
    assertThat(run("evaluate", model, "--data", folder.resolve("nowhere"))).isEqualTo(3);
    assertThat(run("show", "--data", "mnst")).isEqualTo(3);
    assertThat(err).contains("data sets mnist, fashion-mnist");
    assertThat(run("show", "--data", folder.resolve("x.npz"))).isEqualTo(3);
    assertThat(run("plot", folder.resolve("history.json"))).isEqualTo(3);
    assertThat(run("report", folder.resolve("no-run"))).isEqualTo(3);
    assertThat(run("predict", model, folder.resolve("none.png"))).isEqualTo(3);
    assertThat(err.lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "show, --rows, 0, --rows must be 1 to 10000",
    "show, --columns, 100000, --columns must be",
    "show, --offset, -1, --offset must be at least 0",
    "show, --label, 11, no sample is left",
    "show, --out, grid.bmp, --out must end with .png or .svg",
    "show, --set, valid, Invalid value for option '--set'",
  })
  void optionsThatMakeNoSenseEndWithCode2(String command, String option, String value, String m) {
    assertThat(run(command, option, value)).isEqualTo(2);
    assertThat(err).contains(m);
  }

  /** Several paths may follow --data, and an option that there is none of is no path. */
  @Test
  void anOptionBehindDataIsNoPath() {
    assertThat(run("train", "--no-out", "--data", "mnist", "--epoch", "1")).isEqualTo(2);
    assertThat(err).contains("Unknown option: '--epoch'").contains("--epochs");
    assertThat(run("train", "--no-out", "--data", "mnist", "--epoch=1")).isEqualTo(2);
    assertThat(err).contains("--epoch=1");
  }

  @Test
  void mistypedCommandsAndOptionsAreAnsweredWithSuggestions() {
    assertThat(run("evalute", model)).isEqualTo(2);
    assertThat(err).contains("Did you mean").contains("evaluate");
    assertThat(run("show", "--row", "3")).isEqualTo(2);
    assertThat(err).contains("--rows");
    assertThat(run("predict", model, "digits.npy", "--tpo=3")).isEqualTo(2);
    assertThat(err).contains("Is --top meant?");
    assertThat(run("show", "--nothing-like-it")).isEqualTo(2);
    assertThat(err).doesNotContain("meant?");
  }

  @Test
  void argumentsMayStandInAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("args"), "--rows 1\n--columns 2\n");
    assertThat(run("show", "@" + folder.resolve("none"))).isEqualTo(2);
    assertThat(err).contains("@" + folder.resolve("none") + ": no such file");
    assertThat(run("show", "@" + file)).isZero();
    assertThat(out.lines().findFirst().orElseThrow().strip().split(" +")).hasSize(2);
  }

  @Test
  void aConfigurationGivesDefaultsThatTheCommandLineOutweighs() throws IOException {
    Path file = Files.writeString(folder.resolve("c.properties"), "rows = 1\ncolumns = 4\n");
    assertThat(run("show", "--config", file, "--columns", "3")).isZero();
    assertThat(out.lines()).hasSize(1 + 14); // one row of titles and half blocks
    assertThat(out.lines().findFirst().orElseThrow().strip().split(" +")).hasSize(3);
    Files.writeString(file, "colums = 4\n");
    assertThat(run("show", "--config=" + file)).isEqualTo(2);
    assertThat(err).contains("sets colums").contains("is columns meant?");
    assertThat(run("show", "--config", folder.resolve("none"))).isEqualTo(2);
    assertThat(err).contains("none: no such file");
    assertThat(run("show", "--config")).isEqualTo(2);
    assertThat(err).contains("--config needs a FILE");
    Files.writeString(file, "rows = \\u00zz");
    assertThat(run("show", "--config", file)).isEqualTo(2);
    assertThat(err).contains("cannot be read as properties");
  }

  @Test
  void completionKnowsEveryCommand() {
    assertThat(run("generate-completion")).isZero();
    assertThat(out).contains("evaluate", "--checkpoint-every");
  }

  @Test
  void onlyTheNamedCommandIsBuilt() {
    assertThat(Lanewise.commandLine("train").getSubcommands()).containsOnlyKeys("train");
    assertThat(Lanewise.commandLine("trian").getSubcommands()).hasSize(11);
  }
}
