package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.data.Npy;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What commands make of people's data, and what they say of it. */
class DataInputTest {
  @TempDir Path folder;

  private String out = "";
  private String err = "";

  private int run(Object... arguments) {
    String[] args = new String[arguments.length];
    for (int i = 0; i < args.length; i++) {
      args[i] = arguments[i].toString();
    }
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      CommandLine command = Lanewise.commandLine(args);
      command.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
      return Lanewise.execute(command, args);
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
      out = output.toString(StandardCharsets.UTF_8);
      err = errors.toString(StandardCharsets.UTF_8);
    }
  }

  private int train(Object data, String... options) {
    List<Object> all = new ArrayList<>(List.of("train", "--data", data, "--epochs=1"));
    all.addAll(List.of(options));
    return run(all.toArray());
  }

  private Path model(Shape input) {
    Path file = folder.resolve("model.keras");
    try (Model made =
        Model.sequential(input, SimpleRnn.of(3), Dense.of(4, Activation.SOFTMAX))
            .withSeed(2)
            .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY)) {
      KerasFile.write(SavedModel.of(made, LocalDateTime.of(2026, 1, 2, 3, 4, 5)), file);
    }
    return file;
  }

  private Path csv(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content.replace('|', '\n'));
  }

  private String labels(int... labels) {
    StringBuilder rows = new StringBuilder("label,a,b,c,d\n");
    for (int label : labels) {
      rows.append(label).append(",0,64,128,255\n");
    }
    return rows.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0 1 2 200; no training sample has label 3 to 199, which would be of 201 classes",
        "1 2 3; no training sample has label 0, which would be of 4 classes",
        "0 0; no training sample has label 1, which would be of 2 classes",
      })
  void labelsThatLeaveOneOutAreRefused(String labels, String message) throws IOException {
    int[] values = List.of(labels.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
    Path rows = csv("x.csv", labels(values));
    assertThat(train(rows + "," + rows, "--no-out")).isEqualTo(3);
    assertThat(err).contains(message).contains("--classes");
    String classes = Integer.toString(values[values.length - 1] + 2);
    assertThat(train(rows + "," + rows, "--no-out", "--classes", classes)).as(err).isZero();
    assertThat(train(rows + "," + rows, "--no-out", "--classes", "2"))
        .isEqualTo(labels.equals("0 0") ? 0 : 3);
  }

  @Test
  void theNumberOfClassesIsOfANewModelOnly() throws IOException {
    Path rows = csv("x.csv", labels(0, 3));
    Path model = model(Shape.of(2, 2));
    assertThat(train(rows + "," + rows, "--no-out", "--model", model.toString())).as(err).isZero();
    assertThat(train(rows + "," + rows, "--model", model.toString(), "--classes=9")).isEqualTo(2);
    assertThat(run("evaluate", model, "--data", rows + "," + rows)).as(err).isZero();
    Path other = csv("y.csv", labels(0, 1));
    assertThat(run("evaluate", model, "--data", other + "," + rows)).as(err).isZero();
    assertThat(run("show", "--data", rows + "," + rows)).as(err).isZero();
  }

  @Test
  void theReportOfManyClassesIsShort() throws IOException {
    Path rows = csv("x.csv", labels(0, 1, 2999));
    Path out = folder.resolve("out");
    assertThat(train(rows + "," + rows, "--out=" + out, "--classes=3000")).as(err).isZero();
    assertThat(Files.size(out.resolve("report.html"))).isLessThan(200_000);
  }

  @Test
  void whatWasInferredIsTold() throws IOException {
    Path rows = csv("x.csv", labels(0, 1));
    String line =
        "data: "
            + rows
            + ", "
            + rows
            + ": a header in line 1, column 1 is the label, rows of 4 values; labels 0 to 1; whole"
            + " numbers 0 to 255, divided by 255 as pixels; rows of 4 read as [2, 2]";
    assertThat(train(rows + "," + rows, "--no-out")).isZero();
    assertThat(err.lines()).contains(line);
    assertThat(train(rows + "," + rows, "--no-out", "--quiet")).isZero();
    assertThat(err).isEmpty();
    assertThat(run("evaluate", model(Shape.of(1, 4)), "--data", rows + "," + rows)).isZero();
    assertThat(err.strip()).isEqualTo(line.replace("[2, 2]", "[1, 4]"));
    Path samples = csv("y.csv", "0,64,128,255");
    assertThat(run("predict", model(Shape.of(2, 2)), samples, "--json")).isZero();
    assertThat(err.strip())
        .isEqualTo(
            samples
                + ": no header, rows of 4 values; whole numbers 0 to 255, divided by 255 as"
                + " pixels");
  }

  private String probabilities() {
    return JsonParser.parseString(out).getAsJsonObject().get("probabilities").toString();
  }

  @Test
  void pixelsAreTheSameFromATableAndFromAnArrayOfFloats() throws IOException {
    Path model = model(Shape.of(2, 2));
    Path array = folder.resolve("x.npy");
    Files.write(array, Npy.write(Shape.of(1, 2, 2), new float[] {0, 64, 128, 255}));
    assertThat(run("predict", model, array, "--json")).isZero();
    String pixels = probabilities();
    assertThat(run("predict", model, csv("x.csv", "0,64,128,255"), "--json")).isZero();
    assertThat(probabilities()).isEqualTo(pixels);
    assertThat(run("predict", model, array, "--json", "--scaling", "none")).isZero();
    assertThat(probabilities()).isNotEqualTo(pixels);
    Files.write(array, Npy.write(Shape.of(1, 4), new float[] {0, 64 / 255f, 128 / 255f, 1}));
    assertThat(run("predict", model, array, "--json")).isZero();
    assertThat(probabilities()).isEqualTo(pixels);
  }

  @Test
  void aGreyPictureIsTheSameAsInColourAndAsAnArray() throws IOException {
    Path model = model(Shape.of(28, 28));
    BufferedImage grey = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage colour = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
    float[] levels = new float[784];
    for (int i = 200; i < 600; i++) {
      int level = i % 28 < 4 || i % 28 > 23 ? 0 : i % 256;
      levels[i] = level;
      grey.getRaster().setSample(i % 28, i / 28, 0, level);
      colour.setRGB(i % 28, i / 28, level * 0x010101);
    }
    Path array = folder.resolve("x.npy");
    Files.write(array, Npy.write(Shape.of(28, 28), levels));
    assertThat(run("predict", model, array, "--json")).isZero();
    String expected = probabilities();
    for (String format : List.of("png", "bmp")) {
      for (BufferedImage image : List.of(grey, colour)) {
        Path picture = folder.resolve("x." + format);
        assertThat(ImageIO.write(image, format, picture.toFile())).isTrue();
        assertThat(run("predict", model, picture, "--json")).as(err).isZero();
        assertThat(out).contains("taken as it is");
        assertThat(probabilities()).isEqualTo(expected);
      }
    }
    Path picture = folder.resolve("x.png");
    assertThat(run("predict", model, picture, "--scaling", "none")).isEqualTo(3);
    assertThat(err).contains("a picture's levels are pixels");
  }

  @Test
  void plainRowsOfAnArchiveAreTrainedOnAsThoseOfATable() throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String part : List.of("train", "test")) {
      members.put(
          "x_" + part + ".npy", Npy.write(Shape.of(2, 4), new float[] {0, 9, 8, 255, 1, 2, 3, 4}));
      members.put("y_" + part + ".npy", Npy.write(Shape.of(2), new float[] {0, 1}));
    }
    Path archive = Files.write(folder.resolve("x.NPZ"), ZipWriter.bytes(members));
    assertThat(train(archive, "--no-out", "--quiet")).as(err).isZero();
    String byArchive = out;
    Path rows = csv("x.CSV", "0,0,9,8,255|1,1,2,3,4");
    assertThat(train(rows + "," + rows, "--no-out", "--quiet")).as(err).isZero();
    assertThat(out).isEqualTo(byArchive);
  }

  @Test
  void aPathMayHaveCommas() throws IOException {
    Path inside = Files.createDirectory(folder.resolve("a,b"));
    Files.writeString(inside.resolve("x,1.csv"), labels(0, 1));
    Files.writeString(inside.resolve("y.csv"), labels(1, 0));
    String both = inside.resolve("x,1.csv") + "," + inside.resolve("y.csv");
    Path kept = folder.resolve("kept");
    assertThat(train(both, "--out=" + kept)).as(err).isZero();
    assertThat(run("report", kept)).as(err).isZero();
    assertThat(train(inside.resolve("no,such.csv") + "," + both, "--no-out")).isEqualTo(2);
  }

  @Test
  void aReportScalesAsItsRunDid() throws IOException {
    Path rows = csv("x.csv", labels(0, 1, 0, 1).replace("1,0,64", "1,9,0"));
    Path kept = folder.resolve("kept");
    assertThat(train(rows + "," + rows, "--out=" + kept, "--scaling=none")).as(err).isZero();
    String page = Files.readString(kept.resolve("report.html"));
    assertThat(run("report", kept)).as(err).isZero();
    assertThat(Files.readString(kept.resolve("report.html"))).isEqualTo(page);
  }
}
