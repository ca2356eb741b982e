package dev.lanewise.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables as people's programs write them: read whole, or refused by line and column. */
class CsvFileTest {
  private static final String PLAIN = "label,a,b\n1,0.5,-2\n0,3,4\n";

  @TempDir Path folder;

  /** Writes a file; a bar stands for a line's end, an underscore for a blank. */
  private Path csv(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content.replace('|', '\n').replace('_', ' '));
  }

  private static DataSplits splits(Path train, Path test) {
    return CsvFile.splits(train, test, Reading.PLAIN);
  }

  private static SampleFile samples(Path file, int width) {
    return SampleFile.read(file, Shape.of(width), Scaling.AUTO);
  }

  @Test
  void theLabelsOfAModelOfNumbersAreNumbers() throws IOException {
    Path train = csv("a.csv", "a,label|1,-0.5|2,1e3|");
    Path test = csv("b.csv", "a,label|1,7|");
    Reading numbers = new Reading(Scaling.NONE, 1, 1, 1);
    DataSplits data = CsvFile.splits(train, test, numbers);
    assertThat(data.train().hasLabels()).isFalse();
    assertThat(data.train().target(0, 0)).isEqualTo(-0.5f);
    assertThat(data.train().target(1, 0)).isEqualTo(1000);
    assertThat(data.test().target(0, 0)).isEqualTo(7);
    assertThat(data.inferred()).contains("targets -0.5 to 1000.0");
    assertThatThrownBy(() -> splits(train, test))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("has label '-0.5'");
  }

  @Test
  void aLabelColumnIsFoundByItsName() throws IOException {
    Path train = csv("a.csv", "p0,p1,Label,p2,p3|0,128,1,255,0|1,2,0,3,4|");
    DataSplits data = splits(train, csv("b.csv", "p0,p1,label,p2,p3|0,0,1,0,1"));
    assertThat(data.train().sampleShape()).isEqualTo(Shape.of(4));
    assertThat(data.train().classes()).isEqualTo(2);
    assertThat(data.train().label(0, 0)).isEqualTo(1);
    assertThat(data.train().byteFeatures()[1]).isEqualTo((byte) 128);
    assertThat(data.test().byteFeatures()[3]).isEqualTo((byte) 1); // pixels there, pixels here
    assertThat(data.inferred())
        .isEqualTo(
            train
                + ", "
                + folder.resolve("b.csv")
                + ": a header in line 1, column 3 is the label, rows of 4 values; labels 0 to 1;"
                + " whole numbers 0 to 255, divided by 255 as pixels");
  }

  @Test
  void withoutAHeaderTheFirstColumnIsTheLabel() throws IOException {
    Path train = csv("a.csv", "2,0.5,-1,3|0,1,0.25,0");
    DataSplits data = splits(train, train);
    assertThat(data.train().sampleShape()).isEqualTo(Shape.of(3));
    assertThat(data.train().floatFeatures()).containsExactly(0.5f, -1, 3, 1, 0.25f, 0);
    assertThat(data.train().classes()).isEqualTo(3);
    assertThat(data.inferred()).contains("no header, the first column is the label");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1,2,3|1,2; line 2 has 2 values, expected 3",
        "1,2,x3|1,2,3; line 1, column 3 is no number: 'x3'",
        "a,b|1,2; no column named label in its first line, which begins with 'a'",
        "label,a|1,2|1,two; line 3, column 2 is no number: 'two'",
        "label,a|1.5,2; line 2, column 1 has label '1.5'",
        "label,a|-1,2; has label '-1'",
        "label,a|9999999999,2; has label '9999999999'",
        "1,2|1,NaN; line 2, column 2 is no number",
        "1,2|1,1e99; is no number",
        "1,2|1,1d; is no number: '1d'",
        "1,2|1,0x1p3; is no number",
        "1,2|1,; line 2, column 2 is no number: ''",
        "label,a; has no rows",
        "label|1; no column beside the label",
        "p0,p1,p2,p3,label|0,1,2,3; line 2 has 4 values, the header names 5",
        "label,a|1,2,3; line 2 has 3 values, the header names 2",
        ",,label,|0,1; line 1, column 1 has no name; pandas's index?",
        "Unnamed: 0,a,label|0,1,0; column 1 has no name",
        "label,a,LABEL|0,1,0; column 3 is named label, as one before it is",
        "0,1,2,3,4|0,5,6,7,8; line 1 counts 0, 1, 2, ... as a header without names does",
        "1,2|1_2,3; told apart by commas, semicolons or tabs, not by blanks",
        "1,\"2|3; a quote in line 1 is never closed",
        "1,\"2\"3|; line 1, column 2 goes on after its closing quote",
      })
  void faultsAreToldByLine(String content, String message) throws IOException {
    Path file = csv("bad.csv", content.strip());
    assertThatThrownBy(() -> splits(file, file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("bad.csv")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label,a,b|1,0.5,-2|0,3,4",
        "\uFEFFlabel,a,b|1,0.5,-2|0,3,4",
        "\"label\",\"a\",\"b\"|\"1\",\"0.5\",\"-2\"|0,3,4|",
        "\uFEFF\"label\",a,b|1,_\"0.5\"_,-2|0,\"_3\",4|",
        "label;a;b|1;0.5;-2|0;3;4",
        "label\ta\tb|1\t0.5\t-2|0\t3\t4",
        "sep=;|label;a;b|1;0.5;-2|0;3;4",
        "label,\"a, or\"\"x\"\"|more\",b|1,0.5,-2|0,3,4",
        "label,a,b\r1,0.5,-2\r0,3,4\r",
        "label,a,b\r\r\n1,0.5,-2\r\r\n0,3,4\r\r\n",
        "_label_,_a,b|_1,+0.5,-2.0|0,3e0,.4E1||",
      })
  void whatSpreadsheetsAndPandasWriteIsRead(String content) throws IOException {
    Path file = csv("x.csv", content);
    DataSplits data = splits(file, file);
    assertThat(data.train().floatFeatures()).containsExactly(0.5f, -2, 3, 4);
    assertThat(data.train().label(0, 0)).isEqualTo(1);
    assertThat(data.train().label(1, 0)).isZero();
  }

  @Test
  void sixteenBitTextIsReadByItsMark() throws IOException {
    for (Charset marked :
        new Charset[] {StandardCharsets.UTF_16, Charset.forName("x-UTF-16LE-BOM")}) {
      Path file = Files.write(folder.resolve("x.csv"), PLAIN.getBytes(marked));
      assertThat(splits(file, file).train().floatFeatures()).containsExactly(0.5f, -2, 3, 4);
    }
    byte[] unmarked = PLAIN.getBytes(StandardCharsets.UTF_16LE);
    Path file = Files.write(folder.resolve("x.csv"), unmarked);
    assertThatThrownBy(() -> splits(file, file)).hasMessageContaining("save it as CSV in UTF-8");
    Files.write(file, new byte[] {'P', 'K', 3, 4, 0, 0});
    assertThatThrownBy(() -> splits(file, file))
        .hasMessageContaining("expected a table as text, found a zip archive");
  }

  @Test
  void aDecimalCommaIsNamed() throws IOException {
    Path file = csv("x.csv", "label;a|1;0,5");
    assertThatThrownBy(() -> splits(file, file))
        .hasMessageEndingWith(
            "line 2, column 2 is no number: '0,5'; a decimal comma? a point is read");
  }

  @Test
  void aLongRowOfNumbersBetweenBlanksIsRefusedInOneShortLine() throws IOException {
    String row = "1 ".repeat(200_000);
    assertThatThrownBy(() -> samples(csv("a.csv", "x|" + row), 1))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("not by blanks");
    assertThatThrownBy(() -> splits(csv("b.csv", row), csv("c.csv", row)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("which begins with '1 1 ")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
  }

  @Test
  void whatATerminalWouldObeyIsNotRepeated() throws IOException {
    Path file = csv("x.csv", "1,2|1,\u001b[31mred and a long tail of text");
    assertThatThrownBy(() -> splits(file, file)).hasMessageEndingWith("'?[31mred and a long ...'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\uFEFF1,2,3|4,5,6|7,8,9",
        "\"1\",2,3|4,5,6|7,8,9",
        "1;2;3|4;5;6|7;8;9",
        "a,b,c|1,2,3|4,5,6|7,8,9",
        "a,label,b,c|1,0,2,3|4,0,5,6|7,0,8,9",
        "label,0,1,2|0,1,2,3|0,4,5,6|0,7,8,9",
      })
  void noSampleIsSwallowed(String content) throws IOException {
    SampleFile read = samples(csv("x.csv", content), 3);
    assertThat(read.samples().byteFeatures()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(read.inferred())
        .contains(content.contains("b") ? "a header in line 1" : "no header")
        .contains("rows of 3 values");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "-",
      value = {
        ",2,3|4,5,6; line 1, column 1 is no number: ''",
        "1,NA,3|4,5,6; line 1, column 2 is no number: 'NA'",
        "NA,NA,NA|4,5,6; line 1, column 1 is no number: 'NA'",
        "?,nan,null|4,5,6; line 1, column 1 is no number: '?'",
        "1,2,|4,5,6; line 1, column 3 is no number: ''",
        ",,|4,5,6; line 1, column 1 is no number: ''",
        "1,2,x|4,5,6; line 1, column 3 is no number: 'x'",
      })
  void aFirstRowThatIsNeitherIsRefused(String content, String message) throws IOException {
    Path file = csv("x.csv", content.strip());
    assertThatThrownBy(() -> samples(file, 3))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anEmptyLineIsAMissingValueInATableOfOneColumn() throws IOException {
    Path file = csv("x.csv", "0.5||0.25");
    assertThatThrownBy(() -> samples(file, 1)).hasMessageContaining("empty line before line 3");
    assertThat(samples(csv("y.csv", "0.5|0.25||"), 1).samples().size()).isEqualTo(2);
    assertThat(samples(csv("z.csv", "0.5,1||0.25,1"), 2).samples().size()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "label,b,a|1,2,3; column 2 is 'b', in",
        "label,a|1,2; column 3 is nothing, in",
        "1,2,3; has no header",
      })
  void theTestSetMustHaveTheColumnsOfTheTrainingSet(String test, String message)
      throws IOException {
    Path train = csv("train.csv", "label,a,b|1,2,3|0,1,1");
    Path file = csv("test.csv", test.strip());
    assertThatThrownBy(() -> splits(train, file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }
}
