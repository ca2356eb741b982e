package dev.lanewise.bench.peers;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * Recurrent layers as graphs with their steps unrolled. They begin with no state, so that the first
 * step has no products with it, and return the last one.
 *
 * <p>A step multiplies its input and the state apart: the products of later inputs are what a
 * second thread can do meanwhile. Slower were one product of both side by side, one of all steps'
 * inputs ahead, and a product for each gate of an LSTM.
 *
 * @param tf makes the operations
 * @param variables takes the weights
 * @param features values of a step
 * @param units width of the state
 */
record Walk(Ops tf, Variables variables, int features, int units) {
  /** The weights of one or more gates. */
  private record Gates(
      Variable<TFloat32> kernel, Variable<TFloat32> recurrent, Variable<TFloat32> bias) {}

  /** Returns new weights; a bias of as many values as its gates have columns. */
  private Gates gates(float... bias) {
    return new Gates(
        variables.matrix(features, bias.length),
        variables.matrix(units, bias.length),
        variables.bias(bias));
  }

  Operand<TFloat32> simpleRnn(List<Operand<TFloat32>> steps) {
    Gates gates = gates(new float[units]);
    Operand<TFloat32> h = null;
    for (Operand<TFloat32> x : steps) {
      h = tf.math.tanh(sum(gates, x, h));
    }
    return last(h);
  }

  Operand<TFloat32> lstm(List<Operand<TFloat32>> steps) {
    float[] bias = new float[4 * units];
    Arrays.fill(bias, units, 2 * units, 1); // the forget gate's
    Gates gates = gates(bias);
    Operand<TFloat32> h = null;
    Operand<TFloat32> c = null;
    for (Operand<TFloat32> x : steps) {
      List<Operand<TFloat32>> z = split(sum(gates, x, h), 4);
      Operand<TFloat32> i = tf.math.sigmoid(z.get(0));
      Operand<TFloat32> f = tf.math.sigmoid(z.get(1));
      Operand<TFloat32> added = tf.math.mul(i, tf.math.tanh(z.get(2)));
      Operand<TFloat32> o = tf.math.sigmoid(z.get(3));
      c = c == null ? added : tf.math.add(tf.math.mul(f, c), added);
      h = tf.math.mul(o, tf.math.tanh(c));
    }
    return last(h);
  }

  /** The reset gate acts after the product with the state, which has a bias of its own. */
  Operand<TFloat32> gru(List<Operand<TFloat32>> steps) {
    Gates gates = gates(new float[2 * units]);
    Gates candidate = gates(new float[units]);
    Variable<TFloat32> stateBias = variables.bias(new float[units]);
    Operand<TFloat32> h = null;
    for (Operand<TFloat32> x : steps) {
      List<Operand<TFloat32>> zr = split(tf.math.sigmoid(sum(gates, x, h)), 2);
      Operand<TFloat32> z = zr.get(0);
      Operand<TFloat32> state =
          h == null
              ? stateBias
              : tf.nn.biasAdd(tf.linalg.matMul(h, candidate.recurrent), stateBias);
      Operand<TFloat32> c =
          tf.math.tanh(tf.math.add(sum(candidate, x, null), tf.math.mul(zr.get(1), state)));
      h =
          h == null
              ? tf.math.sub(c, tf.math.mul(z, c))
              : tf.math.add(c, tf.math.mul(z, tf.math.sub(h, c)));
    }
    return last(h);
  }

  private Operand<TFloat32> sum(
      Gates gates, Operand<TFloat32> x, @Nullable Operand<TFloat32> state) {
    Operand<TFloat32> z = tf.nn.biasAdd(tf.linalg.matMul(x, gates.kernel), gates.bias);
    return state == null ? z : tf.math.add(z, tf.linalg.matMul(state, gates.recurrent));
  }

  private List<Operand<TFloat32>> split(Operand<TFloat32> z, long gates) {
    return List.copyOf(tf.split(tf.constant(1), z, gates).output());
  }

  private static Operand<TFloat32> last(@Nullable Operand<TFloat32> h) {
    return Objects.requireNonNull(h, "a sequence has steps");
  }
}
