package dev.lanewise.bench.longrange;

import dev.lanewise.bench.Cell;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.Evaluation;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trains one recurrent layer on a {@link Task} and says after each epoch how it does on the test.
 */
public final class LongRange {
  private static final double CLIP = 1;
  private static final int TEST_BATCH = 500;

  private LongRange() {}

  /**
   * Trains.
   *
   * @param args the task, the cell, units, epochs, batch size, the step size, the number of threads
   *     and, for an LSTM that is to begin with {@link ChronoBias}, the longest way back in steps
   * @throws IllegalArgumentException if they are not these
   */
  public static void main(String[] args) {
    if (args.length != 7 && args.length != 8) {
      throw usage("found " + List.of(args));
    }
    try {
      train(args);
    } catch (NumberFormatException e) {
      throw usage("a number is none: " + e.getMessage());
    }
  }

  private static IllegalArgumentException usage(String found) {
    return new IllegalArgumentException(
        "longrange: expected TASK CELL UNITS EPOCHS BATCH RATE THREADS [CHRONO], "
            + found
            + "; for example: longrange adding gru 64 10 50 0.002 2");
  }

  private static void train(String[] args) {
    Task task = Task.named(args[0]);
    Cell kind =
        Arrays.stream(Cell.values())
            .filter(each -> each.name().equals(args[1]))
            .findFirst()
            .orElseThrow(() -> usage("no CELL " + args[1] + " of " + List.of(Cell.values())));
    Layer cell = kind.layer(Integer.parseInt(args[2]));
    if (args.length == 8 && kind != Cell.lstm) {
      throw usage("found CHRONO for " + kind + ": it begins an lstm's bias");
    }
    if (task.answersEachStep() && cell instanceof Recurrent recurrent) {
      cell = recurrent.with(recurrent.options().returningSequences());
    }
    Task.Split data = task.data();
    Adam adam = Adam.of(Double.parseDouble(args[5]));
    adam = adam.withOptions(adam.options().withClipping(GradientClipping.globalNorm(CLIP)));
    FitOptions options =
        FitOptions.epochs(Integer.parseInt(args[3]))
            .withBatchSize(Integer.parseInt(args[4]))
            .withSeed(1);
    try (Model model =
        Model.sequential(
                data.training().sampleShape(),
                cell,
                Dense.of(task.outputs(), task.outputActivation()))
            .withSeed(1)
            .withThreads(Integer.parseInt(args[6]))
            .compile(adam, task.loss(), task.metrics().toArray(Metric[]::new))) {
      if (args.length == 8) {
        ChronoBias.give(model, Integer.parseInt(args[2]), Integer.parseInt(args[7]));
      }
      model.fit(data.training(), options, new Tested(model, data.test()));
    }
  }

  /** Prints an epoch's figures. */
  private record Tested(Model model, Dataset test, long start) implements Callback {
    Tested(Model model, Dataset test) {
      this(model, test, System.nanoTime());
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
      double seconds = (System.nanoTime() - start) * 1e-9;
      Evaluation found = model.evaluate(test, TEST_BATCH);
      System.out.printf(
          Locale.ROOT,
          "epoch %d after %.0f s: loss %.3g, test %s%n",
          epoch,
          seconds,
          logs.get("loss"),
          found.values());
    }
  }
}
