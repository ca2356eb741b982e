package dev.lanewise.cli.train.setting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cli.Lanewise;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class TrainOptionsTest {
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = Lanewise.commandLine();
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @Test
  void aValueThatNoEpochReportsIsRefusedBeforeTheFirst() {
    for (String wrong : new String[] {"foo", "val_", "val_foo", "mae"}) {
      assertThat(run("train", "--early-stopping", "1", "--monitor", wrong)).isEqualTo(2);
      assertThat(err.toString())
          .contains("--monitor must be one of [accuracy, loss]", "found " + wrong);
    }
    assertThat(run("train", "--save-best", "--validation-split", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--monitor val_loss needs a --validation-split above 0");
  }

  @ParameterizedTest
  @CsvSource({
    "--epochs, 0",
    "--epochs, -1",
    "--epochs, many",
    "--batch-size, 0",
    "--batch-size, 100000000",
    "--units, 0",
    "--units, 100000000",
    "--cell, rnn",
    "--layers, 0",
    "--layers, 101",
    "--dropout, 1",
    "--dropout, -0.1",
    "--dropout, NaN",
    "--recurrent-dropout, 1",
    "--recurrent-dropout, -0.1",
    "--threads, 0",
    "--threads, 5000",
    "--limit, 0",
    "--validation-split, 1",
    "--validation-split, -0.1",
    "--validation-split, NaN",
    "--validation-split, Infinity",
    "--seed, first",
    "--learning-rate, 0",
    "--learning-rate, -1",
    "--learning-rate, NaN",
    "--learning-rate, Infinity",
    "--learning-rate, 1e300",
    "--learning-rate, 1e-300",
    "--backend, gpu",
    "--recipe, best",
    "--schedule, linear",
    "--warmup-steps, -1",
    "--warmup-steps, 5",
    "--step-epochs, 0",
    "--step-factor, 0",
    "--step-factor, 1.5",
    "--clipnorm, 0",
    "--global-clipnorm, -1",
    "--clipvalue, NaN",
  })
  void absurdValuesAreRefusedInOneLineThatNamesThem(String option, String value) {
    assertThat(run("train", option, value)).isEqualTo(2);
    String[] lines = err.toString().split("\n");
    assertThat(lines).hasSize(2);
    assertThat(lines[0]).startsWith("lanewise: ").contains(option);
    assertThat(lines[1]).isEqualTo("Try 'lanewise train --help'.");
  }

  @ParameterizedTest
  @CsvSource({
    "--epochs, 0, must be at least 1, '0'",
    "--batch-size, 0, must be 1 to 16777216, '0'",
    "--units, 100000000, must be 1 to 16777216, 100000000",
    "--layers, 0, must be 1 to 100, '0'",
    "--threads, 5000, must be 1 to 1024, 5000",
    "--limit, -3, must be at least 1, -3",
    "--validation-split, 1, must be at least 0 and below 1, 1.0",
    "--learning-rate, -1, must be positive and finite, -1.0",
  })
  void valuesOutOfRangeAreToldWithTheRangeAndWhatWasFound(
      String option, String value, String range, String found) {
    assertThat(run("train", option, value)).isEqualTo(2);
    assertThat(err.toString().lines())
        .first()
        .isEqualTo("lanewise: " + option + " " + range + ", found " + found);
  }

  @Test
  void valuesOfTheWrongKindAreToldWithWhatWasFound() {
    run("train", "--backend", "gpu");
    assertThat(err.toString())
        .startsWith("lanewise: Invalid value for option '--backend'")
        .contains("[auto, cpu, cuda]", "'gpu'");
  }

  @Test
  void aWideCellHasFewerUnits() {
    assertThat(run("train", "--cell", "lstm", "--units", "10000000")).isEqualTo(2);
    assertThat(err.toString()).startsWith("lanewise: --units must be 1 to 4194304, found 10000000");
  }

  @Test
  void aModelFromAFileIsNotDescribedToo() {
    for (String[] given : new String[][] {{"--cell", "gru"}, {"--layers", "2"}, {"--units", "9"}}) {
      assertThat(run("train", "--model", "m.keras", given[0], given[1])).isEqualTo(2);
      assertThat(err.toString())
          .contains("lanewise: " + given[0] + " cannot be given with --model, which has its own");
    }
  }

  private static Layer[] stack(String... arguments) {
    ModelOptions options = new ModelOptions();
    new CommandLine(options).parseArgs(arguments);
    return options.stack(10);
  }

  @Test
  void theModelIsTheNotebooksUnlessOptionsDescribeAnother() {
    Layer head = Dense.of(10, Activation.SOFTMAX);
    assertThat(stack()).containsExactly(SimpleRnn.of(150), head);
    assertThat(stack("--cell", "gru", "--units", "7")).containsExactly(Gru.of(7), head);
    assertThat(stack("--cell", "lstm", "--layers", "3", "--units", "7"))
        .containsExactly(
            Lstm.of(7).returningSequences(), Lstm.of(7).returningSequences(), Lstm.of(7), head);
    assertThat(stack("--cell", "gru", "--dropout", "0.5", "--recurrent-dropout", "0.25"))
        .containsExactly(Gru.of(150).withDropout(0, 0.25), Dropout.of(0.5), head);
  }

  @Test
  void quietAndVerboseExcludeEachOther() {
    assertThat(run("train", "--quiet", "--verbose")).isEqualTo(2);
    assertThat(err.toString()).startsWith("lanewise: --quiet and --verbose exclude each other");
  }

  @Test
  void misspeltOptionsGetASuggestion() {
    assertThat(run("train", "--epoch", "1")).isEqualTo(2);
    assertThat(err.toString()).contains("--epoch").contains("--epochs");
  }

  @Test
  void misspeltCommandsGetASuggestion() {
    assertThat(run("tran")).isEqualTo(2);
    assertThat(err.toString()).contains("train");
  }

  @Test
  void threePathsAreNoDataSet() {
    assertThat(run("train", "--data", "a,b,c")).isEqualTo(2);
    assertThat(err.toString()).contains("two .csv files or four files, found 3");
  }
}
