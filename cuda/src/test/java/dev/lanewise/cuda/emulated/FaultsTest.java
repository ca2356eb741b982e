package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.cuda.driver.PrimaryContext;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.DeviceFailureException;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever call of the driver fails, it is told by its name, and nothing is left behind. */
@Tag("emulated")
class FaultsTest {
  private static final int OUT_OF_MEMORY = 2;
  private static final int UNKNOWN = 999;

  private static final ModelSpec SPEC = under(SimpleRnn.of(5));
  private static final Parameters START = start(SPEC);

  /** A fused model, and one that takes what the general path has beside its own. */
  enum Kind {
    FUSED(SPEC),
    GATED(
        under(
            Dropout.of(0.5),
            Bidirectional.of(Lstm.of(2).returningSequences()),
            Gru.of(2).returningSequences(),
            Gru.of(2).resettingBefore()));

    final ModelSpec spec;

    Kind(ModelSpec spec) {
      this.spec = spec;
    }
  }

  private static ModelSpec under(Layer... layers) {
    List<Layer> all = new ArrayList<>(List.of(layers));
    all.add(Dense.of(4, Activation.SOFTMAX));
    return new ModelSpec(Shape.of(2, 3), all, Loss.CATEGORICAL_CROSSENTROPY, Adam.withDefaults());
  }

  private static Parameters start(ModelSpec spec) {
    return Parameters.initial(
        spec.parameters().stream()
            .map(parameter -> new float[(int) parameter.shape().elementCount()])
            .toList());
  }

  @BeforeEach
  void load() {
    Emulation.require();
    Emulation.forget();
  }

  @AfterEach
  void forget() {
    Emulation.forget();
  }

  private static Dataset data() {
    int[] labels = {0, 1, 2, 3, 0};
    return Dataset.ofBytes(Shape.of(2, 3), new byte[5 * 6], labels, 4);
  }

  /** Everything that a plan and a predictor can be asked, and the end of the process. */
  private static void live(Backend backend, ModelSpec spec) {
    try (Plan plan = backend.compile(spec, new PlanOptions(3, 1))) {
      plan.load(start(spec));
      plan.bind(data());
      plan.beginEpoch(IntStream.range(0, 5).toArray(), 3);
      plan.step(2, new Totals());
      plan.evaluate(data(), 3, new Totals());
      plan.predict(data(), 2, new float[20]);
      plan.gradients();
      try (Predictor predictor = backend.predictor(spec, plan.snapshot(), 1)) {
        predictor.predict(new float[6], new float[4]);
        predictor.predict(new byte[12], new float[8]);
      }
    }
    PrimaryContext.free();
  }

  /** Returns the failure, if the n-th call of a life fails; null if the life had fewer calls. */
  private static RuntimeException failing(Backend backend, ModelSpec spec, long nth, int code) {
    Emulation.fail(nth, code);
    try {
      live(backend, spec);
      return null;
    } catch (RuntimeException e) {
      return e;
    } finally {
      Emulation.fail(0, 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"FUSED, 2", "FUSED, 999", "GATED, 999"})
  void everyCallThatFailsIsToldAndEverythingIsReleased(Kind kind, int code) {
    Backend backend = new CudaBackend();
    live(backend, kind.spec);
    Emulation.fail(0, 0);
    live(backend, kind.spec);
    long calls = Emulation.calls();
    assertThat(calls).isGreaterThan(150);
    for (long n = 1; n <= calls; n++) {
      Emulation.forget();
      Emulation.idle(); // what kernels answer is not looked at
      RuntimeException failure = failing(backend, kind.spec, n, code);
      assertThat(failure)
          .as("call " + n)
          .isInstanceOfAny(
              DeviceFailureException.class,
              InsufficientMemoryException.class,
              UnsupportedOperationException.class);
      assertThat(failure).as("call " + n).hasMessageContaining("CUDA");
      // Others may keep the context: it goes with what could not be freed, and with nothing else.
      long stuck = failure.getMessage().contains("cannot free ") ? 1 : 0;
      assertThat(Emulation.leaked())
          .as("left to the context after call " + n + ": " + failure.getMessage())
          .isLessThanOrEqualTo(stuck);
      boolean held = failure.getMessage().contains("free the context"); // nobody else can
      assertThat(Emulation.live()).as("held after call " + n).isEqualTo(held ? 1 : 0);
      if (held) {
        Emulation.forget();
      }
    }
    Emulation.forget();
    live(backend, kind.spec); // and the next life is a good one
    System.out.println(kind + ": " + calls + " calls of the driver, each failed with code " + code);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 12020, CUDA_ERROR_NO_DEVICE",
    "1, 11030, 'the driver is too old: it supports CUDA 11.3, at least 11.4 is needed'",
  })
  void probeSaysWhatIsMissing(int devices, int version, String reason) {
    Emulation.device(devices, version, 1L << 30);
    assertThat(new CudaBackend().probe().available()).isFalse();
    assertThat(new CudaBackend().probe().description()).contains(reason).doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {OUT_OF_MEMORY, UNKNOWN})
  void probeNeverThrows(int code) {
    Emulation.fail(0, 0);
    assertThat(new CudaBackend().probe().available()).isTrue();
    long calls = Emulation.calls();
    for (long n = 1; n <= calls; n++) {
      Emulation.fail(n, code);
      Probe probe = new CudaBackend().probe();
      assertThat(probe.available()).as("call " + n).isFalse();
      assertThat(probe.description()).startsWith("CUDA: cannot ").doesNotContain("\n");
    }
  }

