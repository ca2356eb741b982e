package dev.lanewise.cli.train;

import dev.lanewise.cli.argument.BackendChoice;
import dev.lanewise.cli.argument.DataOptions;
import dev.lanewise.cli.argument.ModelArgument;
import dev.lanewise.cli.argument.NewModelInput;
import dev.lanewise.cli.argument.TrainingData;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.run.RunLock;
import dev.lanewise.cli.tell.RunFailedException;
import dev.lanewise.cli.tell.Terminal;
import dev.lanewise.cli.tell.WeightsDigest;
import dev.lanewise.cli.train.setting.RunOptions;
import dev.lanewise.cli.train.setting.RunSettings;
import dev.lanewise.cli.train.setting.TrainOptions;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.data.DataSplits;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.Checkpoints;
import dev.lanewise.engine.train.CsvLogger;
import dev.lanewise.engine.train.EarlyStopping;
import dev.lanewise.engine.train.Evaluation;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Model;
import dev.lanewise.engine.train.ModelCheckpoint;
import dev.lanewise.engine.train.Monitor;
import dev.lanewise.engine.train.ReduceLrOnPlateau;
import dev.lanewise.engine.train.TerminateOnNaN;
import dev.lanewise.engine.train.TrainingState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One run of {@code train}, from its options to what it leaves. */
final class TrainRun {
  private static final String DATA_DIGEST = "data";

  private final TrainOptions options;
  private final Map<String, String> settings;
  private final @Nullable TrainingState state;
  private final TrainReport report;
  private final TerminateOnNaN termination = new TerminateOnNaN();
  private final EpochClock clock = new EpochClock();

  /** Of a numbered folder; a named one is held by the command. */
  private @Nullable RunLock lock;

  /**
   * Prepares a run.
   *
   * @param options how
   * @param settings the same by name, as far as the result depends on them
   * @param state where the run stands if it is taken up again
   */
  TrainRun(TrainOptions options, Map<String, String> settings, @Nullable TrainingState state) {
    this.options = options;
    this.settings = settings;
    this.state = state;
    report = report();
  }

  int run() {
    Path file = options.run.model;
    SavedModel saved = file == null ? null : ModelArgument.read(file);
    TrainingData reading =
        saved == null
            ? options.data.begin(options.model.classes == null ? 0 : options.model.classes)
            : options.data.begin(saved.spec());
    BackendChoice choice = BackendChoice.of(options.backend);
    RunFolder folder = folderFromTheStart();
    if (options.run.csvLog != null) {
      AtomicFile.requireReplaceable(options.run.csvLog);
    }
    try (BatchLosses losses = batchLosses()) {
      EarlyWarmUp.await(choice.backend()); // beside the reading
      train(choice, saved, reading.await(), folder, losses);
      if (losses != null) {
        losses.finish();
      }
    } finally {
      if (lock != null) {
        lock.close();
      }
    }
    return 0;
  }

  private @Nullable BatchLosses batchLosses() {
    return options.run.batchLosses == null ? null : new BatchLosses(options.run.batchLosses);
  }

  /** A numbered folder is made when there is something to put into it, a named one at once. */
  private @Nullable RunFolder folderFromTheStart() {
    RunOptions run = options.run;
    if (run.noOut) {
      return null;
    }
    if (run.resume != null) {
      return RunFolder.at(run.resume);
    }
    if (run.out != null) {
      return RunFolder.at(run.out);
    }
    if (run.checkpointEvery != null || run.saveBest) {
      return numbered();
    }
    RunFolder.requirePossible(RunFolder.BASE, 0);
    return null;
  }

  /** Whoever has to take the run up again after a crash needs its name before the end. */
  private RunFolder numbered() {
    RunFolder folder = RunFolder.next(RunFolder.BASE);
    lock = RunLock.of(folder);
    if (options.run.checkpointEvery != null && !options.quiet) {
      System.err.println(
          "checkpoints in " + folder.path() + "; --resume " + folder.path() + " goes on from them");
    }
    return folder;
  }

  private void train(
      BackendChoice choice,
      @Nullable SavedModel described,
      DataSplits read,
      @Nullable RunFolder folder,
      @Nullable BatchLosses losses) {
    SavedModel saved = described == null ? null : ModelArgument.forSamples(described, read.train());
    if (saved == null) {
      NewModelInput.requireClasses(read.train(), options.model.classes);
    }
    FitOptions fit = options.fitOptions();
    try (TrainedModel trained = TrainedModel.of(options, saved, choice, limited(read.train()));
        TensorBoardPages board = TensorBoardPages.of(options.run, trained.model().spec())) {
      Model model = trained.model();
      options.run.requireReported(model.metrics());
      DataSplits data = read.shapedFor(model.spec().inputs());
      ModelArgument.requireTokens(model.spec(), data.test());
      if (!options.quiet) {
        DataOptions.tell(data);
      }
      Dataset samples = limited(data.train());
      model.prepare(Math.min(options.batchSize, samples.size()), fit.truncatedBackprop());
      requireRoom(trained, folder);
      Callback[] callbacks = callbacks(trained, folder, losses, board, samples);
      if (board != null) {
        board.begin(settings, model.spec(), samples);
      }
      if (folder != null && (options.run.resume != null || options.run.checkpointEvery != null)) {
        RunSettings.keep(folder, settings);
      }
      report.begin(facts(trained, !trained.choice().equals(choice), samples, data.test()));
      long begin = System.nanoTime();
      History history =
          state == null
              ? model.fit(samples, fit, callbacks)
              : model.resume(state, samples, fit, callbacks);
      double fitSeconds = (System.nanoTime() - begin) * 1e-9;
      RunResults results =
          new RunResults(options, settings, folder, report, clock.times(), data, trained);
      if (termination.terminated()) {
        results.keepHistory(history, fitSeconds);
        throw new RunFailedException(
            "the loss is no number after epoch "
                + history.epoch().size()
                + "; lower the learning rate");
      }
      finish(model, data, results, history, fitSeconds);
      if (board != null) {
        board.end(model, data.test(), options.epochs);
      }
    }
  }

