package dev.lanewise.cli;

import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.run.RunLock;
import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.text.Printable;
import dev.lanewise.engine.train.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code train}: the founding benchmark, {@code SimpleRNN(units) -> Dense(classes, softmax)}. */
@Command(
    name = "train",
    description =
        "Trains SimpleRNN -> Dense(softmax) on images, prints the test accuracy and leaves a folder"
            + " with model, history, curves and report.",
    mixinStandardHelpOptions = true,
    versionProvider = Lanewise.Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  lanewise train", "  lanewise train --epochs 1 --limit 6000 --recipe tuned --json"})
final class TrainCommand implements Callable<Integer> {
  @Mixin private TrainOptions options = new TrainOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec, "picocli sets it").commandLine();
    options.check(command);
    OptionRange.require(
        command,
        options.run.model == null || !command.getParseResult().hasMatchedOption("--units"),
        "--units cannot be given with --model, which has its own");
    Path named = options.run.resume != null ? options.run.resume : options.run.out;
    if (named == null) {
      return new TrainRun(options, RunSettings.of(command), null).run();
    }
    RunLock lock = RunLock.of(RunFolder.at(named));
    try {
      return inFolder(command);
    } finally {
      lock.close();
    }
  }

  private int inFolder(CommandLine command) {
    Checkpoint.@Nullable Loaded interrupted = interrupted();
    if (interrupted == null) {
      EndedRun ended = EndedRun.in(options.run.resume);
      return ended != null
          ? ended.tell(command, options)
          : new TrainRun(options, RunSettings.of(command), null).run();
    }
    RunSettings.requireSame(command, interrupted.checkpoint().settings());
    TrainCommand started = new TrainCommand();
    CommandLine earlier = new CommandLine(started);
    earlier.parseArgs(
        RunSettings.arguments(interrupted.checkpoint().settings()).toArray(String[]::new));
    started.options.goOnAs(options);
    if (!options.quiet) {
      interrupted.notes().forEach(note -> System.err.println("note: " + Printable.of(note)));
    }
    return new TrainRun(
            started.options, interrupted.checkpoint().settings(), interrupted.checkpoint().state())
        .run();
  }

  /** Returns where the run to be taken up stands, or null if there is none to go on with. */
  private Checkpoint.@Nullable Loaded interrupted() {
    Path folder = options.run.resume;
    if (folder == null
        || !(Files.exists(folder.resolve(CheckpointFolder.NEWEST))
            || Files.exists(folder.resolve(CheckpointFolder.PREVIOUS)))) {
      return null;
    }
    try {
      return Checkpoint.load(new CheckpointFolder(Storage.disk(), folder));
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
