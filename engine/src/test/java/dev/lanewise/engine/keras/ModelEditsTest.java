package dev.lanewise.engine.keras;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.fuzz.JsonEdits;
import dev.lanewise.engine.fuzz.JsonEdits.Singles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * Models that Keras wrote, with one value of their JSON another: what is promised of any bytes
 * holds, whichever value it is. A fuzzer draws such changes, and several at once; of one alone
 * there are so few that all of them can be tried, {@code -Dlanewise.test.edits=1000000000}.
 */
class ModelEditsTest {
  private static final int EDITS = Integer.getInteger("lanewise.test.edits", 2_000);
  private static final long SEED = Long.getLong("lanewise.test.seed", 20_261_129);

  /** What a reader may not have thought of, and what is sound in some other place. */
  private static final List<String> OTHERS =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1",
          "2",
          "5",
          "0.5",
          "-0.5",
          "1e-40",
          "1e38",
          "1e39",
          "-1e39",
          "1e308",
          "52e308",
          "16777217",
          "100000000",
          "2147483647",
          "2147483648",
          "-2147483648",
          "4294967297",
          "9223372036854775807",
          "1e19",
          "\"\"",
          "\"x\"",
          "\"NaN\"",
          "\"Infinity\"",
          "\"softmax\"",
          "\"channels_first\"",
          "\"same\"",
          "\"causal\"",
          "\"int32\"",
          "\"mean_squared_error\"",
          "\"accuracy\"",
          "[]",
          "[0]",
          "[-1]",
          "[null]",
          "[1,2]",
          "[1,1,1]",
          "[2147483647,2147483647]",
          "[1,2,3,4,5,6,7,8]",
          "[[]]",
          "[[1,2],[3,4]]",
          "[\"x\"]",
          "{}",
          "{\"a\":1}",
          "{\"class_name\":\"Dense\",\"config\":{}}",
          "{\"class_name\":\"__tuple__\",\"items\":[1]}");

  private static List<byte[]> models() throws IOException {
    try (Stream<Path> files = Files.walk(Golden.path(""))) {
      return files
          .filter(file -> file.toString().endsWith(".keras"))
          .sorted()
          .map(ModelEditsTest::json)
          .toList();
    }
  }

  private static byte[] json(Path archive) {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return zip.getInputStream(zip.getEntry("config.json")).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anyOneValueMayBeAnyOther() throws IOException {
    List<byte[]> models = models();
    Random random = new Random(SEED);
    int taken = 0;
    for (byte[] model : models) {
      Singles singles = Singles.of(model, OTHERS);
      int share = Math.min(EDITS / models.size(), singles.count());
      for (int i = 0; i < share; i++) {
        int index = share < singles.count() ? random.nextInt(singles.count()) : i;
        taken += isTaken(JsonEdits.edited(model, List.of(singles.edit(index)))) ? 1 : 0;
      }
    }
    assertThat(taken).as("models that were read after a change").isGreaterThan(models.size());
  }

  private static boolean isTaken(byte[] json) {
    try {
      return ConfigTarget.TARGET.run(json);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ": " + new String(json, UTF_8), e);
    }
  }
}
