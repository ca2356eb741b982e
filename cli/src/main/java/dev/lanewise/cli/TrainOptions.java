package dev.lanewise.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of {@code train}, with the notebook's values as defaults. */
final class TrainOptions {
  private static final int MOST_UNITS = 1 << 24;
  private static final int MOST_THREADS = 1024;
  private static final int MOST_BATCH = 1 << 24;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "5",
      description = "passes over the data (${DEFAULT-VALUE})")
  int epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "150",
      description = "samples an update (${DEFAULT-VALUE})")
  int batchSize;

  @Option(
      names = "--validation-split",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description = "last part of the data, held out and evaluated each epoch (${DEFAULT-VALUE})")
  double validationSplit;

  @Option(
      names = "--units",
      paramLabel = "N",
      defaultValue = "150",
      description = "width of the recurrent state (${DEFAULT-VALUE})")
  int units;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      defaultValue = "0.001",
      description = "Adam's step size (${DEFAULT-VALUE})")
  double learningRate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "of start weights and data order (${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "the result does not depend on it (all processors)")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "auto, cpu or cuda (${DEFAULT-VALUE})")
  BackendChoice.Wanted backend = BackendChoice.Wanted.auto;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      arity = "1..4",
      split = ",",
      description =
          "a folder with the four files of MNIST's names, raw or gzipped, or the four files:"
              + " training images, labels, test images, labels (MNIST, bundled)")
  List<Path> data = new ArrayList<>();

  @Option(names = "--no-shuffle", description = "keep the samples in their order")
  boolean noShuffle;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "take only the first N training samples, before the split")
  @Nullable Integer limit;

  @Option(
      names = "--batch-losses",
      paramLabel = "FILE",
      description = "write each batch's loss as CSV: epoch,batch,loss")
  @Nullable Path batchLosses;

  @Option(names = "--json", description = "one JSON object a line on stdout")
  boolean json;

  @Option(names = "--quiet", description = "results and errors alone")
  boolean quiet;

  @Option(names = "--verbose", description = "more about the run; stack traces of errors")
  boolean verbose;

  /**
   * Refuses values that make no sense before any work is done.
   *
   * @throws ParameterException naming option, expected and found
   */
  void check(CommandLine command) {
    range(command, "--epochs", epochs, 1, Integer.MAX_VALUE);
    range(command, "--batch-size", batchSize, 1, MOST_BATCH);
    range(command, "--units", units, 1, MOST_UNITS);
    range(command, "--threads", threads, 1, MOST_THREADS);
    if (limit != null) {
      range(command, "--limit", limit, 1, Integer.MAX_VALUE);
    }
    require(
        command,
        validationSplit >= 0 && validationSplit < 1,
        "--validation-split must be at least 0 and below 1, found " + validationSplit);
    require(
        command,
        learningRate > 0 && Float.isFinite((float) learningRate) && (float) learningRate > 0,
        "--learning-rate must be positive and finite, found " + learningRate);
    require(
        command,
        data.isEmpty() || data.size() == 1 || data.size() == 4,
        "--data takes a folder or four files, found " + data.size() + " paths");
    require(command, !(quiet && verbose), "--quiet and --verbose exclude each other");
  }

  private static void range(CommandLine command, String name, int value, int least, int most) {
    String limits = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
    require(
        command, value >= least && value <= most, name + " must be " + limits + ", found " + value);
  }

  private static void require(CommandLine command, boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(command, message);
    }
  }
}
