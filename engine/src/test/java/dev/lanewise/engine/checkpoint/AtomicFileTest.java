package dev.lanewise.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AtomicFileTest {
  private static final Path TARGET = Path.of("folder/file").toAbsolutePath();
  private static final byte[] OLD = {1, 2, 3};
  private static final byte[] NEW = {4, 5, 6, 7};

  @ParameterizedTest
  @EnumSource(SimulatedDisk.Fault.class)
  void everyFaultLeavesTheOldOrTheNewContent(SimulatedDisk.Fault fault) throws IOException {
    boolean failed = true;
    for (int n = 1; failed; n++) {
      SimulatedDisk disk = new SimulatedDisk();
      AtomicFile.write(disk, TARGET, OLD);
      disk.failAt(n, fault);
      try {
        AtomicFile.write(disk, TARGET, NEW);
        failed = false;
      } catch (IOException | SimulatedDisk.PowerLost e) {
        failed = true;
      }
      disk.failAt(0, fault);
      assertThat(disk.read(TARGET)).as(fault + " at operation " + n).isIn(OLD, NEW);
      if (!failed) {
        assertThat(disk.read(TARGET)).isEqualTo(NEW);
      } else if (fault == SimulatedDisk.Fault.NO_SPACE) {
        assertThat(disk.names()).containsExactly("file");
      }
    }
  }
}
