package dev.lanewise.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records and cells of tables as bytes. */
class CsvReaderTest {
  private static CsvReader reader(String text) {
    return new CsvReader(text.getBytes(StandardCharsets.UTF_8), "x.csv");
  }

  private static List<List<String>> records(String text) {
    CsvReader reader = reader(text);
    List<List<String>> records = new ArrayList<>();
    while (reader.next()) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < reader.cells(); i++) {
        cells.add(reader.cell(i));
      }
      records.add(cells);
    }
    return records;
  }

  static Stream<Arguments> separators() {
    return Stream.of(
        Arguments.of("a,b\n", List.of("a", "b")),
        Arguments.of("a;b,c\n", List.of("a", "b,c")), // numbers may have decimal commas
        Arguments.of("a,b;c\n", List.of("a,b", "c")),
        Arguments.of("a\tb\n", List.of("a", "b")),
        Arguments.of("a\tb,c\n", List.of("a\tb", "c")),
        Arguments.of("a b\n", List.of("a b")),
        Arguments.of("\"x;y\",b\n", List.of("x;y", "b")),
        Arguments.of("\"x,y\"\tb\n", List.of("x,y", "b")),
        Arguments.of("\"x\ty\" \n", List.of("x\ty")),
        Arguments.of("\"x\ny\";b,c\n", List.of("x\ny", "b,c")), // the first record goes on
        Arguments.of("a\rb;c", List.of("a")), // and ends here
        Arguments.of("sep=|\na|b;c\n", List.of("a", "b;c")),
        Arguments.of("sep=;\r\na;b\r\n", List.of("a", "b")),
        Arguments.of("sep=\n1\n", List.of("sep=")), // names of columns
        Arguments.of("sep=\r\n1\r\n", List.of("sep=")),
        Arguments.of("sep=a,b\n1,2\n", List.of("sep=a", "b")),
        Arguments.of("sep=\"\n", List.of("sep=\"")),
        Arguments.of("\uFEFFa,b", List.of("a", "b")),
        Arguments.of(" a ,\t b\t\n", List.of("a", "b")),
        Arguments.of("\"a\"\"b\" , c", List.of("a\"\"b", "c")));
  }

  @ParameterizedTest
  @MethodSource("separators")
  void theFirstRecordTellsWhatStandsBetweenCells(String text, List<String> expected) {
    assertThat(records(text).getFirst()).isEqualTo(expected);
  }

  @Test
  void aDirectiveAloneIsNoRecord() {
    assertThat(records("sep=;")).isEmpty();
    assertThat(records("sep=;\n")).isEmpty();
    assertThat(records("sep=")).containsExactly(List.of("sep="));
  }

  @Test
  void linesAreCountedWhateverEndsThem() {
    CsvReader reader = reader("sep=,\r\na\rb\nc\r\n\"d\ne\"\nf");
    List<String> lines = new ArrayList<>();
    while (reader.next()) {
      lines.add(reader.refused(0, "at " + reader.cell(0)).getMessage());
    }
    assertThat(lines)
        .containsExactly(
            "x.csv: line 2, column 1 at a",
            "x.csv: line 3, column 1 at b",
            "x.csv: line 4, column 1 at c",
            "x.csv: line 5, column 1 at d\ne",
            "x.csv: line 7, column 1 at f");
  }

  @Test
  void aRecordMayHaveAnyNumberOfCells() {
    for (int count : List.of(1023, 1024, 1025, 5000)) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        cells.add("c" + i);
      }
      assertThat(records(String.join(",", cells))).containsExactly(cells);
    }
  }

  @Test
  void aQuoteThatIsNotClosedIsRefused() {
    assertThatThrownBy(() -> records("a,b\n1,\"2\n3"))
        .isInstanceOf(FormatException.class)
        .hasMessage("x.csv: a quote in line 2 is never closed");
    assertThatThrownBy(() -> records("a,\"")).hasMessageContaining("line 1 is never closed");
  }

  @Test
  void aLongCellIsCutInMessages() {
    CsvReader reader = reader("z".repeat(100) + ",\"a\u001b[31m\"");
    assertThat(reader.next()).isTrue();
    assertThat(reader.shown(0)).matches("'z{10,80}\\.\\.\\.'");
    assertThat(reader.shown(1)).isEqualTo("'a?[31m'");
  }

  @Test
  void numbersAreTakenToTheLastDigit() {
    CsvReader reader = reader("0,9,10,999999999,1000000000,-7,4294967297,+3,-,1e2,00012,");
    assertThat(reader.next()).isTrue();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < reader.cells(); i++) {
      values.add(reader.valueOf(i));
    }
    assertThat(values)
        .containsExactly(
            0., 9., 10., 999999999., 1e9, -7., 4294967297., 3., Double.NaN, 100., 12., Double.NaN);
  }
}
