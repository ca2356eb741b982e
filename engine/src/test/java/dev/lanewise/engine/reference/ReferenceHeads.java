package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.random.SplitMix64;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Attention of several heads by its formula alone, a sample at a time; gradients by all that it
 * reads and by its weights are central differences.
 */
final class ReferenceHeads implements ReferenceMerge {
  private static final double H = 1e-6;

  private final MultiHeadAttention layer;
  private final List<double[]> weights;
  private List<Signal> inputs = List.of();
  private @Nullable Signal dScores;
  private boolean training;
  private long drawn;

  ReferenceHeads(MultiHeadAttention layer, List<double[]> weights) {
    this.layer = layer;
    this.weights = weights;
  }

  @Override
  public void train(long seed, long update, int index) {
    training = layer.dropout() > 0;
    drawn = SplitMix64.combine(SplitMix64.combine(seed, index), update);
  }

  @Override
  public void rest() {
    training = false;
  }

  /** Returns x * kernel + bias of one head; {@code which} of the four products. */
  private double[] product(int which, double[] x, int head, int width) {
    int each = layer.useBias() ? 2 : 1;
    double[] kernel = weights.get(which * each);
    double[] y = new double[width];
    for (int c = 0; c < width; c++) {
      int column = head * width + c;
      y[c] = layer.useBias() ? weights.get(which * each + 1)[column] : 0;
      for (int f = 0; f < x.length; f++) {
        y[c] += x[f] * kernel[f * layer.heads() * width + column];
      }
    }
    return y;
  }

  private Signal key() {
    return layer.sources(inputs).getLast();
  }

  private boolean sees(int n, int head, int i, int j) {
    boolean ahead = layer.causal() && j > i;
    return !ahead
        && (!layer.attentionMask() || told(inputs.getLast(), n, head, i, j))
        && inputs.get(0).uses(i, n)
        && inputs.get(1).uses(j, n)
        && key().uses(j, n);
  }

  /** Of a mask whose first sizes are of 1, of steps, or of heads and steps. */
  private boolean told(Signal mask, int n, int head, int i, int j) {
    int steps = inputs.getFirst().positions();
    int position =
        switch (mask.positions() == 1 ? 0 : mask.positions() / steps) {
          case 0 -> 0;
          case 1 -> i;
          default -> head * steps + i;
        };
    double[] row = mask.at()[position][n];
    return row[row.length == 1 ? 0 : j] != 0;
  }

  private double[] shares(int n, int head, int i) {
    Signal key = key();
    double[] shares = new double[key.positions()];
    double[] q = product(0, inputs.get(0).at()[i][n], head, layer.keyDim());
    boolean any = false;
    double sum = 0;
    for (int j = 0; j < shares.length; j++) {
      if (sees(n, head, i, j)) {
        double[] k = product(1, key.at()[j][n], head, layer.keyDim());
        double score = 0;
        for (int c = 0; c < k.length; c++) {
          score += q[c] * k[c];
        }
        shares[j] = Math.exp(score / Math.sqrt(layer.keyDim()));
        any = true;
      }
      sum += shares[j];
    }
    for (int j = 0; j < shares.length; j++) {
      double alike = layer.mayTakeNothing() ? 0 : 1.0 / shares.length;
      shares[j] = any ? shares[j] / sum : alike;
    }
    return shares;
  }

  /** Returns what is left of the shares of a step. */
  private double[] taken(int n, int head, int i) {
    double[] shares = shares(n, head, i);
    int rows = inputs.getFirst().positions();
    long draw = (long) head * rows + i;
    int own = (int) SplitMix64.combine(SplitMix64.combine(drawn, n), draw);
    return training
        ? Products.ofElements(shares, ReferenceDropout.mask(own, layer.dropout(), shares.length))
        : shares;
  }

  private double[] result(int n, int i) {
    int each = layer.useBias() ? 2 : 1;
    Integer told = layer.outputDim();
    int out = told == null ? inputs.getFirst().width() : told;
    double[] y = layer.useBias() ? weights.get(3 * each + 1).clone() : new double[out];
    for (int head = 0; head < layer.heads(); head++) {
      double[] shares = taken(n, head, i);
      for (int j = 0; j < shares.length; j++) {
        double[] v = product(2, inputs.get(1).at()[j][n], head, layer.valueDim());
        for (int c = 0; c < v.length; c++) {
          for (int o = 0; o < out; o++) {
            int row = head * layer.valueDim() + c;
            y[o] += shares[j] * v[c] * weights.get(3 * each)[row * out + o];
          }
        }
      }
    }
    return y;
  }

  @Override
  public Signal merge(List<Signal> read) {
    inputs = read;
    return read.getFirst().map((i, n, row) -> result(n, i));
  }

  @Override
  public List<Signal> forward(List<Signal> read) {
    Signal y = merge(read);
    if (!layer.scoresGiven()) {
      return List.of(y);
    }
    int rows = y.positions();
    Signal room = Signal.zeros(layer.heads() * rows, y.samples(), key().positions());
    return List.of(y, room.map((p, n, row) -> shares(n, p / rows, p % rows)));
  }

  @Override
  public List<Signal> backward(List<Signal> given, List<double[]> gradients) {
    dScores = layer.scoresGiven() ? given.get(1) : null;
    return part(given.getFirst(), gradients);
  }

  private double sum(Signal dy, int n) {
    double sum = 0;
    for (int i = 0; i < dy.positions(); i++) {
      double[] y = result(n, i);
      for (int c = 0; c < y.length; c++) {
        sum += y[c] * dy.at()[i][n][c];
      }
    }
    for (int p = 0; dScores != null && p < dScores.positions(); p++) {
      double[] shares = shares(n, p / dy.positions(), p % dy.positions());
      for (int j = 0; j < shares.length; j++) {
        sum += shares[j] * dScores.at()[p][n][j];
      }
    }
    return sum;
  }

  private double slope(double[] array, int at, Signal dy, int n) {
    double own = array[at];
    array[at] = own + H;
    double above = sum(dy, n);
    array[at] = own - H;
    double below = sum(dy, n);
    array[at] = own;
    return (above - below) / (2 * H);
  }

  @Override
  public List<Signal> part(Signal dy, List<double[]> gradients) {
    for (int n = 0; n < dy.samples(); n++) {
      for (int w = 0; w < weights.size(); w++) {
        for (int e = 0; e < weights.get(w).length; e++) {
          gradients.get(w)[e] += slope(weights.get(w), e, dy, n);
        }
      }
    }
    List<Signal> read = inputs;
    return IntStream.range(0, read.size()).mapToObj(i -> slopes(i, dy)).toList();
  }

  /** A value read in two places is moved in one of them. */
  private Signal slopes(int input, Signal dy) {
    List<Signal> all = inputs;
    List<Signal> moved = new ArrayList<>(all);
    Signal own = all.get(input).map((p, n, row) -> row.clone());
    moved.set(input, own);
    inputs = moved;
    Signal slopes =
        own.map(
            (p, n, row) -> {
              double[] of = new double[row.length];
              for (int c = 0; c < row.length; c++) {
                of[c] = slope(row, c, dy, n);
              }
              return of;
            });
    inputs = all;
    return slopes;
  }
}
