package dev.lanewise.cli.train;

import dev.lanewise.cli.argument.OptionRange;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.run.RunLock;
import dev.lanewise.cli.tell.OptionGroups;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.cli.train.setting.ModelOptions;
import dev.lanewise.cli.train.setting.RunSettings;
import dev.lanewise.cli.train.setting.TrainOptions;
import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.DamagedFileException;
import dev.lanewise.engine.checkpoint.Reason;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.text.Printable;
import dev.lanewise.engine.train.Checkpoint;
import dev.lanewise.engine.train.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code train}: by default the founding benchmark, {@code SimpleRNN -> Dense(softmax)}. */
@Command(
    name = "train",
    description =
        "Trains a recurrent network (SimpleRNN, LSTM or GRU -> Dense(softmax)) on images, prints"
            + " the test accuracy and leaves a folder with model, history, curves and report.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    footerHeading = "%nExamples:%n",
    footer = {"  lanewise train", "  lanewise train --epochs 1 --limit 6000 --recipe tuned --json"})
public final class TrainCommand implements Callable<Integer> {
  @Mixin private TrainOptions options = new TrainOptions();

  private @Nullable CommandSpec spec;

  @Spec
  void spec(CommandSpec own) {
    spec = own;
    OptionGroups.tell(own, TrainHelp.GROUPS);
  }

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec, "picocli sets it").commandLine();
    options.check(command);
    if (options.run.model != null) {
      ModelOptions.requireNone(command);
    }
    Path named = options.run.resume != null ? options.run.resume : options.run.out;
    if (named == null) {
      return new TrainRun(options, RunSettings.of(command), null).run();
    }
    RunFolder folder = RunFolder.at(named);
    RunLock lock = RunLock.of(folder);
    try {
      return options.run.resume == null ? anew(command, folder) : onward(command, folder);
    } finally {
      lock.close();
    }
  }

  /**
   * Neither what an interrupted run has saved nor what an earlier one has learned is put aside by a
   * slip of the fingers.
   */
  private int anew(CommandLine command, RunFolder folder) {
    boolean begun = Files.exists(folder.file(RunFolder.SETTINGS)) && EndedRun.in(folder) == null;
    OptionRange.require(
        command,
        !begun && !folder.hasCheckpoint(),
        "--out "
            + folder.path()
            + ": a run in it was interrupted; --resume "
            + folder.path()
            + " goes on with it, another folder takes a new one");
    OptionRange.require(
        command,
        options.run.force || !Files.exists(folder.file(RunFolder.MODEL)),
        "--out "
            + folder.path()
            + ": has a "
            + RunFolder.MODEL
            + " already; name another folder, --force replaces what is there");
    return new TrainRun(options, RunSettings.of(command), null).run();
  }

  private int onward(CommandLine command, RunFolder folder) {
    if (folder.hasCheckpoint()) {
      Checkpoint.Loaded interrupted = interrupted(folder);
      if (!options.quiet) {
        interrupted.notes().forEach(note -> System.err.println("note: " + Printable.of(note)));
      }
      Checkpoint checkpoint = interrupted.checkpoint();
      return goOn(command, folder, checkpoint.settings(), checkpoint.state());
    }
    EndedRun ended = EndedRun.in(folder);
    if (ended != null) {
      return ended.tell(command, options);
    }
    Map<String, String> begun = RunSettings.kept(command, folder);
    if (begun != null) {
      return goOn(command, folder, begun, null);
    }
    OptionRange.require(
        command,
        !RunSettings.given(command).isEmpty(),
        "--resume "
            + folder.path()
            + ": there is no run to go on with; to begin one there, give its options too, for"
            + " example --checkpoint-every 100");
    return new TrainRun(options, RunSettings.of(command), null).run();
  }

  private int goOn(
      CommandLine command,
      RunFolder folder,
      Map<String, String> settings,
      @Nullable TrainingState state) {
    RunSettings.requireSame(command, settings, "leave it away, or name another folder");
    TrainOptions started = started(folder, settings);
    started.goOnAs(options);
    String log = settings.get("--csv-log");
    if (log != null && options.run.csvLog == null && !options.quiet) {
      System.err.println(
          "note: --csv-log " + Printable.of(log) + " is not gone on with; give it again for that");
    }
    return new TrainRun(started, settings, state).run();
  }

  /** What stands in a file is held to what the command line is held to. */
  private static TrainOptions started(RunFolder folder, Map<String, String> settings) {
    TrainCommand started = new TrainCommand();
    CommandLine earlier = new CommandLine(started).setExpandAtFiles(false);
    try {
      earlier.parseArgs(RunSettings.arguments(settings).toArray(String[]::new));
      started.options.check(earlier);
    } catch (ParameterException e) {
      throw new DamagedFileException(
          folder.path() + ": the settings of the run in it cannot be used: " + e.getMessage());
    }
    return started.options;
  }

  private static Checkpoint.Loaded interrupted(RunFolder folder) {
    try {
      return Checkpoint.load(new CheckpointFolder(Storage.disk(), folder.path()));
    } catch (IOException e) {
      throw new UncheckedIOException(folder.path() + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
