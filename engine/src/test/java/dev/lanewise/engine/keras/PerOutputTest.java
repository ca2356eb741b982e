package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.keras.SavedModel.Objective;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code compile} may be given for several outputs. */
class PerOutputTest {
  private static final String LOSSES = "'loss': ['categorical_crossentropy', 'mse']";

  private static Objective read(String json, String... names) {
    return ObjectiveConfig.read(
        new Config("compile_config", JsonParser.parseString("{" + json + "}").getAsJsonObject()),
        List.of(names));
  }

  private static List<OutputSpec> outputs(String json) {
    return read(json, "kind", "size").outputs();
  }

  private static final OutputSpec KIND = OutputSpec.of("kind", Loss.CATEGORICAL_CROSSENTROPY);
  private static final OutputSpec SIZE = OutputSpec.of("size", Loss.MEAN_SQUARED_ERROR);

  @Test
  void lossesComeAsAListByNameOrAsOneForAll() {
    assertThat(outputs(LOSSES)).containsExactly(KIND, SIZE);
    assertThat(outputs("'loss': {'size': 'mse', 'kind': 'categorical_crossentropy'}"))
        .containsExactly(KIND, SIZE);
    assertThat(outputs("'loss': 'mse'"))
        .containsExactly(OutputSpec.of("kind", Loss.MEAN_SQUARED_ERROR), SIZE);
  }

  @Test
  void weightsComeAsAListOrByName() {
    List<OutputSpec> expected = List.of(KIND.withWeight(2), SIZE.withWeight(0.5));
    assertThat(outputs(LOSSES + ", 'loss_weights': [2, 0.5]")).isEqualTo(expected);
    String named = "'loss_weights': {'size': 0.5, 'kind': 2}";
    assertThat(outputs(LOSSES + ", " + named)).isEqualTo(expected);
    assertThat(outputs("'loss': {'size': 'mse', 'kind': 'categorical_crossentropy'}, " + named))
        .isEqualTo(expected);
    assertThat(outputs("'loss': 'mse', 'loss_weights': [0.5]"))
        .allMatch(output -> output.weight() == 0.5);
  }

  /** Keras takes a list's weights by the order of their names, whatever the outputs'. */
  @Test
  void namedWeightsOfListedLossesAreRefusedWhereKerasSwapsThem() {
    assertThatThrownBy(
            () -> read(LOSSES + ", 'loss_weights': {'main': 1, 'aux': 0.2}", "main", "aux"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("key loss_weights must be a list, as loss is one");
  }

  @Test
  void metricsComeAsAListByNameOrForAll() {
    List<OutputSpec> first = List.of(OutputSpec.of("kind", KIND.loss(), Metric.ACCURACY), SIZE);
    assertThat(outputs(LOSSES + ", 'metrics': [['accuracy'], null]")).isEqualTo(first);
    assertThat(outputs(LOSSES + ", 'metrics': ['accuracy', null]")).isEqualTo(first);
    assertThat(outputs(LOSSES + ", 'metrics': {'kind': 'accuracy'}")).isEqualTo(first);
    Objective weighted =
        read(
            LOSSES + ", 'metrics': {'kind': ['accuracy']}, 'weighted_metrics': [['accuracy'], []]",
            "kind",
            "size");
    assertThat(weighted.metrics())
        .extracting(Metric::name)
        .containsExactly("kind_loss", "kind_accuracy", "kind_weighted_accuracy", "size_loss");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'loss': ['mse', null] | has no loss of output size",
        "'loss': {'kind': 'mse'} | has no loss of output size",
        "'loss': {'kind': 'mse', 'other': 'mse'} | by the names of outputs, which are kind, size",
        "'loss': ['mse', 'mse', 'mse'] | one for each of the outputs kind, size",
        "'loss': ['mse', ['mse']] | one loss, by name or as an object",
        "'loss': 'mse', 'loss_weights': [1, 2, 3] | one for each of the outputs kind, size",
        "'loss': 'mse', 'loss_weights': {'kind': 1} | a number for each of the outputs",
        "'loss': 'mse', 'loss_weights': ['a', 'b'] | a number for each of the outputs",
      })
  void whatIsNotOfTheOutputsIsRefused(String json, String reason) {
    assertThatThrownBy(() -> outputs(json))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void outputsOfOneNameAreNotTrained() {
    assertThatThrownBy(() -> read("'loss': 'mse'", "lstm", "lstm"))
        .hasMessageContaining("two outputs have one name");
  }
}
