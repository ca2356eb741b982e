package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.WindowPlaces;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * An LSTM at each place, whose inputs and states are what windows see there, side by side: for it
 * the kernels are those of a dense layer.
 */
final class ReferenceConvLstm implements ReferenceLayer {
  private static final int GATES = 4;

  private final ConvLstm layer;
  private final List<double[]> weights;
  private final WindowPlaces inputs;
  private final WindowPlaces states;
  private final int steps;
  private final int positions;
  private final int features;
  private boolean training;
  private long key;

  private Signal input;
  private boolean begun;
  private ReferenceCell[][] cells; // by sample and place
  private double[][][][][] kept; // by sample, step and place
  private double[][][][][] before; // by sample, step and place: what is seen of h, and c
  private double[][][][] seen; // by sample, step and place

  ReferenceConvLstm(ConvLstm layer, List<double[]> weights, Shape shape) {
    this.layer = layer;
    this.weights = weights;
    inputs = layer.places(shape);
    states = layer.statePlaces(shape);
    steps = shape.size(0);
    positions = shape.positions() / steps;
    features = shape.size(-1);
  }

  @Override
  public void train(long seed, long update, int index) {
    training = true;
    key = SplitMix64.combine(SplitMix64.combine(seed, index), update);
  }

  @Override
  public void rest() {
    training = false;
  }

  private int source(int t) {
    return (layer.options().walk().goBackwards() ? steps - 1 - t : t) * positions;
  }

  private static double[] window(WindowPlaces places, int place, double[][] of, int width) {
    double[] seen = new double[places.size() * width];
    for (int tap = 0; tap < places.size(); tap++) {
      int position = places.step(place, tap);
      if (position >= 0) {
        System.arraycopy(of[position], 0, seen, tap * width, width);
      }
    }
    return seen;
  }

  private static void spread(WindowPlaces places, int place, double[] seen, double[][] to) {
    int width = seen.length / places.size();
    for (int i = 0; i < seen.length; i++) {
      int position = places.step(place, i / width);
      if (position >= 0) {
        to[position][i % width] += seen[i];
      }
    }
  }

  /** Returns what the sums at a place do without: each gate has factors of each position. */
  private ReferenceMasks masks(int sample, int place) {
    List<double[]> ofInputs = new ArrayList<>();
    List<double[]> ofStates = new ArrayList<>();
    double dropout = layer.options().dropout();
    double recurrent = layer.options().recurrentDropout();
    for (int gate = 0; training && gate < GATES; gate++) {
      if (dropout > 0) {
        double[][] all = factors(sample, gate, false, positions, dropout, features);
        ofInputs.add(window(inputs, place, all, features));
      }
      if (recurrent > 0) {
        double[][] all = factors(sample, gate, true, states.count(), recurrent, layer.filters());
        ofStates.add(window(states, place, all, layer.filters()));
      }
    }
    return new ReferenceMasks(ofInputs, ofStates);
  }

  private double[][] factors(
      int sample, int gate, boolean ofState, int count, double rate, int width) {
    double[][] all = new double[count][];
    for (int position = 0; position < count; position++) {
      long draw = (long) gate * count + position;
      long own = SplitMix64.combine(SplitMix64.combine(key, sample), ofState ? ~draw : draw);
      all[position] = ReferenceDropout.mask((int) own, rate, width);
    }
    return all;
  }

  @Override
  public Signal forward(Signal x) {
    return forward(List.of(x)).getFirst();
  }

  /** Returns the state of a sample at each place, zeros where none is given. */
  private double[][] given(List<Signal> read, int state, int sample) {
    double[][] all = new double[states.count()][layer.filters()];
    for (int p = 0; begun && p < all.length; p++) {
      all[p] = read.get(1 + state).at()[p][sample].clone();
    }
    return all;
  }

