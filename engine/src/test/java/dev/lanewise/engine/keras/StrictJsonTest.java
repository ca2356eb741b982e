package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is JSON by its standard, and what of it is not taken. */
class StrictJsonTest {
  private static JsonObject read(String text) {
    return StrictJson.object(text.getBytes(StandardCharsets.UTF_8), "m.keras");
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(message);
  }

  @Test
  void numbersThatADoubleHoldsAreRead() {
    assertThat(read("{\"a\":[1.7976931348623157e308]}").getAsJsonArray("a").get(0).getAsDouble())
        .isEqualTo(Double.MAX_VALUE);
    assertThat(read("{\"a\":1e-400}").get("a").getAsDouble()).isZero();
  }

  @Test
  void numbersThatWouldBeInfiniteAreNot() {
    refused(
        "{\"loss_weights\":[1,52e308]}",
        "m.keras: $.loss_weights[1] is 5.2E+309, which no 64-bit number holds");
    refused("{\"a\":-1e999}", "m.keras: $.a is -1E+999, which no 64-bit number holds");
  }

  @Test
  void keysComeOnceAndNothingComesAfterwards() {
    refused("{\"a\":1,\"a\":2}", "m.keras: has $.a twice");
    refused("{} {}", "m.keras: is not JSON: broken at line 1 column 5 path $");
  }

  /** Vectors of words that an Embedding began with, which are among its weights, too. */
  @Test
  void listsOfStartValuesAreReadOverWhateverTheirSize() {
    String vectors = "[[" + "0.15325930810776534,".repeat(1 << 20) + "1]]";
    JsonObject read = read("{\"embeddings_initializer\":{\"config\":{\"value\":" + vectors + "}}}");
    assertThat(
            read.getAsJsonObject("embeddings_initializer")
                .getAsJsonObject("config")
                .getAsJsonArray("value"))
        .isEmpty();
    refused(
        "{\"a_initializer\":{\"value\":[1,2}}",
        "m.keras: is not JSON: Unterminated array at line 1 column 32 path"
            + " $.a_initializer.value[0]");
  }

  @Test
  void everythingElseHasALimit() {
    for (String value : List.of("\"0123456789abcdef\"", "null")) {
      String many = (value + ",").repeat((16 << 20) / Math.max(2, value.length() - 2));
      assertThatThrownBy(() -> read("{\"a_initializer\":[2],\"b\":[" + many + "1]}"))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageStartingWith(
              "m.keras: has more than 16777216 characters beside start values of weights, at $.b[");
    }
  }
}
