package dev.lanewise.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** The variables of a graph and the operations that give them their start values. */
final class Variables {
  private final Ops tf;
  private final Random random;
  private final List<Variable<TFloat32>> trained = new ArrayList<>();
  private final List<Op> initializers = new ArrayList<>();

  Variables(Ops tf, long seed) {
    this.tf = tf;
    random = new Random(seed);
  }

  /** Returns a new matrix, uniform by Glorot and Bengio 2010. */
  Variable<TFloat32> matrix(int rows, int columns) {
    float[] values = new float[rows * columns];
    double limit = Math.sqrt(6.0 / (rows + columns));
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
    }
    return trained(Shape.of(rows, columns), values);
  }

  /** Returns a new bias. */
  Variable<TFloat32> bias(float... values) {
    return trained(Shape.of(values.length), values);
  }

  /** Returns zeros in the shape of another variable, which training does not ask for gradients. */
  Variable<TFloat32> slot(Variable<TFloat32> variable) {
    return variable(variable.shape(), new float[(int) variable.shape().size()]);
  }

  private Variable<TFloat32> trained(Shape shape, float[] values) {
    Variable<TFloat32> variable = variable(shape, values);
    trained.add(variable);
    return variable;
  }

  private Variable<TFloat32> variable(Shape shape, float[] values) {
    Variable<TFloat32> variable = tf.variable(shape, TFloat32.class);
    initializers.add(tf.assign(variable, tf.constant(shape, DataBuffers.of(values))));
    return variable;
  }

  /** Returns what is trained. */
  List<Variable<TFloat32>> trained() {
    return trained;
  }

  /** Returns what has to run once before anything else. */
  List<Op> initializers() {
    return initializers;
  }
}