  @Override
  public List<Signal> forward(List<Signal> read) {
    Signal x = read.getFirst();
    begun = read.size() > 1;
    input = x;
    int samples = x.samples();
    int filters = layer.filters();
    boolean sequences = layer.returnSequences();
    cells = new ReferenceCell[samples][states.count()];
    kept = new double[samples][steps][states.count()][][];
    before = new double[samples][steps][states.count()][][];
    seen = new double[samples][steps][states.count()][];
    Signal lastH = Signal.zeros(states.count(), samples, filters);
    Signal lastC = Signal.zeros(states.count(), samples, filters);
    Signal y = Signal.zeros((sequences ? steps : 1) * states.count(), samples, filters);
    for (int n = 0; n < samples; n++) {
      double[][] h = given(read, 0, n);
      double[][] c = given(read, 1, n);
      for (int t = 0; t < steps; t++) {
        double[][] at = new double[positions][];
        for (int q = 0; q < positions; q++) {
          at[q] = x.at()[source(t) + q][n];
        }
        double[][] next = new double[states.count()][];
        for (int p = 0; p < states.count(); p++) {
          if (t == 0) {
            cells[n][p] = new ReferenceLstmCell(layer.cell(), weights, masks(n, p));
          }
          seen[n][t][p] = window(inputs, p, at, features);
          before[n][t][p] = new double[][] {window(states, p, h, filters), c[p]};
          double[][] after = {new double[filters], new double[filters]};
          kept[n][t][p] = cells[n][p].forward(seen[n][t][p], before[n][t][p], after);
          next[p] = after[0];
          c[p] = after[1];
        }
        h = next;
        for (int p = 0; p < states.count() && (sequences || t == steps - 1); p++) {
          y.at()[(sequences ? t * states.count() : 0) + p][n] = h[p].clone();
        }
      }
      for (int p = 0; p < states.count(); p++) {
        lastH.at()[p][n] = h[p].clone();
        lastC.at()[p][n] = c[p].clone();
      }
    }
    return layer.returnState() ? List.of(y, lastH, lastC) : List.of(y);
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return backward(List.of(dy), gradients).getFirst();
  }

  @Override
  public List<Signal> backward(List<Signal> above, List<double[]> gradients) {
    Signal dy = above.getFirst();
    Signal dFirstH = Signal.zeros(states.count(), input.samples(), layer.filters());
    Signal dFirstC = Signal.zeros(states.count(), input.samples(), layer.filters());
    int filters = layer.filters();
    boolean sequences = layer.returnSequences();
    Signal dx = Signal.zeros(input.positions(), input.samples(), features);
    for (int n = 0; n < input.samples(); n++) {
      double[][] dh = new double[states.count()][filters];
      double[][] dc = new double[states.count()][filters];
      for (int p = 0; layer.returnState() && p < states.count(); p++) {
        dh[p] = above.get(1).at()[p][n].clone();
        dc[p] = above.get(2).at()[p][n].clone();
      }
      for (int t = steps - 1; t >= 0; t--) {
        double[][] dhBefore = new double[states.count()][filters];
        double[][] at = new double[positions][];
        for (int q = 0; q < positions; q++) {
          at[q] = dx.at()[source(t) + q][n];
        }
        for (int p = 0; p < states.count(); p++) {
          if (sequences || t == steps - 1) {
            Products.add(dh[p], dy.at()[(sequences ? t * states.count() : 0) + p][n]);
          }
          double[] dSeen = new double[seen[n][t][p].length];
          double[][] dState = {new double[before[n][t][p][0].length], new double[filters]};
          cells[n][p].backward(
              kept[n][t][p],
              seen[n][t][p],
              before[n][t][p],
              new double[][] {dh[p], dc[p]},
              dSeen,
              dState,
              gradients);
          spread(inputs, p, dSeen, at);
          spread(states, p, dState[0], dhBefore);
          dc[p] = dState[1];
        }
        dh = dhBefore;
      }
      for (int p = 0; p < states.count(); p++) {
        dFirstH.at()[p][n] = dh[p];
        dFirstC.at()[p][n] = dc[p];
      }
    }
    return begun ? List.of(dx, dFirstH, dFirstC) : List.of(dx);
  }
}
