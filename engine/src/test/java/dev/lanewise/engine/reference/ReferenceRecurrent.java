package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.random.SplitMix64;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The walk of a {@link CellLayer} layer over time, and back. */
final class ReferenceRecurrent implements ReferenceLayer {
  private final CellLayer layer;
  private final List<double[]> weights;
  private final boolean sequences;
  private final boolean backwards;
  private final int units;
  private IntFunction<ReferenceMasks> masks = sample -> ReferenceMasks.NONE;
  private Signal input;
  private boolean begun;
  private ReferenceCell[] cells; // by sample
  private double[][][][] states; // by sample and step, that before the step
  private double[][][][] kept; // by sample and step

  ReferenceRecurrent(CellLayer layer, List<double[]> weights) {
    this.layer = layer;
    this.weights = weights;
    sequences = layer.returnSequences();
    backwards = layer.goBackwards();
    units = layer.units();
  }

  @Override
  public void train(long seed, long update, int index) {
    int gates = weights.get(1).length / (units * units);
    int features = weights.get(0).length / (gates * units);
    long key = SplitMix64.combine(SplitMix64.combine(seed, index), update);
    drop(n -> ReferenceMasks.drawn(layer, SplitMix64.combine(key, n), gates, features));
  }

  @Override
  public void rest() {
    drop(sample -> ReferenceMasks.NONE);
  }

  /** Has the next pass forward do without these, by sample. */
  void drop(IntFunction<ReferenceMasks> dropped) {
    masks = dropped;
  }

  private int source(int walked) {
    return backwards ? input.positions() - 1 - walked : walked;
  }

  @Override
  public Signal forward(Signal x) {
    return forward(List.of(x)).getFirst();
  }

  @Override
  public List<Signal> forward(List<Signal> read) {
    Signal x = read.getFirst();
    input = x;
    begun = read.size() > 1;
    int steps = x.positions();
    cells = new ReferenceCell[x.samples()];
    states = new double[x.samples()][][][];
    kept = new double[x.samples()][steps][][];
    Signal y = Signal.zeros(sequences ? steps : 1, x.samples(), units);
    for (int n = 0; n < x.samples(); n++) {
      ReferenceCell cell = ReferenceCell.of(layer, weights, masks.apply(n));
      cells[n] = cell;
      states[n] = new double[steps + 1][cell.states()][units];
      for (int s = 0; begun && s < cell.states(); s++) {
        states[n][0][s] = read.get(1 + s).at()[0][n].clone();
      }
      double[] output = new double[units];
      for (int t = 0; t < steps; t++) {
        if (x.uses(source(t), n)) {
          kept[n][t] = cell.forward(x.at()[source(t)][n], states[n][t], states[n][t + 1]);
          output = states[n][t + 1][0];
        } else {
          states[n][t + 1] = states[n][t];
          output = layer.zeroOutputForMask() ? new double[units] : output;
        }
        if (sequences || t == steps - 1) {
          y.at()[sequences ? t : 0][n] = output.clone();
        }
      }
    }
    List<Signal> all = new ArrayList<>(List.of(y.masked(sequences ? x.used() : null)));
    for (int s = 0; layer.returnState() && s < layer.states(); s++) {
      Signal last = Signal.zeros(1, x.samples(), units);
      for (int n = 0; n < x.samples(); n++) {
        last.at()[0][n] = states[n][steps][s].clone();
      }
      all.add(last);
    }
    return all;
  }

  private static void add(double[] more, double[] sums) {
    for (int u = 0; u < sums.length; u++) {
      sums[u] += more[u];
    }
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return backward(List.of(dy), gradients).getFirst();
  }

  @Override
  public List<Signal> backward(List<Signal> given, List<double[]> gradients) {
    Signal dy = given.getFirst();
    List<Signal> dStates = new ArrayList<>();
    for (int s = 0; begun && s < layer.states(); s++) {
      dStates.add(Signal.zeros(1, input.samples(), units));
    }
    int steps = input.positions();
    Signal dx = Signal.zeros(steps, input.samples(), input.width());
    for (int n = 0; n < input.samples(); n++) {
      ReferenceCell cell = cells[n];
      double[][] dNext = new double[cell.states()][units];
      for (int s = 0; layer.returnState() && s < layer.states(); s++) {
        dNext[s] = given.get(1 + s).at()[0][n].clone();
      }
      double[] dOutput = new double[units]; // of the output that masked steps repeat
      for (int t = steps - 1; t >= 0; t--) {
        if (sequences || t == steps - 1) {
          add(dy.at()[sequences ? t : 0][n], dOutput);
        }
        if (!input.uses(source(t), n)) {
          dOutput = layer.zeroOutputForMask() ? new double[units] : dOutput;
          continue;
        }
        add(dOutput, dNext[0]);
        dOutput = new double[units];
        double[][] dState = new double[cell.states()][units];
        cell.backward(
            kept[n][t],
            input.at()[source(t)][n],
            states[n][t],
            dNext,
            dx.at()[source(t)][n],
            dState,
            gradients);
        dNext = dState;
      }
      for (int s = 0; s < dStates.size(); s++) {
        dStates.get(s).at()[0][n] = dNext[s];
      }
    }
    List<Signal> all = new ArrayList<>(List.of(dx));
    all.addAll(dStates);
    return all;
  }
}
