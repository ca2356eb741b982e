import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.util.Arrays;
import java.util.Random;

/**
 * Epochs of two attentions of several heads: STEPS FEATURES HEADS ROUNDS. All steps look at all,
 * then at none behind them, then at none that is masked, then both; one after the other in each
 * round, on one thread. Prints the median of the last two thirds of the rounds in ms.
 */
public class HeadsUnderMasks {
  private static final int BATCH = 32;
  private static final int BATCHES = 6;

  private static Model model(int steps, int features, int heads, boolean causal, boolean masked) {
    MultiHeadAttention plain = MultiHeadAttention.of(heads, features / heads);
    MultiHeadAttention layer = causal ? plain.seeingNothingAhead() : plain;
    return Model.graph(
            g -> {
              Value x = g.input("x", Shape.of(steps, features));
              Value h = g.apply(Dense.of(features), masked ? g.apply(Masking.ofZeros(), x) : x);
              h = g.apply(layer, h, h);
              h = g.apply(layer, h, h);
              g.output(g.apply(Dense.of(1), g.apply(GlobalAveragePooling1D.withDefaults(), h)));
            })
        .withThreads(1)
        .compile(Sgd.of(1e-3), Loss.MEAN_SQUARED_ERROR);
  }

  /** Half to all of a sequence's steps are there. */
  private static Dataset data(int steps, int features) {
    Random random = new Random(1);
    float[] x = new float[BATCHES * BATCH * steps * features];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    for (int i = 0; i < x.length; i += steps * features) {
      int there = steps / 2 + random.nextInt(steps / 2);
      Arrays.fill(x, i + there * features, i + steps * features, 0);
    }
    float[] y = new float[BATCHES * BATCH];
    return Dataset.of(Shape.of(steps, features), x, y, 1);
  }

  public static void main(String[] arguments) {
    int[] sizes = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
    Dataset data = data(sizes[0], sizes[1]);
    String[] names = {"all", "causal", "masked", "causal, masked"};
    double[][] times = new double[names.length][sizes[3]];
    Model[] models = new Model[names.length];
    for (int k = 0; k < models.length; k++) {
      models[k] = model(sizes[0], sizes[1], sizes[2], k % 2 == 1, k > 1);
    }
    for (int round = 0; round < sizes[3]; round++) {
      for (int k = 0; k < models.length; k++) {
        long start = System.nanoTime();
        models[k].fit(data, FitOptions.epochs(1).withBatchSize(BATCH));
        times[k][round] = (System.nanoTime() - start) / 1e6;
      }
    }
    for (int k = 0; k < models.length; k++) {
      double[] late = Arrays.copyOfRange(times[k], sizes[3] / 3, sizes[3]);
      Arrays.sort(late);
      System.out.printf("%-14s %.1f ms%n", names[k], late[late.length / 2]);
      models[k].close();
    }
  }
}
