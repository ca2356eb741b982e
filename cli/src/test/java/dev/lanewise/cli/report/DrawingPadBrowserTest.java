package dev.lanewise.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.cli.image.DigitPreparation;
import dev.lanewise.cli.image.PictureFile;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole pad in a real browser, Chromium or Chrome, where one is on PATH; elsewhere it is
 * skipped, unless {@code -Dlanewise.test.require.browser=true}. What its scripts compute, {@link
 * PageNetworkTest} sees in every build.
 */
class DrawingPadBrowserTest {
  private static final Shape DIGIT = Shape.of(28, 28);
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");

  @TempDir private Path folder;

  private static Path browser() {
    List<Path> found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
            .filter(Files::isExecutable)
            .toList();
    if (!Boolean.getBoolean("lanewise.test.require.browser")) {
      assumeFalse(found.isEmpty(), "none of " + NAMES + " is on PATH");
    }
    assertThat(found).as("one of " + NAMES + " on PATH").isNotEmpty();
    return found.getFirst();
  }

  private JsonObject drive(Model model, int width) throws IOException, InterruptedException {
    HtmlReportTest.Fixture fixture = HtmlReportTest.Fixture.make();
    Dataset training = Dataset.ofBytes(DIGIT, new byte[28 * 28], new int[1], 10);
    String page =
        HtmlReport.of(
            fixture.run(),
            new ClassFindings(fixture.answers()),
            fixture.samples(),
            DrawingPad.of(model, training));
    String driver = PagePart.text("drive-pad.js");
    Files.writeString(
        folder.resolve("report.html"),
        page.replace("</body>", "<script>" + driver + "</script></body>"));
    // A window may have a least width; a frame has none.
    Path frame =
        Files.writeString(
            folder.resolve("frame.html"),
            "<body><iframe id=\"f\" style=\"width:"
                + width
                + "px\" src=\"report.html\"></iframe><script>setTimeout(() => document.body.append("
                + "document.getElementById('f').contentDocument.getElementById('result')), 9000)"
                + "</script></body>");
    return JsonParser.parseString(result(frame)).getAsJsonObject();
  }

  private String result(Path page) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(browser().toString()));
    command.addAll(
        List.of("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"));
    command.addAll(List.of("--allow-file-access-from-files", "--virtual-time-budget=12000"));
    command.addAll(List.of("--user-data-dir=" + folder.resolve("profile"), "--dump-dom"));
    command.add(page.toUri().toString());
    Path output = folder.resolve("dom.html");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    String dom = Files.readString(output);
    String begin = "<pre id=\"result\">";
    assertThat(dom).as(Files.readString(folder.resolve("errors"))).contains(begin);
    int from = dom.indexOf(begin) + begin.length();
    return dom.substring(from, dom.indexOf("</pre>", from));
  }

  private static byte[] pixels(JsonObject state) {
    byte[] pixels = new byte[28 * 28];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = state.getAsJsonArray("pixels").get(i).getAsNumber().byteValue();
    }
    return pixels;
  }

  /** What the page says of the pixels that it shows is what the model says of them. */
  private void requirePredicted(Model model, JsonObject state) throws IOException {
    byte[] pixels = pixels(state);
    float[] expected = model.predict(Dataset.ofBytes(DIGIT, pixels, new int[1], 10), 1);
    List<Double> shares =
        state.getAsJsonArray("shares").asList().stream().map(JsonElement::getAsDouble).toList();
    for (int c = 0; c < expected.length; c++) {
      assertThat(shares.get(c)).as("class " + c).isCloseTo(expected[c], within(1e-5));
    }
    int likeliest = shares.indexOf(shares.stream().max(Double::compare).orElseThrow());
    assertThat(state.get("answer").getAsString()).startsWith("Its answer: " + likeliest + " (");

    String picture = state.get("picture").getAsString();
    byte[] png = Base64.getDecoder().decode(picture.substring(picture.indexOf(',') + 1));
    Path saved = Files.write(folder.resolve("digit.png"), png);
    assertThat(DigitPreparation.of(PictureFile.read(saved).grey()).pixels()).isEqualTo(pixels);
  }

  private static long ink(JsonObject state) {
    return state.getAsJsonArray("pixels").asList().stream().filter(p -> p.getAsInt() > 0).count();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 1400})
  void whatIsDrawnIsAnsweredAsPredictAnswers(int width) throws IOException, InterruptedException {
    try (Model model =
        Model.sequential(DIGIT, SimpleRnn.of(150), Dense.of(10, Activation.SOFTMAX))
            .withSeed(3)
            .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY)) {
      JsonObject result = drive(model, width);
      assertThat(result.get("width").getAsInt())
          .as("no wider than its window")
          .isLessThanOrEqualTo(width);
      for (String way : List.of("mouse", "touch", "keys", "watched")) {
        JsonObject state = result.getAsJsonObject(way);
        assertThat(ink(state)).as(way).isGreaterThan(40);
        requirePredicted(model, state);
      }
      for (String blank : List.of("start", "cleared", "deleted")) {
        JsonObject state = result.getAsJsonObject(blank);
        assertThat(ink(state)).as(blank).isZero();
        assertThat(state.get("answer").getAsString()).isEqualTo("Nothing is drawn yet.");
      }
      assertThat(pixels(result.getAsJsonObject("watched")))
          .isEqualTo(pixels(result.getAsJsonObject("keys")));
      assertThat(result.getAsJsonObject("half").get("answer").getAsString())
          .startsWith("After row 14: ");
      assertThat(result.getAsJsonObject("watching").get("row").getAsString()).isEqualTo("1");
      assertThat(result.get("kept").getAsInt()).as("keys that would scroll the page").isZero();
      assertThat(result.get("keptTab").getAsInt()).as("Tab leaves the field").isOne();
    }
  }
}
