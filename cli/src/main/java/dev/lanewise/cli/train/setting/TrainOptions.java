package dev.lanewise.cli.train.setting;

import dev.lanewise.cli.argument.BackendChoice;
import dev.lanewise.cli.argument.DataOptions;
import dev.lanewise.cli.argument.OptionRange;
import dev.lanewise.engine.train.FitOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of {@code train}, with the notebook's values as defaults. */
public final class TrainOptions {
  private static final int MOST_THREADS = 1024;
  private static final int MOST_BATCH = 1 << 24;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "5",
      description = "passes over the data (${DEFAULT-VALUE})")
  public int epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "150",
      description = "samples an update (${DEFAULT-VALUE})")
  public int batchSize;

  @Option(
      names = "--validation-split",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description = "last part of the data, held out and evaluated each epoch (${DEFAULT-VALUE})")
  double validationSplit;

  @Mixin public ModelOptions model = new ModelOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "of start weights and data order (${DEFAULT-VALUE})")
  public long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "the result does not depend on it (all processors)")
  public int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "auto, cpu or cuda (auto: a GPU if there is one)")
  public BackendChoice.@Nullable Wanted backend;

  @Mixin public DataOptions data = new DataOptions();

  @Mixin public RunOptions run = new RunOptions();

  @Mixin public OptimizerOptions optimizer = new OptimizerOptions();

  @Option(names = "--no-shuffle", description = "keep the samples in their order")
  boolean noShuffle;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "take only the first N training samples, before the split")
  public @Nullable Integer limit;

  @Option(
      names = "--truncated-backprop",
      paramLabel = "STEPS",
      description =
          "train long sequences in windows of so many steps, an update each, that keep their states"
              + " from one to the next; of a --model with an answer for each step")
  @Nullable Integer truncatedBackprop;

  @Option(names = "--json", description = "one JSON object a line on stdout")
  public boolean json;

  @Option(names = "--quiet", description = "results and errors alone")
  public boolean quiet;

  @Option(names = "--verbose", description = "more about the run; stack traces of errors")
  public boolean verbose;

  /** Takes over what changes no bit of a run's result from another command line. */
  public void goOnAs(TrainOptions other) {
    threads = other.threads;
    backend = other.backend;
    json = other.json;
    quiet = other.quiet;
    verbose = other.verbose;
    run.resume = other.run.resume;
    run.csvLog = other.run.csvLog;
    run.tensorboard = other.run.tensorboard;
    run.tensorboardHistograms = other.run.tensorboardHistograms;
    run.checkpointEvery =
        other.run.checkpointEvery != null ? other.run.checkpointEvery : run.checkpointEvery;
  }

  /** Returns how {@code fit} runs. */
  public FitOptions fitOptions() {
    FitOptions fit =
        FitOptions.epochs(epochs)
            .withBatchSize(batchSize)
            .withValidationSplit(validationSplit)
            .withSeed(seed);
    FitOptions ordered = noShuffle ? fit.withoutShuffle() : fit;
    return truncatedBackprop == null ? ordered : ordered.withTruncatedBackprop(truncatedBackprop);
  }

  /**
   * Refuses values that make no sense before any work is done.
   *
   * @throws ParameterException naming option, expected and found
   */
  public void check(CommandLine command) {
    OptionRange.check(command, "--epochs", epochs, 1, Integer.MAX_VALUE);
    OptionRange.check(command, "--batch-size", batchSize, 1, MOST_BATCH);
    model.check(command, run.model != null);
    OptionRange.check(command, "--threads", threads, 1, MOST_THREADS);
    if (limit != null) {
      OptionRange.check(command, "--limit", limit, 1, Integer.MAX_VALUE);
    }
    if (truncatedBackprop != null) {
      OptionRange.check(command, "--truncated-backprop", truncatedBackprop, 1, Integer.MAX_VALUE);
      OptionRange.require(
          command,
          run.model != null,
          "--truncated-backprop needs a --model with an answer for each step; a new model has one"
              + " for a sequence");
    }
    OptionRange.require(
        command,
        validationSplit >= 0 && validationSplit < 1,
        "--validation-split must be at least 0 and below 1, found " + validationSplit);
    OptionRange.require(command, !(quiet && verbose), "--quiet and --verbose exclude each other");
    data.check(command);
    optimizer.check(command);
    run.check(command);
    OptionRange.require(
        command,
        run.reduceLrOnPlateau == null || optimizer.isConstant(),
        "--reduce-lr-on-plateau needs --schedule constant and --recipe notebook: a schedule gives"
            + " the step size itself");
    run.checkMonitor(command, validationSplit > 0);
  }
}
