package dev.lanewise.bench.peers;

import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
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
  private static final ModelSpec SPEC =
      new ModelSpec(
          Shape.of(28, 28),
          List.of(SimpleRnn.of(150), Dense.of(CLASSES, Activation.SOFTMAX)),
          Loss.CATEGORICAL_CROSSENTROPY,
          Adam.withDefaults());

  private final int threads = Runtime.getRuntime().availableProcessors();
  private final Plan plan = Backends.named("cpu").compile(SPEC, new PlanOptions(BATCH, threads));
  private @Nullable Predictor predictor;
  private boolean bound;

  private Lanewise(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    plan.load(
        Parameters.initial(
            SPEC.parameters().stream()
                .map(parameter -> parameter.initializer().values(parameter.shape(), random))
                .toList()));
  }

  public static void main(String[] args) {
    Run.main(args, Lanewise::new);
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
      predictor = Backends.named("cpu").predictor(SPEC, plan.snapshot(), threads);
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
