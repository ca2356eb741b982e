package dev.lanewise.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.SoftmaxCrossEntropyWithLogits;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * TensorFlow as a graph with its 28 steps unrolled, which is faster than Keras's loop. Two
 * operations at a time of one thread each are its fastest setting on two cores.
 */
final class TensorFlow extends BatchPeer {
  private static final int UNITS = 150;
  private static final int STEPS = 28;
  private static final int FEATURES = 28;
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Placeholder<TUint8> bytes =
      tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, STEPS, FEATURES)));
  private final Operand<TFloat32> x =
      tf.math.div(tf.dtypes.cast(bytes, TFloat32.class), tf.constant(255f));
  private final Placeholder<TFloat32> y = input(Shape.of(-1, CLASSES));
  private final Placeholder<TFloat32> power1 = input(Shape.scalar());
  private final Placeholder<TFloat32> power2 = input(Shape.scalar());
  private final List<Op> initializers = new ArrayList<>();
  private final List<Op> updates = new ArrayList<>();
  private final Operand<TFloat32> probabilities;
  private final Session session;
  private int iterations;

  private TensorFlow(long seed) {
    Random random = new Random(seed);
    Variable<TFloat32> kernel = variable(random, FEATURES, UNITS);
    Variable<TFloat32> recurrent = variable(random, UNITS, UNITS);
    Variable<TFloat32> bias = variable(random, UNITS);
    Variable<TFloat32> denseKernel = variable(random, UNITS, CLASSES);
    Variable<TFloat32> denseBias = variable(random, CLASSES);
    List<Variable<TFloat32>> variables = List.of(kernel, recurrent, bias, denseKernel, denseBias);

    Operand<TFloat32> h = null;
    for (Operand<TFloat32> step : tf.unstack(x, (long) STEPS, Unstack.axis(1L)).output()) {
      Operand<TFloat32> z = tf.nn.biasAdd(tf.linalg.matMul(step, kernel), bias);
      h = tf.math.tanh(h == null ? z : tf.math.add(z, tf.linalg.matMul(h, recurrent)));
    }
    Operand<TFloat32> logits = tf.nn.biasAdd(tf.linalg.matMul(h, denseKernel), denseBias);
    probabilities = tf.nn.softmax(logits);
    SoftmaxCrossEntropyWithLogits<TFloat32> rows = tf.nn.softmaxCrossEntropyWithLogits(logits, y);
    Gradients gradients = tf.gradients(tf.math.mean(rows.loss(), tf.constant(0)), variables);
    for (int i = 0; i < variables.size(); i++) {
      updates.add(adam(variables.get(i), gradients.dy(i)));
    }

    session =
        new Session(
            graph,
            ConfigProto.newBuilder()
                .setInterOpParallelismThreads(2)
                .setIntraOpParallelismThreads(1)
                .build());
    Session.Runner start = session.runner();
    initializers.forEach(start::addTarget);
    start.run().close();
  }

  public static void main(String[] args) {
    Run.main(args, TensorFlow::new);
  }

  private Placeholder<TFloat32> input(Shape shape) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  /** Uniform by Glorot and Bengio 2010; zeros if it is a bias. */
  private Variable<TFloat32> variable(Random random, long... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[(int) shape.size()];
    if (sizes.length == 2) {
      double limit = Math.sqrt(6.0 / (sizes[0] + sizes[1]));
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
      }
    }
    Variable<TFloat32> variable = tf.variable(shape, TFloat32.class);
    initializers.add(tf.assign(variable, tf.constant(shape, DataBuffers.of(values))));
    return variable;
  }

  private Op adam(Variable<TFloat32> variable, Operand<TFloat32> gradient) {
    return tf.train.applyAdam(
        variable,
        slot(variable),
        slot(variable),
        power1,
        power2,
        tf.constant(1e-3f),
        tf.constant(BETA1),
        tf.constant(BETA2),
        tf.constant(1e-7f),
        gradient);
  }

  private Variable<TFloat32> slot(Variable<TFloat32> variable) {
    Variable<TFloat32> slot = tf.variable(variable.shape(), TFloat32.class);
    float[] zeros = new float[(int) variable.shape().size()];
    initializers.add(tf.assign(slot, tf.constant(variable.shape(), DataBuffers.of(zeros))));
    return slot;
  }

  @Override
  protected void step(byte[] images, float[] targets, int[] classes) {
    iterations++;
    Shape shape = Shape.of(BATCH, STEPS, FEATURES);
    try (TUint8 xs = TUint8.tensorOf(shape, DataBuffers.of(images, true, false));
        TFloat32 ys = tensor(targets, Shape.of(BATCH, CLASSES));
        TFloat32 p1 = TFloat32.scalarOf((float) Math.pow(BETA1, iterations));
        TFloat32 p2 = TFloat32.scalarOf((float) Math.pow(BETA2, iterations))) {
      Session.Runner runner =
          session.runner().feed(bytes, xs).feed(y, ys).feed(power1, p1).feed(power2, p2);
      updates.forEach(runner::addTarget);
      runner.run().close();
    }
  }

  /** Feeds the scaled values in place of the bytes: for one image the scaling is two more nodes. */
  @Override
  public void predict(float[] images, int count, float[] scores) {
    float[] some = images.length == count * PIXELS ? images : Arrays.copyOf(images, count * PIXELS);
    try (TFloat32 xs = tensor(some, Shape.of(count, STEPS, FEATURES));
        Result result = session.runner().feed(x, xs).fetch(probabilities).run()) {
      FloatDataBuffer target = DataBuffers.of(scores, false, false);
      ((TFloat32) result.get(0))
          .copyTo(NdArrays.wrap(Shape.of(count, CLASSES), target.narrow((long) count * CLASSES)));
    }
  }

  private static TFloat32 tensor(float[] values, Shape shape) {
    return TFloat32.tensorOf(shape, DataBuffers.of(values, true, false));
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
