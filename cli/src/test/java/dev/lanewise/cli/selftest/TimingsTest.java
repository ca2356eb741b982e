package dev.lanewise.cli.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * On a device whose clock rises after nearly a second of work, as a GPU's does when it was idle.
 */
class TimingsTest {
  private static final double RISE_SECONDS = 0.99;
  private static final long SLOW_NANOS = 60_000_000;
  private static final long FAST_NANOS = 10_000_000;

  private long now;
  private final List<Integer> givenAtOnce = new ArrayList<>();

  /** Each plan and predictor finds an idle device. */
  private final class Device implements Backend {
    @Override
    public String name() {
      return "device";
    }

    @Override
    public Probe probe() {
      return new Probe(true, "a device");
    }

    @Override
    public Predictor predictor(ModelSpec model, Parameters parameters, int threads) {
      return (Predictor) working(Predictor.class);
    }

    @Override
    public Plan compile(ModelSpec model, PlanOptions options) {
      return (Plan) working(Plan.class);
    }

    private Object working(Class<?> type) {
      long[] worked = new long[1];
      InvocationHandler handler =
          (proxy, method, arguments) -> {
            if (method.getName().equals("step") || method.getName().equals("predict")) {
              long took = worked[0] < RISE_SECONDS * 1e9 ? SLOW_NANOS : FAST_NANOS;
              worked[0] += took;
              now += took;
            }
            if (method.getName().equals("step")) {
              givenAtOnce.add((Integer) arguments[0]);
            }
            return null;
          };
      return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }
  }

  @Test
  void noFigureIsOfAColdDeviceAndBatchesAreGivenAllAtOnce() {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(2, 2),
            List.of(SimpleRnn.of(3), Dense.of(4, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Adam.withDefaults());
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);

    new Timings(new Device(), spec, 1, out, () -> now).run();

    List<String> rows = text.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(rows).hasSize(8);
    int[] batches = {32, 150, 264, 1024};
    for (int i = 0; i < 4; i++) { // an epoch's 15,000 samples in 10 ms
      int count = Math.ceilDiv(15_000, batches[i]);
      assertThat(rows.get(1 + i)).matches(batches[i] + " +" + micros(1e4 / count) + " .*");
      assertThat(givenAtOnce).contains(count);
    }
    assertThat(givenAtOnce).doesNotContain(1);
    assertThat(rows.get(6)).matches("1 +10000\\.0 +100");
    assertThat(rows.get(7)).matches("150 +10000\\.0 +15000");
  }

  private static String micros(double value) {
    return Math.round(value * 10) / 10.0 + "";
  }
}
