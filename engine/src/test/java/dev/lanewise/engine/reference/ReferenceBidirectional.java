package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Both directions, merged; the backward outputs are put in the order of the input. */
final class ReferenceBidirectional implements ReferenceLayer {
  private final Bidirectional layer;
  private final Shape input;
  private final ReferenceLayer forward;
  private final ReferenceLayer backward;
  private Signal f;
  private Signal b;

  ReferenceBidirectional(
      Bidirectional layer, Shape input, ReferenceLayer forward, ReferenceLayer backward) {
    this.layer = layer;
    this.input = input;
    this.forward = forward;
    this.backward = backward;
  }

  /** Each direction draws its own: the backward layer's number is below 0, which no other's is. */
  @Override
  public void train(long seed, long update, int index) {
    forward.train(seed, update, index);
    backward.train(seed, update, ~index);
  }

  @Override
  public void rest() {
    forward.rest();
    backward.rest();
  }

  @Override
  public Signal forward(Signal x) {
    return forward(List.of(x)).getFirst();
  }

  @Override
  public List<Signal> forward(List<Signal> read) {
    int given = read.size() == 1 ? 0 : layer.forward().stateShapes(input).size();
    List<Signal> ofForward = forward.forward(with(read.getFirst(), read.subList(1, 1 + given)));
    List<Signal> ofBackward =
        backward.forward(with(read.getFirst(), read.subList(1 + given, read.size())));
    f = ofForward.getFirst();
    b = turned(ofBackward.getFirst());
    Signal y = Signal.zeros(f.positions(), f.samples(), layer.width());
    for (int p = 0; p < f.positions(); p++) {
      for (int n = 0; n < f.samples(); n++) {
        merge(f.at()[p][n], b.at()[p][n], y.at()[p][n]);
      }
    }
    List<Signal> all =
        new ArrayList<>(List.of(y.masked(layer.returnSequences() ? read.getFirst().used() : null)));
    if (layer.merge() == Bidirectional.Merge.NONE) {
      all.add(b.masked(all.getFirst().used()));
    }
    all.addAll(ofForward.subList(1, ofForward.size()));
    all.addAll(ofBackward.subList(1, ofBackward.size()));
    return all;
  }

  private static List<Signal> with(Signal first, List<Signal> others) {
    List<Signal> all = new ArrayList<>(List.of(first));
    all.addAll(others);
    return all;
  }

  private Signal turned(Signal signal) {
    Signal turned = Signal.zeros(signal.positions(), signal.samples(), signal.width());
    int places = signal.positions() / (layer.returnSequences() ? input.size(0) : 1);
    for (int p = 0; p < signal.positions(); p++) {
      int step = p / places;
      turned.at()[p] = signal.at()[signal.positions() - (step + 1) * places + p % places];
    }
    return turned;
  }

  private void merge(double[] u, double[] v, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] =
          switch (layer.merge()) {
            case CONCAT -> i < u.length ? u[i] : v[i - u.length];
            case SUM -> u[i] + v[i];
            case MUL -> u[i] * v[i];
            case AVE -> (u[i] + v[i]) / 2;
            case NONE -> u[i];
          };
    }
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return backward(List.of(dy), gradients).getFirst();
  }

  @Override
  public List<Signal> backward(List<Signal> above, List<double[]> gradients) {
    Signal dy = above.getFirst();
    boolean two = layer.merge() == Bidirectional.Merge.NONE;
    Signal dSecond = two ? above.get(1) : dy;
    int own = gradients.size() / 2;
    int from = layer.outputs();
    int states = above.size() == from ? 0 : layer.forward().stateShapes(input).size();
    Signal df = Signal.zeros(f.positions(), f.samples(), f.width());
    Signal db = Signal.zeros(b.positions(), b.samples(), b.width());
    for (int p = 0; p < f.positions(); p++) {
      for (int n = 0; n < f.samples(); n++) {
        double[] d = dy.at()[p][n];
        for (int i = 0; i < f.width(); i++) {
          df.at()[p][n][i] = d[i] * factor(b.at()[p][n], i);
        }
        for (int i = 0; i < b.width(); i++) {
          boolean beside = layer.merge() == Bidirectional.Merge.CONCAT;
          double[] dOther = dSecond.at()[p][n];
          db.at()[p][n][i] = dOther[beside ? f.width() + i : i] * factor(f.at()[p][n], i);
        }
      }
    }
    List<Signal> ofForward =
        forward.backward(with(df, above.subList(from, from + states)), gradients.subList(0, own));
    List<Signal> ofBackward =
        backward.backward(
            with(turned(db), above.subList(from + states, above.size())),
            gradients.subList(own, gradients.size()));
    Signal dx = ofForward.getFirst();
    Signal more = ofBackward.getFirst();
    for (int p = 0; p < dx.positions(); p++) {
      for (int n = 0; n < dx.samples(); n++) {
        for (int i = 0; i < dx.width(); i++) {
          dx.at()[p][n][i] += more.at()[p][n][i];
        }
      }
    }
    List<Signal> all = with(dx, ofForward.subList(1, ofForward.size()));
    all.addAll(ofBackward.subList(1, ofBackward.size()));
    return all;
  }

  private double factor(double[] other, int i) {
    return switch (layer.merge()) {
      case CONCAT, SUM, NONE -> 1;
      case MUL -> other[i];
      case AVE -> 0.5;
    };
  }
}
