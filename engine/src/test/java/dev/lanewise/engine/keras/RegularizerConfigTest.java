package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegularizerConfigTest {
  private static Config layer(JsonElement value) {
    JsonObject layer = new JsonObject();
    layer.add("kernel_regularizer", value);
    return new Config("layer", layer);
  }

  private static Regularizer read(String value) {
    return RegularizerConfig.read(layer(JsonParser.parseString(value)), "kernel_regularizer");
  }

  private static List<Obstacle> obstacles(String value) {
    List<Obstacle> obstacles = new ArrayList<>();
    Set<String> kernel = Set.of("kernel");
    TrainingOnly.collect(layer(JsonParser.parseString(value)), kernel, Set.of(), obstacles);
    return obstacles;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"module\":\"keras.regularizers\",\"class_name\":\"L2\",\"config\":{\"l2\":0.5}} | 0 |"
            + " 0.5",
        "{\"class_name\": \"L1\", \"config\": {\"l1\": 0.25}} | 0.25 | 0",
        "{\"class_name\": \"L1L2\", \"config\": {\"l1\": 0.25, \"l2\": 0.5}} | 0.25 | 0.5",
        "{\"class_name\": \"L1L2\", \"config\": {\"l2\": 0.5}} | 0 | 0.5",
        "{\"class_name\": \"L2\", \"config\": {}} | 0 | 0.01",
        "\"l2\" | 0 | 0.01",
        "\"L1\" | 0.01 | 0",
      })
  void theyAreReadInEveryForm(String value, double l1, double l2) {
    assertThat(read(value)).isEqualTo(new Regularizer(l1, l2));
    assertThat(obstacles(value)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"l1_l2\"",
        "{\"l2\": 1}",
        "{\"class_name\": \"OrthogonalRegularizer\", \"config\": {\"factor\": 0.01}}",
        "{\"module\": \"mine\", \"class_name\": \"L2\", \"config\": {\"l2\": 0.5}}",
        "{\"class_name\": \"L2\", \"config\": {\"l2\": -1}}",
        "{\"class_name\": \"L2\", \"config\": {\"l2\": \"much\"}}",
        "7",
      })
  void theOthersAreObstacles(String value) {
    assertThat(read(value)).isEqualTo(Regularizer.NONE);
    assertThat(obstacles(value)).hasSize(1);
    assertThat(obstacles(value).getFirst().changesLoss()).isTrue();
    assertThat(obstacles(value).getFirst().reason()).contains("key kernel_regularizer");
  }

  @Test
  void theyAreWrittenAsKerasWritesThem() {
    assertThat(RegularizerConfig.write(Regularizer.l2(0.5)).toString())
        .isEqualTo(
            "{\"module\":\"keras.regularizers\",\"class_name\":\"L2\",\"config\":{\"l2\":0.5},"
                + "\"registered_name\":null}");
    assertThat(RegularizerConfig.write(Regularizer.NONE).isJsonNull()).isTrue();
    for (Regularizer each : List.of(Regularizer.l1(0.1), new Regularizer(0.1, 0.2))) {
      assertThat(read(RegularizerConfig.write(each).toString())).isEqualTo(each);
    }
  }
}