  private Dataset limited(Dataset samples) {
    return options.limit != null && options.limit < samples.size()
        ? samples.slice(0, options.limit)
        : samples;
  }

  /** A trained model that finds no place is lost: the place is tried before the training. */
  private void requireRoom(TrainedModel trained, @Nullable RunFolder folder) {
    int files = 1 + (options.run.saveBest ? 1 : 0);
    if (folder != null) {
      folder.requireRoom(files * trained.fileBytes());
    } else if (!options.run.noOut) {
      RunFolder.requirePossible(RunFolder.BASE, files * trained.fileBytes());
    }
  }

  private void finish(
      Model model, DataSplits data, RunResults results, History history, double fitSeconds) {
    long begin = System.nanoTime();
    model.resetStates(); // the file that is left has none
    Evaluation test = model.evaluate(data.test(), options.batchSize);
    double evaluateSeconds = (System.nanoTime() - begin) * 1e-9;
    if (!Double.isFinite(test.loss())) {
      throw new RunFailedException(
          "the test loss is " + test.loss() + " after the last update; lower the learning rate");
    }
    String digest = WeightsDigest.sha256(model.parameters().values());
    TrainReport.RunTimes times =
        new TrainReport.RunTimes(fitSeconds, evaluateSeconds, RunClock.seconds());
    report.end(test, times, digest);
    results.keep(history, test, times, digest);
  }

  /** Those with a state of their own first; checkpoints last, when all others have seen a batch. */
  private Callback[] callbacks(
      TrainedModel trained,
      @Nullable RunFolder folder,
      @Nullable BatchLosses losses,
      @Nullable TensorBoardPages board,
      Dataset samples) {
    RunOptions run = options.run;
    Monitor monitor = Monitor.of(run.monitor, trained.model().metrics());
    List<Callback> watchers = new ArrayList<>(List.of(clock));
    if (board != null) {
      watchers.add(board.callback());
    }
    if (run.csvLog != null) {
      watchers.add(new CsvLogger(run.csvLog));
    }
    List<Callback> callbacks = new ArrayList<>(List.of(report, new Watchers(watchers)));
    if (losses != null) {
      callbacks.add(losses);
    }
    if (run.earlyStopping != null) {
      callbacks.add(new EarlyStopping(monitor, run.earlyStopping, run.restoreBest));
    }
    if (run.reduceLrOnPlateau != null) {
      ReduceLrOnPlateau.Reduction reduction =
          ReduceLrOnPlateau.Reduction.withDefaults()
              .withPatience(run.reduceLrOnPlateau)
              .withFactor(run.reduceLrFactor);
      callbacks.add(new ReduceLrOnPlateau(ReduceLrOnPlateau.monitor(run.monitor), reduction));
    }
    if (run.saveBest && folder != null) {
      callbacks.add(
          new ModelCheckpoint(monitor, best -> trained.write(best, folder, RunFolder.BEST_MODEL)));
    }
    if (run.terminateOnNan) {
      callbacks.add(termination);
    }
    if (run.checkpointEvery != null && folder != null) {
      Map<String, String> kept = new TreeMap<>(settings);
      kept.put(DATA_DIGEST, DataDigest.crc32c(samples));
      requireSameData(kept);
      callbacks.add(
          new Checkpoints(
              new CheckpointFolder(Storage.disk(), folder.path()), kept, run.checkpointEvery));
    }
    return callbacks.toArray(Callback[]::new);
  }

  private void requireSameData(Map<String, String> kept) {
    String before = settings.get(DATA_DIGEST);
    if (before != null && !before.equals(kept.get(DATA_DIGEST))) {
      throw new RunFailedException(
          "the training data differ from those that the run was started with (CRC-32C "
              + before
              + ", found "
              + kept.get(DATA_DIGEST)
              + ")");
    }
  }

  /** Where the run goes is told with its reason if that was asked for, or is not where it would. */
  private TrainReport.RunFacts facts(
      TrainedModel trained, boolean elsewhere, Dataset samples, Dataset test) {
    BackendChoice choice = trained.choice();
    Model model = trained.model();
    int train = options.fitOptions().trainingCount(samples.size());
    return new TrainReport.RunFacts(
        choice.backend().name(),
        choice.probe().description(),
        choice.reason(),
        elsewhere || options.backend == BackendChoice.Wanted.auto,
        choice.backend().pathOf(model.spec()),
        options.threads,
        CpuBackend.vectorBits(),
        options.seed,
        options.epochs,
        train,
        samples.size() - train,
        test.size(),
        model.spec().parameterCount(),
        model.bytes(),
        options.fitOptions().truncatedBackprop());
  }

  private TrainReport report() {
    if (options.json) {
      return new JsonReport(System.out);
    }
    TextReport.Detail detail = TextReport.Detail.NORMAL;
    if (options.quiet) {
      detail = TextReport.Detail.QUIET;
    } else if (options.verbose) {
      detail = TextReport.Detail.VERBOSE;
    }
    return new TextReport(System.out, System.err, detail, Terminal.isThere());
  }
}
