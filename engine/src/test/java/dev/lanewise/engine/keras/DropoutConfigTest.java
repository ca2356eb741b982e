package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is dropped together, as files have it. */
class DropoutConfigTest {
  private static Dropout read(String noiseShape) {
    String json = "{\"name\": \"d\", \"rate\": 0.3, \"noise_shape\": " + noiseShape + "}";
    return DropoutConfig.read(new Config("d", JsonParser.parseString(json).getAsJsonObject()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "null; false; false; null",
        "[null, 1, 12]; true; false; [null,1,null]",
        "[null, 1, null]; true; false; [null,1,null]",
        "[null, 7, 1]; false; true; [null,null,1]",
        "[32, 1, 1]; true; true; [null,1,1]",
        "[null, 7, 12]; false; false; null",
      })
  void onesAreShared(String noiseShape, boolean positions, boolean features, String written) {
    Dropout read = read(noiseShape);
    assertThat(read).isEqualTo(new Dropout(0.3, positions, features));
    JsonObject config = new JsonObject();
    DropoutConfig.write(config, read, FileShape.of(Shape.of(7, 12)));
    assertThat(config.get("noise_shape")).hasToString(written);
  }

  @Test
  void picturesShareAllPositionsOrNone() {
    assertThat(read("[null, 1, 1, null]")).isEqualTo(new Dropout(0.3, true, false));
    assertThat(read("[null, 1]")).isEqualTo(new Dropout(0.3, false, true));
    assertThatThrownBy(() -> read("[null, 1, 8, null]"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("key noise_shape must be 1 for all positions, or for none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"[1, 1, 12]", "[null]", "[null, 0, 1]", "[null, true]"})
  void othersAreRefused(String noiseShape) {
    assertThatThrownBy(() -> read(noiseShape))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("noise_shape");
  }
}
