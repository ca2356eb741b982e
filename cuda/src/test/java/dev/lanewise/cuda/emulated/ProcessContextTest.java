package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.cuda.GeneralPath;
import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.Graph;
import dev.lanewise.cuda.driver.KernelModule;
import dev.lanewise.cuda.driver.KernelModule.Grid;
import dev.lanewise.cuda.driver.PrimaryContext;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.DeviceFailureException;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process waits once for its context and for each kernel that it needs, and for no other. */
@Tag("emulated")
class ProcessContextTest {
  @BeforeEach
  void load() {
    Emulation.require();
    Emulation.forget();
  }

  @AfterEach
  void forget() {
    Emulation.forget();
  }

  private static ModelSpec model(int units) {
    return new ModelSpec(
        Shape.of(2, 3),
        List.of(SimpleRnn.of(units), Dense.of(4, Activation.SOFTMAX)),
        Loss.CATEGORICAL_CROSSENTROPY,
        Adam.withDefaults());
  }

  private static void compile(Backend backend, int units) {
    backend.compile(model(units), new PlanOptions(3, 1)).close();
  }

  private static long loaded() {
    return Emulation.called("cuModuleLoadDataEx");
  }

  @Test
  void plansOneAfterTheOtherWaitOnce() {
    compile(new CudaBackend(), 5);
    // rnn_fused_tanh_2, update_fused; advance, softmax_rows and collect_outputs for answers,
    // pack_weights for weights that come from the host
    assertThat(loaded()).isEqualTo(6);
    compile(new CudaBackend(), 5);
    assertThat(loaded()).isEqualTo(6);
    compile(new CudaBackend(), 70); // another tile
    assertThat(loaded()).isEqualTo(7);
    compile(new GeneralPath(), 5);
    // feed_samples and _outputs, simple_forward and _backward, gemm_forward, _backward and
    // _weights, sum_slices, loss_rows, update
    assertThat(loaded()).isEqualTo(17);
    assertThat(Emulation.called("cuDevicePrimaryCtxRetain")).isEqualTo(1);
    assertThat(Emulation.called("cuDevicePrimaryCtxRelease_v2")).isZero();
  }

  @Test
  void contextAndKernelsAreFreedAtTheEndAndMadeAnewAfterIt() {
    compile(new CudaBackend(), 5);
    PrimaryContext.free();
    assertThat(Emulation.called("cuModuleUnload")).isEqualTo(6);
    assertThat(Emulation.called("cuDevicePrimaryCtxRelease_v2")).isEqualTo(1);
    assertThat(Emulation.live()).isZero();
    assertThat(Emulation.leaked()).isZero();
    compile(new CudaBackend(), 5);
    assertThat(loaded()).isEqualTo(12);
  }

  @Test
  void theEndWaitsForNobody() {
    try (Device device = Device.open()) {
      PrimaryContext.free();
      assertThat(Emulation.called("cuDevicePrimaryCtxRelease_v2")).isZero();
      device.synchronize();
    }
    PrimaryContext.free();
    assertThat(Emulation.called("cuDevicePrimaryCtxRelease_v2")).isEqualTo(1);
  }

  @Test
  void whatAGraphNeedsIsLoadedBeforeItIsRecorded() {
    try (Device device = Device.open()) {
      KernelModule kernels = new KernelModule(device);
      long memory = device.allocate("a record", 88).address();
      device.clear(memory, 22);
      Graph graph =
          Graph.capture(
              device,
              () ->
                  kernels.launch(
                      "advance", Grid.of(1), 1, new Arguments().pointer(memory).integer(5)));
      long before = Emulation.launches();
      graph.launch();
      device.synchronize();
      assertThat(Emulation.launches() - before).isEqualTo(1); // and none while it was loaded
    }
    assertThat(loaded()).isEqualTo(1);
  }

  @Test
  void warmUpOfAModelTellsWhatItTook() {
    assertThat(new CudaBackend().warmUp(model(5)))
        .matches("context in \\d+\\.\\d\\d s, 6 kernels in \\d+\\.\\d\\d s");
    compile(new CudaBackend(), 5);
    assertThat(loaded()).isEqualTo(6);
  }

  /** What a driver refuses at the first use is told before anything has been trained. */
  @ParameterizedTest
  @CsvSource({
    "cuDevicePrimaryCtxRetain, 46, make a context: CUDA_ERROR_DEVICE_UNAVAILABLE, nvidia-smi",
    "cuModuleLoadDataEx, 221, load the kernel pack_weights: CUDA_ERROR_JIT_COMPILER_NOT_FOUND,"
        + " ptxjit",
  })
  void firstUseThatFailsIsToldWithTheCure(String call, int code, String reason, String cure) {
    long nth = numberOfFirst(call);
    Emulation.fail(nth, code);
    assertThatThrownBy(() -> new CudaBackend().warmUp(model(5)))
        .isInstanceOf(DeviceFailureException.class)
        .hasMessageStartingWith("CUDA: cannot " + reason + " (" + code + "); ")
        .hasMessageContaining(cure)
        .hasMessageNotContaining("\n");
    assertThat(Emulation.live()).isZero();
    assertThat(Emulation.leaked()).isZero();
    new CudaBackend().warmUp(model(5)); // and the next attempt may succeed
  }

  /** Returns which of a warm-up's calls is the first of that function: those before are as many. */
  private static long numberOfFirst(String function) {
    for (long n = 1; ; n++) {
      Emulation.forget();
      Emulation.fail(n, 999);
      assertThatThrownBy(() -> new CudaBackend().warmUp(model(5))).hasMessageContaining("999");
      if (Emulation.called(function) > 0) {
        Emulation.forget();
        return n;
      }
    }
  }
}
