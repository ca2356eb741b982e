package dev.lanewise.bench.peers;

import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** This project as a library. */
final class Lanewise implements Peer {
  private final int threads = Runtime.getRuntime().availableProcessors();
  private final ModelSpec spec;
  private final Plan plan;
  private @Nullable Predictor predictor;
  private boolean bound;

  private Lanewise(Cell cell, long seed) {
    spec =
        new ModelSpec(
            Shape.of(28, 28),
            List.of(recurrent(cell), Dense.of(CLASSES, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Adam.withDefaults());
    plan = Backends.named("cpu").compile(spec, new PlanOptions(BATCH, threads));
    SplitMix64 random = new SplitMix64(seed);
    plan.load(
        Parameters.initial(
            spec.parameters().stream()
                .map(parameter -> parameter.initializer().values(parameter.shape(), random))
                .toList()));
  }

  public static void main(String[] args) {
    Run.main(args, Lanewise::new);
  }

  private static Layer recurrent(Cell cell) {
    return switch (cell) {
      case SIMPLE_RNN -> SimpleRnn.of(150);
      case LSTM -> Lstm.of(150);
      case GRU -> Gru.of(150);
      case BIDIRECTIONAL_LSTM -> Bidirectional.of(Lstm.of(75));
    };
  }

  @Override
  public void train(Digits digits, int[] order) {
    if (!bound) {
      plan.bind(digits.data());
      bound = true;
    }
    release();
    plan.beginEpoch(order, BATCH);
    plan.step(order.length / BATCH, new Totals());
  }

  @Override
  public void predict(float[] images, int count, float[] scores) {
    if (predictor == null) {
      predictor = Backends.named("cpu").predictor(spec, plan.snapshot(), threads);
    }
    if (count * PIXELS == images.length) {
      predictor.predict(images, scores);
    } else {
      float[] some = new float[count * CLASSES];
      predictor.predict(Arrays.copyOf(images, count * PIXELS), some);
      System.arraycopy(some, 0, scores, 0, some.length);
    }
  }

  private void release() {
    if (predictor != null) {
      predictor.close();
      predictor = null;
    }
  }

  @Override
  public void close() {
    release();
    plan.close();
  }
}
