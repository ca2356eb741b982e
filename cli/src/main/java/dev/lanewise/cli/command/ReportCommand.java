package dev.lanewise.cli.command;

import dev.lanewise.cli.argument.DataOptions;
import dev.lanewise.cli.argument.ModelArgument;
import dev.lanewise.cli.report.RunReport;
import dev.lanewise.cli.run.HistoryFiles;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.run.RunRecord;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.engine.data.DataSplits;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.data.Scaling;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.ModelFormatException;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.train.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code report}: curves and report of a run, made again. */
@Command(
    name = "report",
    description = "Writes curves and report.html of a run again, from its history, model and data.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  lanewise report lanewise-out/1", "  lanewise report lanewise-out/1 --data mnist"})
public final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "the folder that train left")
  private Path folder = Path.of("");

  @Mixin private DataOptions data = new DataOptions();

  @Override
  public Integer call() {
    if (!Files.isDirectory(folder)) {
      throw new FormatException(folder + ": expected the folder of a run");
    }
    RunFolder run = new RunFolder(folder);
    RunRecord record = HistoryFiles.readRun(run.file(RunFolder.HISTORY_JSON));
    run.requireRoom(0);
    SavedModel described = KerasFile.read(run.file(RunFolder.MODEL));
    String trainedOn = record.settings().get("--data");
    if (data.data.isEmpty() && trainedOn != null) {
      data.data = List.of(trainedOn);
    }
    String scaling = record.settings().get("--scaling");
    if (data.scaling == null && scaling != null) {
      data.scaling = Scaling.valueOf(scaling);
    }
    DataSplits read = data.begin(described.spec()).await();
    SavedModel saved = ModelArgument.forSamples(described, read.test());
    DataSplits splits = read.shapedFor(saved.inputs());
    if (!saved.inputs().equals(splits.test().inputs())) {
      throw new ModelFormatException(
          folder
              + ": the model takes "
              + Dataset.shown(saved.inputs())
              + ", the data are "
              + Dataset.shown(splits.test().inputs()));
    }
    ModelArgument.requireSamples(folder, saved, splits.test());
    try (Model model = saved.toModel()) {
      RunReport.write(run, record, model, splits.train(), splits.test());
    }
    System.out.println(run.file(RunFolder.REPORT));
    return 0;
  }
}
