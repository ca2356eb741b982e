package dev.lanewise.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  private final Variables variables;
  private final List<Op> updates = new ArrayList<>();
  private final Operand<TFloat32> probabilities;
  private final Session session;
  private int iterations;

  private TensorFlow(Cell cell, long seed) {
    variables = new Variables(tf, seed);
    Operand<TFloat32> h = last(cell);
    Variable<TFloat32> denseKernel = variables.matrix(UNITS, CLASSES);
    Variable<TFloat32> denseBias = variables.bias(new float[CLASSES]);
    Operand<TFloat32> logits = tf.nn.biasAdd(tf.linalg.matMul(h, denseKernel), denseBias);
    probabilities = tf.nn.softmax(logits);
    SoftmaxCrossEntropyWithLogits<TFloat32> rows = tf.nn.softmaxCrossEntropyWithLogits(logits, y);
    List<Variable<TFloat32>> trained = variables.trained();
    Gradients gradients = tf.gradients(tf.math.mean(rows.loss(), tf.constant(0)), trained);
    for (int i = 0; i < trained.size(); i++) {
      updates.add(adam(trained.get(i), gradients.dy(i)));
    }

    session =
        new Session(
            graph,
            ConfigProto.newBuilder()
                .setInterOpParallelismThreads(2)
                .setIntraOpParallelismThreads(1)
                .build());
    Session.Runner start = session.runner();
    variables.initializers().forEach(start::addTarget);
    start.run().close();
  }

  public static void main(String[] args) {
    Run.main(args, TensorFlow::new);
  }

  private Placeholder<TFloat32> input(Shape shape) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  private Operand<TFloat32> last(Cell cell) {
    List<Operand<TFloat32>> steps =
        List.copyOf(tf.unstack(x, (long) STEPS, Unstack.axis(1L)).output());
    return switch (cell) {
      case SIMPLE_RNN -> walk(UNITS).simpleRnn(steps);
      case LSTM -> walk(UNITS).lstm(steps);
      case GRU -> walk(UNITS).gru(steps);
      case BIDIRECTIONAL_LSTM ->
          tf.concat(
              List.of(walk(UNITS / 2).lstm(steps), walk(UNITS / 2).lstm(steps.reversed())),
              tf.constant(1));
    };
  }

  private Walk walk(int units) {
    return new Walk(tf, variables, FEATURES, units);
  }

  private Op adam(Variable<TFloat32> variable, Operand<TFloat32> gradient) {
    return tf.train.applyAdam(
        variable,
        variables.slot(variable),
        variables.slot(variable),
        power1,
        power2,
        tf.constant(1e-3f),
        tf.constant(BETA1),
        tf.constant(BETA2),
        tf.constant(1e-7f),
        gradient);
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
