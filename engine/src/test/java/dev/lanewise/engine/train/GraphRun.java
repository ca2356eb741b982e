package dev.lanewise.engine.train;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * A short training run of a graph: several inputs and readers, states in and out, every merge, and
 * layers that are called twice, one that drops among them; its weights' digest.
 */
public final class GraphRun {
  private static final int SAMPLES = 200;

  private GraphRun() {}

  /** Prints the digest of the run with as many threads as the argument says. */
  public static void main(String[] args) {
    System.out.println(SmallRun.DIGEST + digest(Integer.parseInt(args[0])));
  }

  private static void wire(GraphBuilder g) {
    var x = g.input("x", Shape.of(5, 3));
    var s = g.input("s", Shape.of(17));
    var twice = g.share(Dense.of(17, Activation.TANH));
    var dropping = g.share(Dropout.of(0.25));
    var wide = g.apply(Dense.of(17), x);
    var end = g.applyAll(Lstm.of(17).returningState(), dropping.apply(twice.apply(wide)));
    var y =
        g.apply(Lstm.of(17).returningSequences(), x, dropping.apply(twice.apply(s)), end.get(2));
    var z = g.apply(Gru.of(17).resettingBefore().returningSequences(), wide, end.get(1));
    var seen = g.apply(Attention.create(), y, g.apply(Pointwise.ADD, y, end.get(0)), z);
    var told = g.apply(new Attention(true, ScoreMode.CONCAT, true), seen, z);
    var added = g.apply(AdditiveAttention.create(), told, y);
    var most = g.apply(Pointwise.MAXIMUM, added, z, seen);
    var rest = g.apply(Pointwise.SUBTRACT, g.apply(Pointwise.MULTIPLY, most, y), most);
    var both = g.apply(Bidirectional.of(Gru.of(5)), g.apply(new Concatenate(1), rest, y));
    var dot = g.apply(new Dot(2, 1, true), added, end.get(1));
    var mean = g.apply(Pointwise.AVERAGE, g.apply(SimpleRnn.of(17), most), s);
    var half = g.apply(Arithmetic.with(Operator.MULTIPLY, 0.5), most);
    var shares = g.apply(new SoftmaxOver(1), half);
    var weighed = g.apply(Arithmetic.of(Operator.MULTIPLY), shares, y);
    var sum = g.apply(new Reduction(Reduction.Kind.SUM, List.of(1), false), weighed);
    var bent = g.apply(new Prelu(List.of()), g.apply(new Activated(Activation.MISH), sum));
    var heads = g.apply(MultiHeadAttention.of(2, 5).withDropout(0.25), most, y, z);
    var loud = g.apply(new Noise(Noise.Kind.GAUSSIAN_DROPOUT, 0.25), heads);
    var apart =
        g.applyAll(
            Bidirectional.of(Gru.of(5), Bidirectional.Merge.NONE),
            g.apply(RmsNormalization.withDefaults(), loud));
    g.output(
        g.apply(
            Dense.of(4, Activation.SOFTMAX),
            g.apply(Concatenate.FEATURES, dot, both, mean, s, bent, apart.get(0), apart.get(1))));
  }

  static Model model(int threads) {
    return Model.graph(GraphRun::wire)
        .withSeed(3)
        .withThreads(threads)
        .compile(Adam.of(0.01), Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
  }

  static Dataset data() {
    SplitMix64 random = new SplitMix64(5);
    float[] x = new float[SAMPLES * (15 + 17)];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(256) / 128f - 1;
    }
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(4);
    }
    return Dataset.of(List.of(Shape.of(5, 3), Shape.of(17)), x, labels, 4);
  }

  static String digest(int threads) {
    try (Model model = model(threads)) {
      model.fit(data().slice(0, 60), FitOptions.epochs(2).withBatchSize(26).withSeed(4));
      return SmallRun.digest(model);
    }
  }
}
