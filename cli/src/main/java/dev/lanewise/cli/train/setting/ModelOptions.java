package dev.lanewise.cli.train.setting;

import dev.lanewise.cli.argument.OptionRange;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.SimpleRnn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The model that {@code train} builds where no file brings one: by default the notebook's. */
public final class ModelOptions {
  private static final int MOST_LAYERS = 100;
  private static final int MOST_CLASSES = 1 << 20;

  /** The options that a model from a file leaves no room for, though they have values. */
  private static final List<String> DESCRIPTION =
      List.of(
          "--cell", "--layers", "--bidirectional", "--dropout", "--recurrent-dropout", "--units");

  /** What a recurrent layer does in a step, by Keras's names; lower case, as they are typed. */
  enum Cell {
    simple_rnn(1 << 24),
    lstm(1 << 22),
    gru(1 << 22);

    private final int mostUnits;

    Cell(int mostUnits) {
      this.mostUnits = mostUnits;
    }

    private Recurrent layer(int units, RecurrentOptions options) {
      return switch (this) {
        case simple_rnn -> SimpleRnn.of(units).with(options);
        case lstm -> Lstm.of(units).with(options);
        case gru -> Gru.of(units).with(options);
      };
    }
  }

  @Option(
      names = "--cell",
      paramLabel = "NAME",
      defaultValue = "simple_rnn",
      description = "simple_rnn, lstm or gru: what the recurrent layers are (${DEFAULT-VALUE})")
  Cell cell = Cell.simple_rnn;

  @Option(
      names = "--layers",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "recurrent layers, of which all but the last hand on every state (${DEFAULT-VALUE})")
  int layers = 1;

  @Option(
      names = "--bidirectional",
      description = "let each layer walk from both ends, the states side by side")
  boolean bidirectional;

  @Option(
      names = "--dropout",
      paramLabel = "RATE",
      defaultValue = "0",
      description = "share of each layer's outputs that training drops (${DEFAULT-VALUE})")
  double dropout;

  @Option(
      names = "--recurrent-dropout",
      paramLabel = "RATE",
      defaultValue = "0",
      description = "share of its state that each does without in training (${DEFAULT-VALUE})")
  double recurrentDropout;

  @Option(
      names = "--units",
      paramLabel = "N",
      defaultValue = "150",
      description = "width of the state of each (${DEFAULT-VALUE})")
  int units = 150;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description =
          "classes of a new model (the training labels, which then have to leave out none)")
  public @Nullable Integer classes;

  /**
   * Refuses values that make no sense.
   *
   * @param fromFile whether the model comes from a file
   */
  void check(CommandLine command, boolean fromFile) {
    OptionRange.check(command, "--layers", layers, 1, MOST_LAYERS);
    checkRate(command, "--dropout", dropout);
    checkRate(command, "--recurrent-dropout", recurrentDropout);
    OptionRange.check(command, "--units", units, 1, cell.mostUnits);
    if (classes != null) {
      OptionRange.check(command, "--classes", classes, 2, MOST_CLASSES);
      OptionRange.require(
          command, !fromFile, "--classes cannot be given with --model, which has its own");
    }
  }

  private static void checkRate(CommandLine command, String name, double rate) {
    OptionRange.require(
        command, rate >= 0 && rate < 1, name + " must be at least 0 and below 1, found " + rate);
  }

  /** Refuses to describe a model that comes from a file. */
  public static void requireNone(CommandLine command) {
    for (String name : DESCRIPTION) {
      OptionRange.require(
          command,
          !command.getParseResult().hasMatchedOption(name),
          name + " cannot be given with --model, which has its own");
    }
  }

  /** Returns the layers, a softmax over the classes at the end. */
  public Layer[] stack(int outputs) {
    List<Layer> stack = new ArrayList<>();
    for (int layer = 1; layer <= layers; layer++) {
      RecurrentOptions options = RecurrentOptions.DEFAULTS.withDropout(0, recurrentDropout);
      Recurrent own = cell.layer(units, layer < layers ? options.returningSequences() : options);
      stack.add(bidirectional ? Bidirectional.of(own) : own);
      if (dropout > 0) {
        stack.add(Dropout.of(dropout));
      }
    }
    stack.add(Dense.of(outputs, Activation.SOFTMAX));
    return stack.toArray(Layer[]::new);
  }
}
