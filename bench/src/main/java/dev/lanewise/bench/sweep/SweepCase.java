package dev.lanewise.bench.sweep;

import dev.lanewise.bench.Cell;
import dev.lanewise.bench.FoundingModel;
import java.util.ArrayList;
import java.util.List;

/**
 * One size.
 *
 * @param units the recurrent layer's units
 * @param batch samples of a batch
 * @param steps time steps of a sample
 * @param features values of a step
 * @param threads threads of the plan
 */
record SweepCase(int units, int batch, int steps, int features, int threads) {
  private static final int[] UNITS = {16, 32, 64, 100, 150, 256, 512, 1024};
  private static final int[] BATCHES = {1, 16, 64, 150, 256, 1024};
  private static final int[] STEPS = {1, 28, 100, 784};
  private static final int[] FEATURES = {1, 28, 256};
  private static final int[] THREADS = {1, 2};

  /**
   * Multiplications and additions of the largest case that is run, about half a second of two
   * cores.
   */
  private static final double MOST_GFLOP = 100;

  /** Every combination but those that take seconds a step. */
  static List<SweepCase> all() {
    List<SweepCase> cases = new ArrayList<>();
    for (int threads : THREADS) {
      for (int features : FEATURES) {
        for (int steps : STEPS) {
          for (int batch : BATCHES) {
            for (int units : UNITS) {
              cases.add(new SweepCase(units, batch, steps, features, threads));
            }
          }
        }
      }
    }
    return cases.stream().filter(each -> each.gflop() <= MOST_GFLOP).toList();
  }

  /** The founding benchmark's size, and the others along one axis at a time. */
  static List<SweepCase> core() {
    List<SweepCase> cases = new ArrayList<>();
    for (int threads : THREADS) {
      for (int units : UNITS) {
        cases.add(new SweepCase(units, 150, 28, 28, threads));
      }
      for (int batch : BATCHES) {
        cases.add(new SweepCase(150, batch, 28, 28, threads));
      }
      for (int steps : STEPS) {
        cases.add(new SweepCase(150, 150, steps, 28, threads));
      }
      for (int features : FEATURES) {
        cases.add(new SweepCase(150, 150, 28, features, threads));
      }
      cases.add(new SweepCase(150, 150, 784, 1, threads));
    }
    return cases.stream().distinct().toList();
  }

  /** Returns the nominal work of a step in 1e9 operations. */
  double gflop() {
    return model().stepGflop();
  }

  /**
   * Returns how much of the work is computed beside it, as a factor: columns are padded to whole
   * vectors of 16.
   */
  double padding() {
    return 16.0 * Math.ceilDiv(units, 16) / units;
  }

  /** Returns the sizes in words. */
  String text() {
    return units
        + " units, batch "
        + batch
        + ", "
        + steps
        + " steps of "
        + features
        + " features, threads: "
        + threads;
  }

  FoundingModel model() {
    return new FoundingModel(Cell.simple_rnn, units, batch, steps, features);
  }
}
