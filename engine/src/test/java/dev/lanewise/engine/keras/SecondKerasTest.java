package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecondKerasTest {
  /** Wherever a file may name a function; the layer's own name is not such a place. */
  private static final String MODEL =
      """
      {"layers": [{"config": {"name": "hard_sigmoid", "layer": {"config": {
        "activation": {"class_name": "function", "config": "hard_sigmoid"},
        "recurrent_activation": "hard_sigmoid", "inner_activation": "tanh"}}}}]}\
      """;

  private static Config config(String json) {
    return new Config("model", JsonParser.parseString(json).getAsJsonObject());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.2", "2.2.4", "2.13.1", "2.4.0-tf"})
  void beforeKeras3HardSigmoidWasAnotherFunction(String version) {
    assertThat(SecondKeras.translated(config(MODEL), version).json().toString())
        .contains("\"name\":\"hard_sigmoid\"")
        .contains("\"config\":\"keras_2_hard_sigmoid\"")
        .contains("\"recurrent_activation\":\"keras_2_hard_sigmoid\"")
        .contains("\"inner_activation\":\"tanh\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0.0", "3.16.0"})
  void sinceThenItIsWhatItsNameSays(String version) {
    assertThat(SecondKeras.translated(config(MODEL), version)).isEqualTo(config(MODEL));
  }

  @Test
  void whoeverDoesNotSayWhichIsRefused() {
    assertThatThrownBy(() -> SecondKeras.translated(config(MODEL), ""))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("is hard_sigmoid, x / 6 + 0.5 since Keras 3 and 0.2 x + 0.5 before");
    Config plain = config(MODEL.replace("\"hard_sigmoid\"", "\"relu\""));
    assertThat(SecondKeras.translated(plain, "").json()).isEqualTo(plain.json());
  }

  /** The key came with Keras 2.1, and with it the other way. */
  @Test
  void theFirstGrusResetBeforeTheProduct() {
    String gru =
        """
        {"layer":{"class_name":"GRU","config":{"units":2%s}}}\
        """;
    Config silent = config(gru.formatted(""));
    assertThat(SecondKeras.translated(silent, "2.0.8").json().toString())
        .isEqualTo(gru.formatted(",\"reset_after\":false"));
    assertThat(SecondKeras.translated(silent, "").json()).isEqualTo(silent.json());
    assertThat(SecondKeras.translated(silent, "3.0.0").json()).isEqualTo(silent.json());
    Config says = config(gru.formatted(",\"reset_after\":true"));
    assertThat(SecondKeras.translated(says, "2.2.4").json()).isEqualTo(says.json());
  }

  /** Of TensorFlow 1.13. */
  @ParameterizedTest
  @ValueSource(strings = {"BatchNormalizationV1", "BatchNormalizationV2"})
  void batchNormalizationHadOtherNames(String name) {
    String layer = "{\"layer\":{\"class_name\":\"%s\",\"config\":{}}}";
    assertThat(SecondKeras.translated(config(layer.formatted(name)), "2.2.4-tf").json().toString())
        .isEqualTo(layer.formatted("BatchNormalization"));
  }

  @Test
  void mergesKeepTheRuleThatMasksHad() {
    String merge = "{\"layer\":{\"class_name\":\"Multiply\",\"config\":{%s}}}";
    Config silent = config(merge.formatted(""));
    assertThat(SecondKeras.translated(silent, "2.4.0").json().toString())
        .isEqualTo(merge.formatted("\"mask_rule\":\"keras_2\""));
    assertThat(SecondKeras.translated(silent, "").json()).isEqualTo(silent.json());
    assertThat(SecondKeras.translated(silent, "3.5.0").json()).isEqualTo(silent.json());
  }
}
