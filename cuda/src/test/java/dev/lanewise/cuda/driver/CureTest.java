package dev.lanewise.cuda.driver;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.DeviceFailureException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors that a user can do something about say what. */
class CureTest {
  @ParameterizedTest
  @CsvSource({
    "46, DEVICE_UNAVAILABLE, another process has the GPU to itself",
    "218, INVALID_PTX, update it",
    "221, JIT_COMPILER_NOT_FOUND, libnvidia-ptxjitcompiler.so.1",
    "223, JIT_COMPILATION_DISABLED, unset CUDA_DISABLE_JIT and CUDA_DISABLE_PTX_JIT",
    "702, LAUNCH_TIMEOUT, end this process",
    "802, SYSTEM_NOT_READY, nvidia-fabricmanager",
    "803, SYSTEM_DRIVER_MISMATCH, restart the machine",
    "804, COMPAT_NOT_SUPPORTED_ON_DEVICE, cuda-compat",
    "999, UNKNOWN, dmesg",
  })
  void errorSaysWhatHelps(int code, String name, String cure) {
    assertThatThrownBy(() -> Driver.check(code, "go on"))
        .isInstanceOf(DeviceFailureException.class)
        .hasMessageStartingWith("CUDA: cannot go on: CUDA_ERROR_" + name + " (" + code + "); ")
        .hasMessageContaining(cure)
        .hasMessageNotContaining("\n");
  }

  /** Every later call of the process fails with them, whatever is closed and opened again. */
  @ParameterizedTest
  @ValueSource(ints = {214, 700, 709, 710, 714, 715, 716, 717, 718, 719})
  void errorThatSticksToTheContextAdvisesToEndTheProcess(int code) {
    assertThatThrownBy(() -> Driver.check(code, "wait for the device"))
        .hasMessageEndingWith(
            " (" + code + "); this process has lost the device for good: end it and start again");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 400})
  void othersSayNothing(int code) {
    assertThatThrownBy(() -> Driver.check(code, "go on")).hasMessageEndingWith(" (" + code + ")");
  }
}
