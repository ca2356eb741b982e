package dev.lanewise.cli.train;

import dev.lanewise.cli.picture.NoFontsException;
import dev.lanewise.cli.report.RunReport;
import dev.lanewise.cli.run.Environment;
import dev.lanewise.cli.run.HistoryFiles;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.run.RunRecord;
import dev.lanewise.cli.tell.OptimizerText;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.cli.train.setting.RunSettings;
import dev.lanewise.cli.train.setting.TrainOptions;
import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.Reason;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.data.DataSplits;
import dev.lanewise.engine.train.CsvLogger;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.Evaluation;
import dev.lanewise.engine.train.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run leaves in its folder. Everything here comes after the result has been printed.
 *
 * @param options how the run went
 * @param settings the same by name
 * @param made where to, null if the folder is still to be made
 * @param report is told when all is there
 * @param times each epoch's
 * @param data the samples
 * @param trained the model
 */
record RunResults(
    TrainOptions options,
    Map<String, String> settings,
    @Nullable RunFolder made,
    TrainReport report,
    List<EpochTimes> times,
    DataSplits data,
    TrainedModel trained) {
  /** Writes model, history, curves and report of a run that ended well. */
  void keep(History history, Evaluation test, TrainReport.RunTimes runTimes, String digest) {
    if (options.run.noOut) {
      return;
    }
    RunFolder folder = folder();
    trained.write(trained.model().parameters(), folder, RunFolder.MODEL);
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("fit", runTimes.fit());
    seconds.put("evaluate", runTimes.evaluate());
    seconds.put("total", runTimes.total());
    RunRecord record = record(history, test.values(), seconds, digest);
    write(folder, record);
    try {
      RunReport.write(folder, record, trained.model(), data.train(), data.test());
    } catch (NoFontsException e) {
      System.err.println("note: no curves: " + e.getMessage());
    }
    removeProgress(folder); // now that nothing is left to do again
    report.kept(folder, record);
  }

  /** Writes the history of a run that ended before its time. */
  void keepHistory(History history, double fitSeconds) {
    if (!options.run.noOut && !history.epoch().isEmpty()) {
      write(folder(), record(history, Map.of(), Map.of("fit", fitSeconds), ""));
    }
  }

  private RunFolder folder() {
    return made != null ? made : RunFolder.next(RunFolder.BASE);
  }

  private static void write(RunFolder to, RunRecord record) {
    to.write(RunFolder.HISTORY_CSV, CsvLogger.csv(record.history()));
    to.write(RunFolder.HISTORY_JSON, HistoryFiles.json(record));
  }

  private RunRecord record(
      History history, Map<String, Double> test, Map<String, Double> seconds, String digest) {
    Map<String, String> told = new LinkedHashMap<>(settings);
    told.put("optimizer", OptimizerText.of(trained.model().spec().optimizer()));
    String version = Version.text();
    return new RunRecord(
        history,
        times,
        test,
        told,
        Environment.here(version),
        seconds,
        digest,
        "train " + RunSettings.shellLine(RunSettings.arguments(settings)));
  }

  private static void removeProgress(RunFolder from) {
    try {
      for (String name :
          List.of(CheckpointFolder.NEWEST, CheckpointFolder.PREVIOUS, RunFolder.SETTINGS)) {
        Storage.disk().delete(from.file(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          from.path() + ": a checkpoint cannot be removed: " + Reason.of(e), e);
    }
  }
}
