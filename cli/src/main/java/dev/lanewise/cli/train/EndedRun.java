package dev.lanewise.cli.train;

import dev.lanewise.cli.run.HistoryFiles;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.run.RunRecord;
import dev.lanewise.cli.train.setting.RunSettings;
import dev.lanewise.cli.train.setting.TrainOptions;
import dev.lanewise.engine.train.Evaluation;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * A run that has nothing left to do. Whoever repeats its command line, as a script does that starts
 * a program again until it ends well, is told the result that is there; to train once more would
 * put other files in the place of what was kept.
 *
 * @param folder of the run
 * @param record what it left
 */
record EndedRun(RunFolder folder, RunRecord record) {
  /** Returns the run that has ended in a folder, or null if none has. */
  static @Nullable EndedRun in(RunFolder folder) {
    Path history = folder.file(RunFolder.HISTORY_JSON);
    if (!Files.exists(history) || !Files.exists(folder.file(RunFolder.MODEL))) {
      return null;
    }
    RunRecord record = HistoryFiles.readRun(history);
    // One that was given up has no result.
    return record.weightsSha256().isEmpty() ? null : new EndedRun(folder, record);
  }

  /**
   * Tells the result again.
   *
   * @throws CommandLine.ParameterException if other settings are asked for than the run's
   */
  int tell(CommandLine command, TrainOptions options) {
    RunSettings.requireSame(
        command,
        record.settings(),
        "it has ended; to train on from it: --model "
            + folder.file(RunFolder.MODEL)
            + " --out ANOTHER, with the epochs to add");
    if (!options.quiet) {
      System.err.println(
          "note: the run in "
              + folder.path()
              + " has ended; --model "
              + folder.file(RunFolder.MODEL)
              + " trains on from it, report draws its pages again");
    }
    TrainReport report =
        options.json
            ? new JsonReport(System.out)
            : new TextReport(System.out, System.err, TextReport.Detail.QUIET, false);
    report.end(
        new Evaluation(record.test()),
        new TrainReport.RunTimes(seconds("fit"), seconds("evaluate"), seconds("total")),
        record.weightsSha256());
    report.kept(folder, record);
    return 0;
  }

  private double seconds(String part) {
    return record.seconds().getOrDefault(part, 0.0);
  }
}
