package dev.lanewise.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
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

  @Test
  void aLinkStaysALinkToTheNewContent(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("file"), OLD);
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    AtomicFile.replace(link, NEW);
    assertThat(link).isSymbolicLink();
    assertThat(file).hasBinaryContent(NEW);
  }

  /** Behind a link, so that a failing test takes no device away. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsNoFileIsLeftAlone(@TempDir Path folder) throws IOException {
    Path device = Files.createSymbolicLink(folder.resolve("device"), Path.of("/dev/null"));
    assertThatThrownBy(() -> Storage.disk().rename(Files.createFile(folder.resolve("x")), device))
        .hasMessage("it is a device or a pipe; name a file");
    assertThat(device).isSymbolicLink();
    Path inner = Files.createDirectory(folder.resolve("inner"));
    assertThatThrownBy(() -> AtomicFile.replace(inner, NEW))
        .hasMessage(inner + ": cannot be written: a folder has that name");
    assertThat(inner).isDirectory();
  }
}
