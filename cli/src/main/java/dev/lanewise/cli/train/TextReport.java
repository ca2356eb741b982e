package dev.lanewise.cli.train;

import dev.lanewise.cli.picture.Curves;
import dev.lanewise.cli.picture.TerminalCurve;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.run.RunRecord;
import dev.lanewise.cli.tell.KerasFormat;
import dev.lanewise.cli.tell.TerminalWidth;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.Evaluation;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Progress;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Results on stdout, progress on stderr: Keras's live line on a terminal, one line an epoch
 * elsewhere, so that logs stay readable.
 */
final class TextReport implements TrainReport {
  /** How much is told. */
  enum Detail {
    QUIET,
    NORMAL,
    VERBOSE
  }

  private final PrintStream out;
  private final PrintStream err;
  private final Detail detail;
  private final @Nullable ProgressLine live;
  private int epochs;
  private int batches;

  TextReport(PrintStream out, PrintStream err, Detail detail, boolean terminal) {
    this.out = out;
    this.err = err;
    this.detail = detail;
    live =
        terminal && detail != Detail.QUIET
            ? new ProgressLine(err, colour(), TerminalWidth.ask())
            : null;
  }

  private static boolean colour() {
    return System.getenv("NO_COLOR") == null;
  }

  @Override
  public void begin(RunFacts facts) {
    epochs = facts.epochs();
    if (detail == Detail.QUIET) {
      return;
    }
    err.println(
        "backend "
            + facts.backend()
            + ": "
            + facts.device()
            + ", "
            + facts.threads()
            + (facts.threads() == 1 ? " thread" : " threads")
            + ", seed "
            + facts.seed());
    if (facts.chosen() || detail == Detail.VERBOSE) {
      err.println("chosen: " + facts.reason());
    }
    if (facts.windowSteps() > 0) {
      err.printf(
          Locale.ROOT,
          "truncated backprop: windows of %d steps, in %,d bytes%n",
          facts.windowSteps(),
          facts.planBytes());
    }
    if (detail == Detail.VERBOSE) {
      err.println("path: " + facts.path());
      err.println(
          facts.parameters()
              + " parameters, plan of "
              + facts.planBytes()
              + " bytes; samples to train "
              + facts.trainSamples()
              + ", to validate "
              + facts.validationSamples()
              + ", to test "
              + facts.testSamples());
    }
  }

  @Override
  public void onEpochBegin(int epoch, int count) {
    batches = count;
    if (detail == Detail.QUIET) {
      return;
    }
    if (epochs > 1) {
      err.println("Epoch " + (epoch + 1) + "/" + epochs);
    }
    if (live != null) {
      live.begin(count);
    }
  }

  @Override
  public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
    if (live != null) {
      live.update(batch + 1, progress);
    }
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
    if (live != null) {
      live.end(logs);
    } else if (detail != Detail.QUIET) {
      double seconds = times.trainSeconds() + times.validationSeconds();
      err.println(
          KerasFormat.counter(batches, batches)
              + " - "
              + Math.round(seconds)
              + "s - "
              + KerasFormat.perStep(seconds / batches)
              + KerasFormat.metrics(logs));
    }
  }

  @Override
  public void end(Evaluation test, RunTimes times, String weightsSha256) {
    test.values()
        .forEach((name, value) -> out.println("test " + name + ": " + KerasFormat.value(value)));
    if (detail == Detail.VERBOSE) {
      err.println("weights " + weightsSha256);
      err.println(
          "seconds: fit "
              + KerasFormat.value(times.fit())
              + ", evaluate "
              + KerasFormat.value(times.evaluate())
              + ", total "
              + KerasFormat.value(times.total()));
    }
  }

  @Override
  public void kept(RunFolder folder, RunRecord record) {
    if (detail == Detail.QUIET) {
      return;
    }
    if (record.history().epoch().size() > 1) {
      curve(record.history());
    }
    err.println("run folder: " + folder.path());
  }

  /** What a glance at the plots would show: the training set's loss and the validation set's. */
  private void curve(History history) {
    List<List<Double>> curves = new ArrayList<>();
    for (String name : List.of("loss", "val_loss")) {
      List<Double> values = history.history().get(name);
      if (values != null) {
        curves.add(values);
      }
    }
    String loss = Curves.lossLabel(Curves.metric(List.of(new Curves.Run("", history))));
    err.print(TerminalCurve.of(loss + " against epochs", curves));
  }
}
