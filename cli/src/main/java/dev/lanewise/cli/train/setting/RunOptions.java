package dev.lanewise.cli.train.setting;

import dev.lanewise.cli.argument.OptionRange;
import dev.lanewise.cli.tell.RunFailedException;
import dev.lanewise.engine.metric.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What a training run starts from and leaves. */
public final class RunOptions {
  private static final String VALIDATION = "val_";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "the run's folder (a fresh numbered one in lanewise-out)")
  public @Nullable Path out;

  @Option(names = "--force", description = "replace a run or model in --out's folder")
  public boolean force;

  @Option(names = "--no-out", description = "write no files")
  public boolean noOut;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description =
          "go on training this .keras or .h5 model, with its optimizer and its state; options of"
              + " the optimizer outweigh the model's")
  public @Nullable Path model;

  @Option(
      names = "--init",
      paramLabel = "FILE",
      description = "start from the weights of this .keras, .weights.h5 or .h5 file")
  public @Nullable Path init;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = "save a checkpoint in the run's folder every N updates")
  public @Nullable Integer checkpointEvery;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description =
          "go on with the run in this folder, with its own settings and to the same bits; begin it"
              + " there if it has no checkpoint yet")
  public @Nullable Path resume;

  @Option(
      names = "--early-stopping",
      paramLabel = "EPOCHS",
      description = "end the run when the monitored value has not got better for so many epochs")
  public @Nullable Integer earlyStopping;

  @Option(
      names = "--reduce-lr-on-plateau",
      paramLabel = "EPOCHS",
      description =
          "lower the step size when the monitored value has not got better for so many epochs")
  public @Nullable Integer reduceLrOnPlateau;

  @Option(
      names = "--reduce-lr-factor",
      paramLabel = "F",
      defaultValue = "0.1",
      description = "what --reduce-lr-on-plateau multiplies it by (${DEFAULT-VALUE})")
  public double reduceLrFactor = 0.1;

  @Option(
      names = "--monitor",
      paramLabel = "NAME",
      defaultValue = "val_loss",
      description =
          "what --early-stopping, --save-best and --reduce-lr-on-plateau look at"
              + " (${DEFAULT-VALUE})")
  public String monitor = "val_loss";

  @Option(
      names = "--restore-best",
      description = "with --early-stopping: end with the weights of the best epoch")
  public boolean restoreBest;

  @Option(
      names = "--batch-losses",
      paramLabel = "FILE",
      description = "write each batch's loss as CSV: epoch,batch,loss")
  public @Nullable Path batchLosses;

  @Option(names = "--save-best", description = "keep the best epoch's model as best.keras")
  public boolean saveBest;

  @Option(
      names = "--csv-log",
      paramLabel = "FILE",
      description = "write each epoch's values as CSV, epoch by epoch")
  public @Nullable Path csvLog;

  @Option(
      names = "--tensorboard",
      paramLabel = "DIR",
      description =
          "write event files for TensorBoard in DIR/train and DIR/validation, with Keras's tags,"
              + " settings, samples and confusion matrix")
  public @Nullable Path tensorboard;

  @Option(
      names = "--tensorboard-histograms",
      paramLabel = "EPOCHS",
      description = "with --tensorboard: histograms of all weights every so many epochs (none)")
  public @Nullable Integer tensorboardHistograms;

  @Option(
      names = "--terminate-on-nan",
      description =
          "when the loss is no number, keep the history and the report of the epochs before")
  public boolean terminateOnNan;

  /** Refuses combinations that make no sense. */
  void check(CommandLine command) {
    OptionRange.require(command, !(noOut && out != null), "--out and --no-out exclude each other");
    OptionRange.require(
        command, !(resume != null && out != null), "--resume names the folder; leave --out away");
    OptionRange.require(
        command,
        !(noOut && (resume != null || checkpointEvery != null || saveBest)),
        "--no-out leaves no place for checkpoints or the best model");
    OptionRange.require(
        command, !(model != null && init != null), "--model and --init exclude each other");
    OptionRange.require(
        command,
        batchLosses == null || (resume == null && checkpointEvery == null),
        "--batch-losses cannot go on in another process; leave it away with checkpoints");
    OptionRange.require(
        command, earlyStopping != null || !restoreBest, "--restore-best needs --early-stopping");
    if (checkpointEvery != null) {
      OptionRange.check(command, "--checkpoint-every", checkpointEvery, 1, Integer.MAX_VALUE);
    }
    OptionRange.require(
        command,
        tensorboardHistograms == null || tensorboard != null,
        "--tensorboard-histograms needs --tensorboard");
    if (tensorboardHistograms != null) {
      OptionRange.check(
          command, "--tensorboard-histograms", tensorboardHistograms, 1, Integer.MAX_VALUE);
    }
    if (earlyStopping != null) {
      OptionRange.check(command, "--early-stopping", earlyStopping, 1, Integer.MAX_VALUE);
    }
    if (reduceLrOnPlateau != null) {
      OptionRange.check(command, "--reduce-lr-on-plateau", reduceLrOnPlateau, 1, Integer.MAX_VALUE);
    }
    OptionRange.require(
        command,
        reduceLrFactor > 0 && reduceLrFactor < 1,
        "--reduce-lr-factor must be above 0 and below 1, found " + reduceLrFactor);
  }

  private String monitored() {
    return monitor.startsWith(VALIDATION) ? monitor.substring(VALIDATION.length()) : monitor;
  }

  /** Returns what is wrong with watching a value where these metrics are reported, or null. */
  private @Nullable String monitorFault(List<Metric> reported) {
    Set<String> names = new TreeSet<>(Set.of("loss"));
    reported.forEach(metric -> names.add(metric.kerasName()));
    return names.contains(monitored())
        ? null
        : "--monitor must be one of " + names + ", or one with val_ before it, found " + monitor;
  }

  /**
   * Refuses a value that a model from a file does not report.
   *
   * @throws RunFailedException naming those that it does
   */
  public void requireReported(List<Metric> reported) {
    String fault = earlyStopping == null && !saveBest ? null : monitorFault(reported);
    if (fault != null) {
      throw new RunFailedException(fault);
    }
  }

  /** Refuses a value that no epoch will report, before one has been waited for. */
  void checkMonitor(CommandLine command, boolean validated) {
    if (earlyStopping == null && !saveBest && reduceLrOnPlateau == null) {
      return;
    }
    String plain = monitored();
    if (model == null) {
      String fault = monitorFault(List.of(Metric.ACCURACY));
      OptionRange.require(command, fault == null, String.valueOf(fault));
    }
    OptionRange.require(
        command,
        validated || plain.equals(monitor),
        "--monitor "
            + monitor
            + " needs a --validation-split above 0; or watch --monitor "
            + plain);
  }
}
