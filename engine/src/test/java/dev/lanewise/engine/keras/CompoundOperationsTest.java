package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operations that are read as several others; {@link ExamplesTest} has what they compute. */
class CompoundOperationsTest {
  private static final String OPEN = "\"batch_shape\": [null, 8, 6]";

  private static ModelConfig read(String from, String to) throws IOException {
    return read("compounds", from, to);
  }

  private static ModelConfig read(String name, String from, String to) throws IOException {
    String text;
    try (ZipFile zip = new ZipFile(Golden.path("examples/" + name + ".keras").toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry("config.json")).readAllBytes();
      text = new String(bytes, StandardCharsets.UTF_8);
    }
    String other = text.replace(from, to);
    assertThat(other).isNotEqualTo(text);
    JsonObject outer = JsonParser.parseString(other).getAsJsonObject();
    return ModelConfig.read(new Config("model", outer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "`_sections\": 2, \"axis\": 1`; `_sections\": 3, \"axis\": 1`; must be a divisor of 8",
        "`_sections\": 2, \"axis\": 1`; `_sections\": 2, \"axis\": 0`; another axis than the"
            + " batch's",
        "`_sections\": 2, \"axis\": 1`; `_sections\": 2, \"axis\": 3`; -3 to 2",
        "`_sections\": [1, 4]`; `_sections\": [4, 1]`; ascending places",
        "`_sections\": [1, 4]`; `_sections\": [1, 40]`; layer split",
        "`_sections\": [1, 4]`; `_sections\": 1000`; from 1 to 128",
        "`\"shift\": 2`; `\"shift\": 8`; from -7 to 7",
        "`\"shift\": 2`; `\"shift\": 0`; other than 0",
        "`\"order\": 2`; `\"order\": 1`; key order must be 2",
        "`\"mode\": \"reflect\"`; `\"mode\": \"edge\"`; constant, reflect or symmetric",
        "`[0, 0], [2, 1], [0, 0]`; `[0, 1], [2, 1], [0, 0]`; zeros for the batch's",
        "`[0, 0], [2, 1], [0, 0]`; `[0, 0], [2, 1]`; a pair for each axis",
        "`[0, 0], [2, 1], [0, 0]`; `[0, 0], [0, 0], [0, 0]`; something to add",
        "`[0, 0], [2, 1], [0, 0]`; `[0, 0], [4, 1], [0, 0]`; of 4 along axis 1 no more than 3",
        "`[0, 0], [2, 0], [0, 0]`; `[0, 0], [2, 0], [0, 1]`; zeros for the features",
        "`\"constant_values\": null`; `\"constant_values\": 1`; zeros are supported",
        "`btd,bsd->bts`; `btd,bsd->bt`; as btd,bsd->bts, bhtd,bhsd->bhts or btd,btd->bt",
        "`btd,bsd->bts`; `btd,bsd`; as btd,bsd->bts, bhtd,bhsd->bhts or btd,btd->bt",
        "`btd,bsd->bts`; `bt,bs->bts`; a letter for each size",
        "`btd,bsd->bts`; `tbd,bsd->bts`; as btd,bsd->bts, bhtd,bhsd->bhts or btd,btd->bt",
        "`\"num\": 2`; `\"num\": 3`; 2 parts, 128 at most",
        "`\"zeros_like\", \"dtype\": null`; `\"zeros_like\", \"dtype\": \"int32\"`; float32",
        "`\"Glu\", \"config\": {\"name\": \"glu\", \"axis\": -1`; `\"Glu\", \"config\": {\"name\":"
            + " \"glu\", \"axis\": 0`; another axis than the batch's",
      })
  void areRefusedByName(String from, String to, String told) {
    assertThatThrownBy(() -> read(from, to))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer ")
        .hasMessageContaining(told)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "`\"ord\": 1`; `\"ord\": 3`; key ord must be null, or of one axis 1 or 2",
        "`\"ord\": null, \"axis\": [1, 2]`; `\"ord\": 2, \"axis\": [1, 2]`; of one axis 1 or 2",
        "`\"ord\": null, \"axis\": 2`; `\"ord\": \"fro\", \"axis\": 2`; of one axis 1 or 2",
        "`\"n\": 2`; `\"n\": 9`; from 1 to 8",
        "`\"repeats\": [1, 2, 3]`; `\"repeats\": [2, 2, 3]`; 1 for the batch's",
        "`\"repeats\": [1, 2, 3]`; `\"repeats\": [1, 1, 2, 3]`; a number for each of 3 axes",
        "`\"repeats\": [1, 2, 3]`; `\"repeats\": [1, 2, 3000]`; at most 1024",
        "`\"repeats\": 4`; `\"repeats\": 4000`; at most 1024",
        "`\"repeats\": 4`; `\"repeats\": 16777216`; at most 1024",
        "`\"batch_shape\": [null, 5, 4]`; `\"batch_shape\": [null, 70000, 4]`; at most 1048576",
        "`\"batch_shape\": [null, 5, 4]`; `\"batch_shape\": [null, null, 4]`; of known sizes",
        "`\"name\": \"average\", \"axis\": 1`; `\"name\": \"average\", \"axis\": 0`; the batch's",
        "`\"kwargs\": {\"weights\": null}`; `\"kwargs\": {\"weights\": 2}`; is called with",
      })
  void formulasAreRefusedByName(String from, String to, String told) {
    assertThatThrownBy(() -> read("formulas", from, to))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer ")
        .hasMessageContaining(told)
        .hasMessageNotContaining("\n");
  }

  /** Halves of other sequences are elsewhere. */
  @Test
  void halvesOfOpenStepsAreRefused() {
    assertThatThrownBy(() -> read(OPEN, "\"batch_shape\": [null, null, 6]"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("of a number of steps that the model's input leaves open");
  }

  @Test
  void aZeroIsNoOtherThanNothing() throws IOException {
    ModelConfig config = read("\"constant_values\": null", "\"constant_values\": 0.0");
    assertThat(config.graph().layers())
        .isEqualTo(KerasFile.read(Golden.path("examples/compounds.keras")).graph().layers());
  }
}