  @Test
  void probeDescribesTheDevice() {
    assertThat(new CudaBackend().probe().description())
        .isEqualTo(
            "CPU emulation (not a GPU), 4.0 GiB, compute capability 7.5, driver for CUDA 12.2");
  }

  @Test
  void modelThatDoesNotFitIsRefusedBeforeAnythingIsAllocated() {
    Emulation.device(1, 12020, 10_000);
    long before = Emulation.launches();
    assertThatThrownBy(() -> new CudaBackend().compile(SPEC, new PlanOptions(64, 1)))
        .isInstanceOf(InsufficientMemoryException.class)
        .hasMessageMatching(
            "a plan of .* with batches of 64 samples needs [\\d,]+ bytes of device memory, of"
                + " 10,000 bytes 10,000 are free; make the model, the batch or the data smaller,"
                + " or use the CPU");
    assertThat(Emulation.launches()).isEqualTo(before);
    assertThat(Emulation.live()).isZero();
  }

  @Test
  void batchBeyondAnyIndexIsRefusedWithTheCure() {
    ModelSpec many = new ModelSpec(Shape.of(200, 3), SPEC.layers(), SPEC.loss(), SPEC.optimizer());
    assertThatThrownBy(() -> new CudaBackend().compile(many, new PlanOptions(1 << 24, 1)))
        .isInstanceOf(InsufficientMemoryException.class)
        .hasMessage(
            "batches of 16,777,216 samples of 200 steps are too large for a GPU; make the batch"
                + " smaller");
    assertThat(Emulation.live()).isZero();
  }

  @Test
  void dataThatDoNotFitAreRefusedAndThePlanLivesOn() {
    try (Plan plan = new CudaBackend().compile(SPEC, new PlanOptions(3, 1))) {
      plan.load(START);
      plan.bind(data());
      Emulation.device(1, 12020, plan.bytes() + 1000);
      Dataset large = Dataset.ofBytes(Shape.of(2, 3), new byte[6000], new int[1000], 4);
      assertThatThrownBy(() -> plan.evaluate(large, 3, new Totals()))
          .isInstanceOf(InsufficientMemoryException.class)
          .hasMessageContaining("a data set of 1000 samples needs 6,000 bytes");
      Dataset longer = Dataset.ofBytes(Shape.of(2, 3), new byte[600], new int[100], 4);
      assertThatThrownBy(() -> plan.evaluate(longer, 3, new Totals()))
          .isInstanceOf(InsufficientMemoryException.class)
          .hasMessageContaining("cannot allocate 1,200 bytes for results");
      plan.evaluate(data(), 3, new Totals());
      plan.beginEpoch(IntStream.range(0, 5).toArray(), 3);
      plan.step(2, new Totals());
    }
  }

  @Test
  void nextDataSetTakesThePlaceOfTheLast() {
    try (Plan plan = new CudaBackend().compile(SPEC, new PlanOptions(3, 1))) {
      plan.load(START);
      Emulation.device(1, 12020, plan.bytes() + 10_000);
      plan.evaluate(large(), 3, new Totals()); // two of them would not fit
      plan.evaluate(large(), 3, new Totals());
      plan.bind(large());
      plan.bind(large());
      plan.beginEpoch(IntStream.range(0, 5).toArray(), 3);
      plan.step(2, new Totals());
    }
  }

  private static Dataset large() {
    return Dataset.ofBytes(Shape.of(2, 3), new byte[6000], new int[1000], 4).slice(0, 5);
  }
}
