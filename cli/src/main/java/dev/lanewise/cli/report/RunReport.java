package dev.lanewise.cli.report;

import dev.lanewise.cli.picture.Canvas;
import dev.lanewise.cli.picture.Curves;
import dev.lanewise.cli.picture.NoFontsException;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.run.RunRecord;
import dev.lanewise.cli.thread.Background;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.train.Model;
import java.util.List;

/** Writes the files of a run that are to be looked at. */
public final class RunReport {
  private RunReport() {}

  /**
   * Writes report and curves.
   *
   * @param model answers for the test set
   * @throws NoFontsException if the system has no font, after the report, which then has numbers
   *     only
   */
  public static void write(
      RunFolder folder, RunRecord run, Model model, Dataset training, Dataset test) {
    Canvas curves = Curves.of(List.of(new Curves.Run("", run.history())));
    Background<byte[]> png = Background.begin("lanewise-picture", curves::png);
    Findings findings = Findings.of(model, test);
    String pad = DrawingPad.of(model, training);
    folder.write(RunFolder.REPORT, HtmlReport.of(run, findings, training, pad));
    folder.write(RunFolder.CURVES + ".svg", curves.svg());
    folder.write(RunFolder.CURVES + ".png", png.await());
  }
}
