package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.DeviceMemory;
import dev.lanewise.cuda.driver.Graph;
import dev.lanewise.cuda.driver.KernelModule;
import dev.lanewise.cuda.driver.KernelModule.Grid;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.engine.backend.DeviceFailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the emulation is there to notice, it notices: each kernel here does one thing wrong. */
@Tag("emulated")
class EmulationChecksTest {
  private static final String PROPERTY = "lanewise.cuda.ptx";
  private static final int WORDS = 64;
  private static final int SECTOR = 32; // bytes that a device moves at once

  @TempDir Path folder;

  @BeforeEach
  void load() {
    Emulation.require();
    Emulation.forget();
  }

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
    Emulation.forget();
  }

  /** {@code %rd1} is the memory, {@code %r1} the thread, {@code %rd3} the thread's own word. */
  private enum Wrong {
    BEYOND_THE_END("beyond what is allocated", "st.global.u32 [%rd1+256], %r1;"),
    BEFORE_THE_BEGINNING("beyond what is allocated", "ld.global.u32 %r2, [%rd1+-4];"),
    MISALIGNED("misaligned access to global", "st.global.u32 [%rd1+2], %r1;"),
    UNWRITTEN("global memory that nobody wrote", "ld.global.u32 %r2, [%rd3];"),
    RACE_OF_THREADS("race in global memory", "st.global.u32 [%rd1], %r1;"),
    RACE_OF_BLOCKS("race in global memory", "st.global.u32 [%rd3], %r1;"),
    SHARED_BEYOND_THE_END("beyond shared memory", "st.shared.u32 [words+256], %r1;"),
    SHARED_UNWRITTEN("shared memory that nobody wrote", "ld.shared.u32 %r2, [words];"),
    SHARED_RACE("race in shared memory", "st.shared.u32 [words], %r1;"),
    SHARED_RACE_WITHOUT_BARRIER(
        "race in shared memory",
        "mov.u32 %r3, words; shl.b32 %r5, %r1, 2; add.s32 %r4, %r3, %r5; st.shared.u32 [%r4], %r1;"
            + " bar.sync 0; st.shared.u32 [%r4], %r1;"
            + " xor.b32 %r5, %r5, 128; add.s32 %r4, %r3, %r5; ld.shared.u32 %r2, [%r4];"),
    DIVERGENT_BARRIER(
        "barrier that not all threads", "setp.eq.s32 %p1, %r1, 3; @%p1 bra $done; bar.sync 0;"),
    PARTIAL_SHUFFLE(
        "shuffle that not all its members",
        "setp.eq.s32 %p1, %r1, 3; @%p1 bra $done; shfl.sync.bfly.b32 %r2|%p2, %r1, 1, 31, -1;");

    private final String message;
    private final String instructions;

    Wrong(String message, String instructions) {
      this.message = message;
      this.instructions = instructions;
    }
  }

  private static String kernel(String instructions) {
    return """
    .version 6.3
    .target sm_75
    .address_size 64
    .extern .shared .align 16 .b8 more[];
    .visible .entry wrong(
      .param .u64 wrong_param_0
    )
    .maxntid 64, 1, 1
    {
      .shared .align 4 .b8 words[256];
      ld.param.u64 %%rd1, [wrong_param_0];
      mov.u32 %%r1, %%tid.x;
      mul.wide.u32 %%rd2, %%r1, 4;
      add.s64 %%rd3, %%rd1, %%rd2;
      %s
    $done:
      ret;
    }
    """
        .formatted(instructions);
  }

  private void run(String instructions, int blocks, int threads) throws IOException {
    run(instructions, blocks, threads, 0);
  }

  /** Runs a kernel with shared memory in turn, each time with so many bytes beside its own. */
  private void run(String instructions, int blocks, int threads, int... shared) throws IOException {
    Path file = Files.writeString(folder.resolve("kernel.ptx"), kernel(instructions));
    System.setProperty(PROPERTY, file.toString());
    try (Device device = Device.open()) {
      DeviceMemory memory = device.allocate("words", WORDS * Integer.BYTES);
      for (int bytes : shared) {
        Arguments arguments = new Arguments().pointer(memory.address());
        new KernelModule(device).launch("wrong", Grid.of(blocks), threads, bytes, arguments);
      }
      device.synchronize();
    }
  }

  @ParameterizedTest
  @EnumSource
  void wrongKernelIsStoppedAndNamed(Wrong wrong) {
    int blocks = wrong == Wrong.RACE_OF_BLOCKS ? 2 : 1;
    assertThatThrownBy(() -> run(wrong.instructions, blocks, WORDS))
        .isInstanceOf(DeviceFailureException.class)
        .hasMessageContaining("wait for the device: CUDA_ERROR_LAUNCH_FAILED")
        .hasMessageContaining("this process has lost the device for good: end it and start again");
    assertThat(Emulation.fault()).contains("kernel wrong, block ").contains(wrong.message);
    assertThat(Emulation.live()).isZero();
  }

  @Test
  void rightKernelRuns() throws IOException {
    run("st.global.u32 [%rd3], %r1; bar.sync 0; ld.global.u32 %r2, [%rd1];", 1, WORDS);
    run(
        Wrong.SHARED_RACE_WITHOUT_BARRIER.instructions.replace(" xor", " bar.sync 0; xor"),
        1,
        WORDS);
    assertThat(Emulation.fault()).isEmpty();
  }

  /** Of each warp four instructions come before the kernel's own, and one after them. */
  @Test
  void whatKernelsDoIsCounted() throws IOException {
    int all = WORDS * Integer.BYTES;
    assertThat(counts("setp.eq.s32 %p1, %r1, 3; @%p1 st.global.u32 [%rd3], %r1;", WORDS))
        .isEqualTo(new KernelCounts(1, 2 * 7, 0, SECTOR, 0, 0, 0));
    assertThat(counts("st.global.u32 [%rd3], %r1; bar.sync 0; ld.global.u32 %r2, [%rd3];", WORDS))
        .isEqualTo(new KernelCounts(1, 2 * 8, all, all, 0, 0, 2));
    assertThat(
            counts(
                "shl.b64 %rd2, %rd2, 3; add.s64 %rd3, %rd1, %rd2;"
                    + " st.global.v2.u32 [%rd3], {%r1, %r1};",
                8))
        .isEqualTo(new KernelCounts(1, 8, 0, 8 * SECTOR, 0, 0, 0));
    assertThat(
            counts(
                "mov.u32 %r3, words; shl.b32 %r5, %r1, 2; add.s32 %r4, %r3, %r5;"
                    + " st.shared.u32 [%r4], %r1; shfl.sync.bfly.b32 %r2|%p2, %r1, 1, 31, -1;",
                WORDS / 2))
        .isEqualTo(new KernelCounts(1, 10, 0, 0, 1, 1, 0));
  }

  private KernelCounts counts(String instructions, int threads) throws IOException {
    Emulation.forget();
    run(instructions, 1, threads);
    return Objects.requireNonNull(KernelCounts.now().get("wrong"));
  }

  /** The kernel has 256 bytes of its own. */
  @Test
  void sharedMemoryOfALaunchLiesBehindTheKernelsOwn() throws IOException {
    String both = "st.shared.u32 [words+252], %r1; st.shared.u32 [more+OFFSET], %r1;";
    run(both.replace("OFFSET", "4092"), 1, 1, 4096);
    Emulation.forget(); // a kernel keeps the bytes that it was loaded with
    run(both.replace("OFFSET", "65276"), 1, 1, 65_280);
    assertThat(Emulation.fault()).isEmpty();
    Emulation.forget();
    assertThatThrownBy(() -> run(both.replace("OFFSET", "4096"), 1, 1, 4096))
        .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED");
    assertThat(Emulation.fault()).contains("beyond shared memory");
  }

  @Test
  void moreSharedMemoryThanADeviceHasIsRefused() {
    assertThatThrownBy(() -> run("", 1, 1, 65_284))
        .hasMessageContaining(
            "give the kernel wrong 65284 bytes of shared memory: CUDA_ERROR_INVALID_VALUE");
    Emulation.forget();
    Emulation.shared(65_536 + 4);
    assertThatCode(() -> run("", 1, 1, 65_284)).doesNotThrowAnyException();
  }

  /** Nobody has asked for it: a kernel is given its bytes when it is loaded. */
  @Test
  void moreThanFortyEightKilobytesThatNobodyAskedForAreRefused() {
    assertThatCode(() -> run("", 1, 1, 0, 48_896)).doesNotThrowAnyException();
    Emulation.forget();
    assertThatThrownBy(() -> run("", 1, 1, 0, 48_900))
        .hasMessageContaining("launch kernel wrong: CUDA_ERROR_INVALID_VALUE");
  }

  @Test
  void tooManyThreadsAreRefused() {
    assertThatThrownBy(() -> run("", 1, WORDS + 1)).hasMessageContaining("INVALID_VALUE");
  }

  @Test
  void unknownInstructionIsRefusedWithTheModule() {
    assertThatThrownBy(() -> run("vote.sync.any.pred %p1, %p2, -1;", 1, 1))
        .hasMessageContaining("load the kernel wrong: CUDA_ERROR_INVALID_PTX (218): ")
        .hasMessageContaining("vote.sync.any.pred is not known") // from the compiler's log
        .hasMessageEndingWith("update it, or use the CPU")
        .hasMessageNotContaining("\n");
    assertThat(Emulation.live()).isZero();
  }

  /** Copies run when somebody waits: a buffer that is overwritten before arrives overwritten. */
  @Test
  void hostMemoryUsedAgainTooEarlyShows() {
    try (Device device = Device.open()) {
      DeviceMemory memory = device.allocate("words", 4L << 20);
      Transfers transfers = new Transfers(device);
      int[] numbers = new int[1 << 20];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Float.floatToRawIntBits(i);
      }
      transfers.copyIn(memory.address(), numbers); // four parts through two buffers
      float[] back = transfers.copyOut(memory.address(), numbers.length);
      for (int i = 0; i < back.length; i += 997) {
        assertThat(back[i]).isEqualTo(i);
      }
    }
  }

  @Test
  void allocatingWhileAGraphIsRecordedIsRefused() {
    try (Device device = Device.open()) {
      assertThatThrownBy(() -> Graph.capture(device, () -> device.allocate("words", 4)))
          .hasMessageContaining("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED");
      device.allocate("words", 4); // the stream records no more
    }
  }

  @Test
  void whatIsNotFreedIsCounted() {
    Device device = Device.open();
    device.allocate("words", 256);
    assertThat(Emulation.live()).isEqualTo(3); // the context, the stream, the words
    device.close();
    assertThat(Emulation.live()).isZero();
    assertThat(Emulation.leaked()).isZero();
  }
}
