package dev.lanewise.cli.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfTestTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private boolean passes(Backend backend) {
    return new SelfTest(backend, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
  }

  /** The CPU with other step sizes for one kind of optimizer: a backend that errs. */
  private record Erring(Backend cpu) implements Backend {
    @Override
    public String name() {
      return "erring";
    }

    @Override
    public Probe probe() {
      return new Probe(true, "a backend that errs");
    }

    @Override
    public Predictor predictor(ModelSpec model, Parameters parameters, int threads) {
      return cpu.predictor(model, parameters, threads);
    }

    @Override
    public Plan compile(ModelSpec model, PlanOptions options) {
      if (!(model.optimizer() instanceof Adam)) {
        return cpu.compile(model, options);
      }
      return cpu.compile(
          new ModelSpec(model.input(), model.layers(), model.loss(), Adam.of(0.0011)), options);
    }
  }

  @Test
  void backendThatAgreesPasses() {
    assertThat(passes(Backends.named("cpu"))).isTrue();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("all agree with the CPU", "same bits")
        .doesNotContain("FAILED", "DIFFER");
  }

  @Test
  void backendThatErrsIsTold() {
    assertThat(passes(new Erring(Backends.named("cpu")))).isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("FAILED", "NOT everything agrees: please report this table")
        .doesNotContain("all agree");
  }

  /** The fused kernels are made for up to 64, 96, 128, 160 and 192 units. */
  @Test
  void everyFusedKernelIsTried() {
    for (int most = 64; most <= 192; most += 32) {
      int limit = most;
      int least = most == 64 ? 1 : most - 31;
      assertThat(TestCase.all())
          .anyMatch(
              test ->
                  !test.general()
                      && test.spec().layers().getFirst() instanceof SimpleRnn rnn
                      && rnn.units() >= least
                      && rnn.units() <= limit);
    }
  }

  /** Under a crossentropy a softmax goes into the loss; its own way back is another kernel. */
  @Test
  void softmaxWithoutCrossentropyIsTried() {
    assertThat(TestCase.all())
        .anyMatch(
            test -> {
              List<Layer> layers = test.spec().layers();
              return test.spec().loss() == Loss.MEAN_SQUARED_ERROR
                  && layers.getLast() instanceof Dense dense
                  && dense.activation() == Activation.SOFTMAX;
            });
  }
}
