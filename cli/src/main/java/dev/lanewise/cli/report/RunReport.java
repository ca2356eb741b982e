package dev.lanewise.cli.report;

import dev.lanewise.cli.picture.Canvas;
import dev.lanewise.cli.picture.Curves;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.run.RunRecord;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.train.Model;
import java.util.List;

/** Writes the files of a run that are to be looked at. */
public final class RunReport {
  private RunReport() {}

  /**
   * Writes curves and report.
   *
   * @param model answers for the test set
   */
  public static void write(
      RunFolder folder, RunRecord run, Model model, Dataset training, Dataset test) {
    Canvas curves = Curves.of(List.of(new Curves.Run("", run.history())));
    folder.write(RunFolder.CURVES + ".svg", curves.svg());
    folder.write(RunFolder.CURVES + ".png", curves.png());
    folder.write(RunFolder.REPORT, HtmlReport.of(run, Answers.of(model, test), training));
  }
}
