package dev.lanewise.cli.train;

import dev.lanewise.cli.picture.ConfusionGrid;
import dev.lanewise.cli.picture.NoFontsException;
import dev.lanewise.cli.picture.Tile;
import dev.lanewise.cli.picture.TileGrid;
import dev.lanewise.cli.report.Answers;
import dev.lanewise.cli.report.Scores;
import dev.lanewise.cli.tell.OptimizerText;
import dev.lanewise.cli.train.setting.RunOptions;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensorboard.TensorBoardLogger;
import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What {@code --tensorboard} shows of a run beside its curves: settings, samples, confusion. */
final class TensorBoardPages implements AutoCloseable {
  /** A matrix of more cells is read by nobody. */
  private static final int MOST_CLASSES = 40;

  private static final int COLUMNS = 6;
  private static final Path PNG = Path.of("samples.png");

  private final TensorBoardLogger logger;

  private TensorBoardPages(TensorBoardLogger logger) {
    this.logger = logger;
  }

  /** Returns those of a run, or null if none are asked for. */
  static @Nullable TensorBoardPages of(RunOptions run, ModelSpec model) {
    if (run.tensorboard == null) {
      return null;
    }
    TensorBoardLogger plain = new TensorBoardLogger(run.tensorboard);
    Integer every = run.tensorboardHistograms;
    return new TensorBoardPages(every == null ? plain : plain.withHistograms(model, every));
  }

  /** Returns what writes the curves. */
  Callback callback() {
    return logger;
  }

  /** Shows what is trained, and on what. */
  void begin(Map<String, String> settings, ModelSpec model, Dataset samples) {
    StringBuilder table = new StringBuilder("| setting | value |\n|---|---|\n");
    row(table, "optimizer", OptimizerText.of(model.optimizer()));
    row(table, "parameters", Long.toString(model.parameterCount()));
    settings.forEach((name, value) -> row(table, name, value));
    logger.text("settings", table.toString());
    boolean pictures =
        samples.inputs().size() == 1
            && samples.sampleShape().rank() == 2
            && model.positions(0) == 1;
    if (pictures && samples.hasLabels()) {
      List<Tile> tiles =
          IntStream.range(0, Math.min(COLUMNS * COLUMNS, samples.size()))
              .mapToObj(i -> Tile.of(samples, i, Integer.toString(samples.label(i, 0))))
              .toList();
      picture("samples", 0, () -> new TileGrid(tiles, COLUMNS).bytesFor(PNG));
    }
  }

  private static void row(StringBuilder table, String name, String value) {
    table.append("| ").append(name).append(" | ").append(value.replace("|", "\\|")).append(" |\n");
  }

  /** Shows what the trained model takes for what. */
  void end(Model model, Dataset test, int epochs) {
    if (Answers.areClasses(model.spec(), test)) {
      Scores scores = Answers.of(model, test).scores();
      if (scores.classes() <= MOST_CLASSES) {
        picture("confusion_matrix", epochs - 1, () -> new ConfusionGrid(scores.matrix()).png());
      }
    }
  }

  private void picture(String tag, long step, Supplier<byte[]> png) {
    try {
      logger.image(tag, step, png.get());
    } catch (NoFontsException e) {
      System.err.println("note: no " + tag + " for TensorBoard: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    logger.close();
  }
}
