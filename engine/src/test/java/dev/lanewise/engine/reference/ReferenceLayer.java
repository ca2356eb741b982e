package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import java.util.List;

/** One layer: forward keeps what backward needs; gradients are added to arrays like the weights. */
final class ReferenceLayer {
  private final Activation f;
  private final boolean recurrent;
  private final boolean sequences;
  private final boolean backwards;
  private final List<double[]> weights;
  private final int units;
  private Signal input;
  private Signal states; // every position's output, in the order walked

  ReferenceLayer(Layer layer, List<double[]> weights) {
    this.weights = weights;
    f = layer instanceof SimpleRnn rnn ? rnn.activation() : ((Dense) layer).activation();
    recurrent = layer instanceof SimpleRnn;
    sequences = !(layer instanceof SimpleRnn rnn) || rnn.returnSequences();
    backwards = layer instanceof SimpleRnn rnn && rnn.goBackwards();
    units = layer instanceof SimpleRnn rnn ? rnn.units() : ((Dense) layer).units();
  }

  private double[] bias() {
    int at = recurrent ? 2 : 1;
    return weights.size() > at ? weights.get(at) : new double[units];
  }

  private int source(int walked) {
    return backwards ? input.positions() - 1 - walked : walked;
  }

  Signal forward(Signal x) {
    input = x;
    states = Signal.zeros(x.positions(), x.samples(), units);
    for (int t = 0; t < x.positions(); t++) {
      for (int n = 0; n < x.samples(); n++) {
        double[] z = bias().clone();
        addProduct(x.at()[source(t)][n], weights.get(0), z);
        if (recurrent && t > 0) {
          addProduct(states.at()[t - 1][n], weights.get(1), z);
        }
        states.at()[t][n] = ReferenceActivation.apply(f, z);
      }
    }
    return sequences ? states : new Signal(new double[][][] {states.at()[x.positions() - 1]});
  }

  Signal backward(Signal dy, List<double[]> gradients) {
    int steps = input.positions();
    Signal dx = Signal.zeros(steps, input.samples(), input.width());
    for (int n = 0; n < input.samples(); n++) {
      double[] fromLater = new double[units];
      for (int t = steps - 1; t >= 0; t--) {
        double[] dh = fromLater.clone();
        if (sequences || t == steps - 1) {
          double[] upstream = dy.at()[sequences ? t : 0][n];
          for (int u = 0; u < units; u++) {
            dh[u] += upstream[u];
          }
        }
        double[] dz = ReferenceActivation.backward(f, states.at()[t][n], dh);
        addOuter(input.at()[source(t)][n], dz, gradients.get(0));
        addTransposed(dz, weights.get(0), dx.at()[source(t)][n]);
        if (weights.size() > (recurrent ? 2 : 1)) {
          addOuter(new double[] {1}, dz, gradients.get(recurrent ? 2 : 1));
        }
        fromLater = new double[units];
        if (recurrent && t > 0) {
          addOuter(states.at()[t - 1][n], dz, gradients.get(1));
          addTransposed(dz, weights.get(1), fromLater);
        }
      }
    }
    return dx;
  }

  private static void addProduct(double[] x, double[] w, double[] y) {
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        y[j] += x[i] * w[i * y.length + j];
      }
    }
  }

  private static void addTransposed(double[] dz, double[] w, double[] dx) {
    for (int i = 0; i < dx.length; i++) {
      for (int j = 0; j < dz.length; j++) {
        dx[i] += dz[j] * w[i * dz.length + j];
      }
    }
  }

  private static void addOuter(double[] x, double[] dz, double[] gradient) {
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < dz.length; j++) {
        gradient[i * dz.length + j] += x[i] * dz[j];
      }
    }
  }
}
