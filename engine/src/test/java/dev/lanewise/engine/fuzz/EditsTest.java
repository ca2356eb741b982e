package dev.lanewise.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Changes are made as they say: one that did nothing would leave a fuzzer with the seeds alone. */
class EditsTest {
  private static final String JSON = "{\"a\":[1,2],\"b\":{\"c\":null}}";

  private static String json(String... edits) {
    return text(JsonEdits.edited(bytes(JSON), list(edits)));
  }

  private static List<byte[]> list(String... edits) {
    return Stream.of(edits).map(EditsTest::bytes).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void valuesOfJsonBecomeOthers() {
    assertThat(json("\1\0x")).isEqualTo("{\"a\":[\"x\",2],\"b\":{\"c\":null}}");
    assertThat(json("\0\0{\"d\":3}")).isEqualTo("{\"a\":{\"d\":3},\"b\":{\"c\":null}}");
    assertThat(json("\2\0#\1\1")).isEqualTo("{\"a\":[1,257],\"b\":{\"c\":null}}");
    assertThat(json("\4\0=\0\0")).isEqualTo("{\"a\":[1,2],\"b\":{\"c\":[1,2]}}");
    assertThat(json("\1\0")).isEqualTo("{\"a\":[2],\"b\":{\"c\":null}}");
    assertThat(json("\2\0+", "\4\0+d"))
        .isEqualTo("{\"a\":[1,2,2],\"b\":{\"c\":null},\"d\":{\"c\":null}}");
    assertThat(JsonEdits.edited(bytes("{"), list("\0\0x"))).isEqualTo(bytes("{"));
  }

  @Test
  void ofOneValueAloneThereIsEveryChange() {
    JsonEdits.Singles singles = JsonEdits.Singles.of(bytes(JSON), List.of("7"));
    assertThat(singles.values())
        .containsExactly("7", "", "[1,2]", "1", "2", "{\"c\":null}", "null");
    assertThat(
            IntStream.range(0, singles.count())
                .mapToObj(i -> text(JsonEdits.edited(bytes(JSON), List.of(singles.edit(i))))))
        .hasSize(5 * 7)
        .contains("{\"a\":[7,2],\"b\":{\"c\":null}}", "{\"a\":[1,2]}", "{\"a\":[1,2],\"b\":7}");
  }

  @Test
  void wordsAndLinesOfTextBecomeOthers() {
    byte[] table = bytes("1,2\n3,4\n");
    assertThat(text(TextEdits.edited(table, list("\2x", "\1")))).isEqualTo("1,2\n1,2\nx,4\n");
    assertThat(text(TextEdits.edited(table, list("\3#\1\0\0\0")))).isEqualTo("1,2\n3,1\n");
  }

  @Test
  void anInputIsAFileOrChangesOfASeed() {
    Edits edits = Edits.of(EditsTest.class, (seed, all) -> all.isEmpty() ? seed : all.getLast());
    List<byte[]> seeds = Corpus.files("csv", EditsTest.class);
    assertThat(edits.made("csv", bytes("1,2"))).isEqualTo(bytes("1,2"));
    assertThat(edits.made("csv", bytes("\35\1\0"))).isEqualTo(seeds.get(1));
    assertThat(edits.made("csv", bytes("\35\1\0ab\35c"))).isEqualTo(bytes("c"));
    assertThat(seeds).noneMatch(Edits::areMeantBy);
  }
}
