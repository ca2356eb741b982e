package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationNamesTest {
  /** Wherever a file may name a function; the layer's own name is not such a place. */
  private static final String MODEL =
      """
      {"layers": [{"config": {"name": "hard_sigmoid", "layer": {"config": {
        "activation": {"class_name": "function", "config": "hard_sigmoid"},
        "recurrent_activation": "hard_sigmoid", "inner_activation": "tanh"}}}}]}\
      """;

  @TempDir Path folder;

  private static Config config(String json) {
    return new Config("model", JsonParser.parseString(json).getAsJsonObject());
  }

  private static Dense dense(String activation) {
    String entry =
        """
        {"class_name": "Dense", "config": {"name": "d", "units": 2, "activation": %s}}\
        """;
    Config config = config(entry.formatted(activation));
    return (Dense) LayerConfig.read(config, new ArrayList<>()).layer();
  }

  @ParameterizedTest
  @CsvSource({
    "swish, SILU",
    "silu, SILU",
    "hard_swish, HARD_SILU",
    "hard_sigmoid, HARD_SIGMOID",
    "leaky_relu, LEAKY_RELU",
    "celu, ELU",
    "mish, MISH",
    "hard_tanh, HARD_TANH"
  })
  void everyNameOfAFunctionIsRead(String name, Activation expected) {
    assertThat(dense('"' + name + '"').activation()).isEqualTo(expected);
    String object =
        """
        {"module": "builtins", "class_name": "function", "config": "%s",
         "registered_name": "function"}\
        """;
    assertThat(dense(object.formatted(name)).activation()).isEqualTo(expected);
  }

  @Test
  void whatIsNotOfferedIsRefusedByName() {
    assertThatThrownBy(() -> dense("\"sparsemax\""))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(
            "layer d (Dense): key activation must be one of celu, elu, exponential,")
        .hasMessageEndingWith("found \"sparsemax\"");
  }

  @ParameterizedTest
  @EnumSource
  void everyActivationGoesIntoAFileAndBack(Activation f) {
    Path file = folder.resolve("model.keras");
    try (Model model =
        Model.sequential(Shape.of(3), Dense.of(4, f))
            .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      KerasFile.write(SavedModel.of(model, LocalDateTime.of(2026, 1, 2, 3, 4)), file);
    }
    assertThat(KerasFile.read(file).layers().getFirst().layer()).isEqualTo(Dense.of(4, f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.2", "2.2.4", "2.13.1", "2.4.0-tf"})
  void beforeKeras3HardSigmoidWasAnotherFunction(String version) {
    assertThat(ActivationNames.sinceKeras3(config(MODEL), version).json().toString())
        .contains("\"name\":\"hard_sigmoid\"")
        .contains("\"config\":\"keras_2_hard_sigmoid\"")
        .contains("\"recurrent_activation\":\"keras_2_hard_sigmoid\"")
        .contains("\"inner_activation\":\"tanh\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0.0", "3.16.0"})
  void sinceThenItIsWhatItsNameSays(String version) {
    assertThat(ActivationNames.sinceKeras3(config(MODEL), version)).isEqualTo(config(MODEL));
  }

  @Test
  void whoeverDoesNotSayWhichIsRefused() {
    assertThatThrownBy(() -> ActivationNames.sinceKeras3(config(MODEL), ""))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("is hard_sigmoid, x / 6 + 0.5 since Keras 3 and 0.2 x + 0.5 before");
    Config plain = config(MODEL.replace("\"hard_sigmoid\"", "\"relu\""));
    assertThat(ActivationNames.sinceKeras3(plain, "").json()).isEqualTo(plain.json());
  }
}
