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

class ActivationNamesTest {
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
}
