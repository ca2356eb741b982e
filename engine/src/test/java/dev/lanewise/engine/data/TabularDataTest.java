package dev.lanewise.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

  @Test
  void aLabelColumnIsFoundByItsName() throws IOException {
    Path train = csv("a.csv", "p0,p1,Label,p2,p3|0,128,1,255,0|1,2,0,3,4|");
    DataSplits data = CsvFile.splits(train, csv("b.csv", "p0,p1,label,p2,p3|0,0,1,0,1"));
    assertThat(data.train().sampleShape()).isEqualTo(Shape.of(2, 2));
    assertThat(data.train().classes()).isEqualTo(2);
    assertThat(data.train().label(0, 0)).isEqualTo(1);
    assertThat(data.train().floatFeatures()[1]).isEqualTo(128 / 255f);
    assertThat(data.test().floatFeatures()[3]).isEqualTo(1 / 255f); // pixels there, pixels here
  }

  @Test
  void withoutAHeaderTheFirstColumnIsTheLabel() throws IOException {
    Path train = csv("a.csv", "2,0.5,-1,3|0,1,0.25,0");
    DataSplits data = CsvFile.splits(train, train);
    assertThat(data.train().sampleShape()).isEqualTo(Shape.of(1, 3));
    assertThat(data.train().floatFeatures()).containsExactly(0.5f, -1, 3, 1, 0.25f, 0);
    assertThat(data.train().classes()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1,2,3|1,2; line 2 has 2 values, expected 3",
        "1,2,x3|1,2,3; no column named label",
        "label,a|1,2|1,two; line 3, column 2 is no number: 'two'",
        "label,a|1.5,2; line 2 has label 1.5",
        "label,a|-1,2; has label -1",
        "1,2|1,NaN; line 2, column 2 is no number",
        "1,2|1,1e99; is no number",
        "label,a; has no rows",
        "label|1; has 1 values",
      })
  void faultsAreToldByLine(String content, String message) throws IOException {
    Path file = csv("bad.csv", content.strip());
    assertThatThrownBy(() -> CsvFile.splits(file, file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("bad.csv")
        .hasMessageContaining(message);
  }

  private Path archive(String without, float... labels) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String part : new String[] {"train", "test"}) {
      members.put("x_" + part + ".npy", Npy.write(Shape.of(2, 3, 2), new float[12]));
      members.put("y_" + part + ".npy", Npy.write(Shape.of(labels.length), labels));
    }
    members.remove(without);
    return Files.write(folder.resolve("set.npz"), ZipWriter.bytes(members));
  }

  @Test
  void kerassArchiveGivesBothSets() throws IOException {
    DataSplits data = KerasNpz.read(archive("", 1, 4));
    assertThat(data.train().size()).isEqualTo(2);
    assertThat(data.train().sampleShape()).isEqualTo(Shape.of(3, 2));
    assertThat(data.test().classes()).isEqualTo(5);
  }

  @Test
  void archivesThatAreOtherwiseAreRefused() throws IOException {
    assertThatThrownBy(() -> KerasNpz.read(archive("y_test.npy", 1, 4)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("has no member y_test.npy");
    assertThatThrownBy(() -> KerasNpz.read(archive("", 1, 2, 3)))
        .hasMessageContaining("y_train is [3], x_train has 2 samples");
    assertThatThrownBy(() -> KerasNpz.read(archive("", 1, -2)))
        .hasMessageContaining("label 1 is -2");
    Path text = Files.writeString(folder.resolve("text.npz"), "text");
    assertThatThrownBy(() -> KerasNpz.read(text))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected a zip archive");
  }

  @Test
  void noTruncationEscapes() throws IOException {
    byte[] whole = Files.readAllBytes(archive("", 1, 4));
    for (int length = 0; length < whole.length; length++) {
      Path cut = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> KerasNpz.read(cut)).isInstanceOf(FormatException.class);
    }
    String rows = "label,a,b|1,0.5,2|0,1,3";
    for (int length = 0; length < rows.length(); length++) {
      Path cut = csv("cut.csv", rows.substring(0, length));
      try {
        CsvFile.splits(cut, cut); // what is left may be a table by itself
      } catch (FormatException e) {
        assertThat(e.getMessage()).startsWith(cut.toString());
      }
    }
  }

  @Test
  void samplesToPredictAreTakenInTheModelsShape() throws IOException {
    Path array = folder.resolve("x.npy");
    Files.write(array, Npy.write(Shape.of(5, 3, 2), new float[30]));
    assertThat(SampleFile.read(array, Shape.of(3, 2)).size()).isEqualTo(5);
    Files.write(array, Npy.write(Shape.of(3, 2), new float[6]));
    assertThat(SampleFile.read(array, Shape.of(3, 2)).size()).isEqualTo(1);
    assertThatThrownBy(() -> SampleFile.read(array, Shape.of(2, 3)))
        .hasMessageContaining("is [3, 2], the model takes samples of [2, 3]");
    Path rows = csv("x.csv", "1,2,3,4,5,6|0,0,0,0,0,0");
    assertThat(SampleFile.read(rows, Shape.of(3, 2)).size()).isEqualTo(2);
    assertThatThrownBy(() -> SampleFile.read(rows, Shape.of(3, 3)))
        .hasMessageContaining("rows have 6 values");
    assertThatThrownBy(() -> SampleFile.read(folder.resolve("none.npy"), Shape.of(1)))
        .hasMessageEndingWith("no such file");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aDeviceWithoutAnEndIsNotRead() {
    Path endless = Path.of("/dev/zero");
    assertThatThrownBy(() -> CsvFile.splits(endless, endless))
        .isInstanceOf(FormatException.class)
        .hasMessage("/dev/zero: expected a file, found a device or a pipe");
  }
}
