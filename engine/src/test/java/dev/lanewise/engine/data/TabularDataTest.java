package dev.lanewise.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CSV files, and archives of arrays. */
class TabularDataTest {
  @TempDir Path folder;

  private Path csv(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content.replace('|', '\n'));
  }

  private Path archive(String without, float... labels) throws IOException {
    return archive(without, Shape.of(labels.length), labels);
  }

  private Path archive(String without, Shape shape, float... labels) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String part : new String[] {"train", "test"}) {
      members.put("x_" + part + ".npy", Npy.write(Shape.of(2, 3, 2), new float[12]));
      members.put("y_" + part + ".npy", Npy.write(shape, labels));
    }
    members.remove(without);
    return Files.write(folder.resolve("set.npz"), ZipWriter.bytes(members));
  }

  private static DataSplits read(Path archive) {
    return KerasNpz.read(archive, Reading.PLAIN);
  }

  @Test
  void kerassArchiveGivesBothSets() throws IOException {
    DataSplits data = read(archive("", 1, 4));
    assertThat(data.train().size()).isEqualTo(2);
    assertThat(data.train().sampleShape()).isEqualTo(Shape.of(3, 2));
    assertThat(data.test().classes()).isEqualTo(5);
  }

  @Test
  void asManyNumbersAsAModelHasOutputsAreTargets() throws IOException {
    Reading numbers = new Reading(Scaling.NONE, 3, 1, 1);
    DataSplits data = KerasNpz.read(archive("", 0.5f, -4), numbers);
    assertThat(data.train().target(1, 0)).isEqualTo(-4);
    Reading several = new Reading(Scaling.NONE, 3, 1, 3);
    assertThat(KerasNpz.read(archive("", 1, 2), several).train().label(1, 0)).isEqualTo(2);
    assertThatThrownBy(() -> KerasNpz.read(archive("", 1, 2, 3), several))
        .hasMessageContaining("y_train is [3], x_train has 2 samples; one label each is expected")
        .hasMessageContaining("expected, or 3 numbers");
    Reading steps = new Reading(Scaling.NONE, 3, 3, 9);
    assertThatThrownBy(() -> KerasNpz.read(archive("", 1, 2), steps))
        .hasMessageContaining("3 labels each are expected, or 9 numbers");
  }

  @Test
  void columnsOfLabelsAreRowsOfThem() throws IOException {
    assertThat(read(archive("", Shape.of(2, 1), 1, 4)).train().label(1, 0)).isEqualTo(4);
    Reading steps = new Reading(Scaling.NONE, 5, 3, 0);
    Path column = archive("", Shape.of(2, 3, 1), 1, 2, 3, 4, 3, 2);
    assertThat(KerasNpz.read(column, steps).train().label(1, 0)).isEqualTo(4);
    Path rows = archive("", Shape.of(2, 1, 3), 1, 2, 3, 4, 3, 2);
    assertThatThrownBy(() -> KerasNpz.read(rows, steps))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("y_train is [2, 1, 3]");
  }

  @Test
  void archivesThatAreOtherwiseAreRefused() throws IOException {
    assertThatThrownBy(() -> read(archive("y_test.npy", 1, 4)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("has no member y_test.npy");
    assertThatThrownBy(() -> read(archive("", 1, 2, 3)))
        .hasMessageContaining("y_train is [3], x_train has 2 samples");
    assertThatThrownBy(() -> read(archive("", 1, -2))).hasMessageContaining("label 1 is -2");
    Path text = Files.writeString(folder.resolve("text.npz"), "text");
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected a zip archive");
  }

  @Test
  void noTruncationEscapes() throws IOException {
    byte[] whole = Files.readAllBytes(archive("", 1, 4));
    for (int length = 0; length < whole.length; length++) {
      Path cut = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> read(cut)).isInstanceOf(FormatException.class);
    }
    String rows = "label,a,b|1,0.5,2|0,1,3";
    for (int length = 0; length < rows.length(); length++) {
      Path cut = csv("cut.csv", rows.substring(0, length));
      try {
        CsvFile.splits(cut, cut, Reading.PLAIN); // what is left may be a table by itself
      } catch (FormatException e) {
        assertThat(e.getMessage()).startsWith(cut.toString());
      }
    }
  }

  private static SampleFile samples(Path file, Shape sample) {
    return SampleFile.read(file, sample, Scaling.AUTO);
  }

  @Test
  void samplesToPredictAreTakenInTheModelsShape() throws IOException {
    Path array = folder.resolve("x.npy");
    Files.write(array, Npy.write(Shape.of(5, 3, 2), new float[30]));
    assertThat(samples(array, Shape.of(3, 2)).samples().size()).isEqualTo(5);
    Files.write(array, Npy.write(Shape.of(3, 2), new float[6]));
    assertThat(samples(array, Shape.of(3, 2)).samples().size()).isEqualTo(1);
    assertThatThrownBy(() -> samples(array, Shape.of(2, 3)))
        .hasMessageContaining("is [3, 2], the model takes samples of [2, 3]");
    Files.write(array, Npy.write(Shape.of(5, 6), new float[30]));
    assertThat(samples(array, Shape.of(3, 2)).samples().size()).isEqualTo(5);
    Files.write(array, Npy.write(Shape.of(6), new float[6]));
    assertThat(samples(array, Shape.of(3, 2)).samples().sampleShape()).isEqualTo(Shape.of(3, 2));
    Path rows = csv("x.csv", "1,2,3,4,5,6|0,0,0,0,0,0");
    assertThat(samples(rows, Shape.of(3, 2)).samples().size()).isEqualTo(2);
    assertThatThrownBy(() -> samples(rows, Shape.of(3, 3)))
        .hasMessageContaining("rows have 6 values");
    assertThatThrownBy(() -> samples(rows, Shape.of(5)))
        .hasMessageContaining("with a label? name its column label");
    assertThatThrownBy(() -> samples(folder.resolve("none.npy"), Shape.of(1)))
        .hasMessageEndingWith("no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "49492a0008000000; a TIFF picture",
        "524946461000000057454250; a RIFF file, such as a WebP picture",
        "504b0304; a zip archive, such as .npz",
        "894844460d0a1a0a; an HDF5 file",
        "0000001c66747970; a HEIC or AVIF picture",
        "312c322c330a; text",
      })
  void whatIsNoSampleIsToldByItsName(String bytes, String kind) throws IOException {
    Path file = Files.write(folder.resolve("x"), HexFormat.of().parseHex(bytes));
    assertThatThrownBy(() -> samples(file, Shape.of(28, 28)))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + ": is " + kind)
        .hasMessageContaining("tables named .csv");
  }

  @Test
  void plainRowsOfAnArchiveFillAModelsShape() throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String part : new String[] {"train", "test"}) {
      members.put("x_" + part + ".npy", Npy.write(Shape.of(2, 6), new float[12]));
      members.put("y_" + part + ".npy", Npy.write(Shape.of(2), new float[] {0, 1}));
    }
    Path file = Files.write(folder.resolve("rows.npz"), ZipWriter.bytes(members));
    DataSplits shaped = read(file).shapedFor(Shape.of(3, 2));
    assertThat(shaped.train().sampleShape()).isEqualTo(Shape.of(3, 2));
    assertThat(shaped.test().sampleShape()).isEqualTo(Shape.of(3, 2));
    assertThat(shaped.inferred()).endsWith("rows of 6 read as [3, 2]");
    assertThat(read(file).shapedFor(Shape.of(5)).train().sampleShape()).isEqualTo(Shape.of(6));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aDeviceWithoutAnEndIsNotRead() {
    Path endless = Path.of("/dev/zero");
    assertThatThrownBy(() -> CsvFile.splits(endless, endless, Reading.PLAIN))
        .isInstanceOf(FormatException.class)
        .hasMessage("/dev/zero: expected a file, found a device or a pipe");
  }
}
