package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attention, whose weights are one number each or, outside of a tanh, one a feature. */
final class ReferenceAttention implements ReferenceMerge {
  private final boolean products;
  private final boolean causal;
  private final boolean scoresGiven;
  private final double @Nullable [] inner;
  private final double @Nullable [] outer;
  private List<Signal> inputs = List.of();
  private @Nullable Signal dScores;

  private ReferenceAttention(
      boolean products,
      boolean causal,
      boolean scoresGiven,
      double @Nullable [] inner,
      double @Nullable [] outer) {
    this.products = products;
    this.causal = causal;
    this.scoresGiven = scoresGiven;
    this.inner = inner;
    this.outer = outer;
  }

  static ReferenceAttention of(Attention layer, List<double[]> weights) {
    boolean products = layer.scoreMode() == ScoreMode.DOT;
    double[] inner = layer.useScale() ? weights.getFirst() : null;
    double[] outer = products ? null : weights.getLast();
    return new ReferenceAttention(products, layer.causal(), layer.scoresGiven(), inner, outer);
  }

  static ReferenceAttention of(AdditiveAttention layer, List<double[]> weights) {
    double[] outer = layer.useScale() ? weights.getFirst() : null;
    return new ReferenceAttention(false, layer.causal(), layer.scoresGiven(), null, outer);
  }

  private double inner() {
    return inner == null ? 1 : inner[0];
  }

  private double outer(int feature) {
    return outer == null ? 1 : outer[place(feature)];
  }

  private int place(int feature) {
    return outer == null || outer.length == 1 ? 0 : feature;
  }

  private double score(double[] query, double[] key) {
    double sum = 0;
    for (int c = 0; c < query.length; c++) {
      sum +=
          products
              ? inner() * query[c] * key[c]
              : outer(c) * Math.tanh(inner() * (query[c] + key[c]));
    }
    return sum;
  }

  /** Returns how much of each step of the value a step of a sample's query takes. */
  private double[] shares(int n, int i) {
    Signal key = inputs.getLast();
    int steps = key.positions();
    double[] shares = new double[steps];
    double[] scores = new double[steps];
    double most = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < steps; j++) {
      scores[j] = score(inputs.getFirst().at()[i][n], key.at()[j][n]);
      if ((causal && j > i) || !inputs.get(1).uses(j, n)) {
        scores[j] = (float) (scores[j] - 1e9); // of single precision, where scores are lost in it
      }
      most = Math.max(most, scores[j]);
    }
    double sum = 0;
    for (int j = 0; j < steps; j++) {
      shares[j] = Math.exp(scores[j] - most);
      sum += shares[j];
    }
    for (int j = 0; j < steps; j++) {
      shares[j] /= sum;
    }
    return shares;
  }

  @Override
  public Signal merge(List<Signal> read) {
    inputs = read;
    Signal value = read.get(1);
    Signal y = Signal.zeros(read.getFirst().positions(), value.samples(), value.width());
    return y.map(
            (i, n, row) -> {
              double[] shares = shares(n, i);
              for (int j = 0; j < shares.length && read.getFirst().uses(i, n); j++) {
                for (int c = 0; c < row.length; c++) {
                  row[c] += shares[j] * value.at()[j][n][c];
                }
              }
              return row;
            })
        .masked(read.getFirst().used());
  }

  @Override
  public List<Signal> forward(List<Signal> read) {
    Signal y = merge(read);
    if (!scoresGiven) {
      return List.of(y);
    }
    Signal room = Signal.zeros(y.positions(), y.samples(), read.get(1).positions());
    return List.of(y, room.map((i, n, row) -> shares(n, i)));
  }

  @Override
  public List<Signal> backward(List<Signal> given, List<double[]> gradients) {
    dScores = scoresGiven ? given.get(1) : null;
    return part(given.getFirst(), gradients);
  }

  @Override
  public List<Signal> part(Signal dy, List<double[]> gradients) {
    List<Signal> all =
        inputs.stream().map(x -> Signal.zeros(x.positions(), x.samples(), x.width())).toList();
    for (int n = 0; n < dy.samples(); n++) {
      for (int i = 0; i < dy.positions(); i++) {
        boolean used = inputs.getFirst().uses(i, n);
        double[] shares = shares(n, i);
        double[] dShares = dScores == null ? new double[shares.length] : dScores.at()[i][n].clone();
        double dot = 0;
        for (int j = 0; j < shares.length; j++) {
          for (int c = 0; used && c < dy.width(); c++) {
            dShares[j] += dy.at()[i][n][c] * inputs.get(1).at()[j][n][c];
            all.get(1).at()[j][n][c] += shares[j] * dy.at()[i][n][c];
          }
          dot += shares[j] * dShares[j];
        }
        for (int j = 0; j < shares.length; j++) {
          back(all, gradients, n, i, j, shares[j] * (dShares[j] - dot));
        }
      }
    }
    return all;
  }

  private void back(
      List<Signal> all, List<double[]> gradients, int n, int i, int j, double dScore) {
    double[] query = inputs.getFirst().at()[i][n];
    double[] key = inputs.getLast().at()[j][n];
    for (int c = 0; c < query.length; c++) {
      double dQuery;
      double dKey;
      double dInner;
      if (products) {
        dQuery = dScore * inner() * key[c];
        dKey = dScore * inner() * query[c];
        dInner = dScore * query[c] * key[c];
      } else {
        double tanh = Math.tanh(inner() * (query[c] + key[c]));
        double slope = dScore * outer(c) * (1 - tanh * tanh);
        dQuery = slope * inner();
        dKey = dQuery;
        dInner = slope * (query[c] + key[c]);
        if (outer != null) {
          gradients.getLast()[place(c)] += dScore * tanh;
        }
      }
      all.getFirst().at()[i][n][c] += dQuery;
      all.getLast().at()[j][n][c] += dKey;
      if (inner != null) {
        gradients.getFirst()[0] += dInner;
      }
    }
  }
}
