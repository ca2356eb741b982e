package dev.lanewise.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointFolderTest {
  private static final Path RUN = Path.of("run").toAbsolutePath();
  private static final byte[] OLD = "what was saved before".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NEW = "what is saved now".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LATER = "what is saved then".getBytes(StandardCharsets.UTF_8);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final CheckpointFolder folder = new CheckpointFolder(disk, RUN);

  /** Returns whether the fault was met; what it makes a call throw is no matter. */
  private boolean attempt(Work work) {
    try {
      work.run();
      return false;
    } catch (IOException | SimulatedDisk.PowerLost e) {
      return true;
    } finally {
      disk.failAt(0, SimulatedDisk.Fault.ERROR);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  @ParameterizedTest
  @EnumSource(SimulatedDisk.Fault.class)
  void everyFaultOfASaveLeavesTheOldOrTheNewContent(SimulatedDisk.Fault fault) throws IOException {
    boolean failed = true;
    int n = 0;
    while (failed) {
      n++;
      folder.save(OLD);
      disk.failAt(n, fault);
      failed = attempt(() -> folder.save(NEW));
      byte[] found = folder.load().content();
      assertThat(found).as(fault + " at operation " + n).isIn(OLD, NEW);
      if (!failed) {
        assertThat(found).isEqualTo(NEW);
      }
      assertThat(disk.names()).noneMatch(name -> name.endsWith(".tmp"));
      folder.save(LATER);
      assertThat(folder.load().content()).isEqualTo(LATER);
    }
    assertThat(n).isGreaterThan(7);
  }

  @ParameterizedTest
  @EnumSource(SimulatedDisk.Fault.class)
  void everyFaultOfALoadLeavesWhatWasThere(SimulatedDisk.Fault fault) throws IOException {
    boolean failed = true;
    for (int n = 1; failed; n++) {
      folder.save(OLD);
      folder.save(NEW);
      disk.overwrite(RUN.resolve(CheckpointFolder.NEWEST), new byte[100]);
      disk.failAt(n, fault);
      failed = attempt(() -> folder.load());
      assertThat(folder.load().content()).as(fault + " at operation " + n).isEqualTo(OLD);
    }
  }

  /** A save that fails cleans up behind itself, and may fail in that. */
  @ParameterizedTest
  @EnumSource(names = {"NO_SPACE", "ERROR", "SHORT_WRITE"})
  void everyPairOfFaultsOfASaveLeavesTheOldOrTheNewContent(SimulatedDisk.Fault first)
      throws IOException {
    for (SimulatedDisk.Fault second : SimulatedDisk.Fault.values()) {
      boolean failed = true;
      for (int n = 1; failed; n++) {
        int done = Integer.MAX_VALUE;
        for (int m = n + 1; m <= done; m++) {
          folder.save(OLD);
          disk.failAt(n, first);
          disk.andAt(m, second);
          failed = attempt(() -> folder.save(NEW));
          done = Math.min(disk.operations(), m);
          disk.failAt(0, first);
          byte[] found = folder.load().content();
          assertThat(found).as("%s at %d, %s at %d", first, n, second, m).isIn(OLD, NEW);
          if (!failed) {
            assertThat(found).isEqualTo(NEW);
          }
          folder.save(LATER);
          assertThat(folder.load().content()).isEqualTo(LATER);
          assertThat(disk.names()).noneMatch(name -> name.endsWith(".tmp"));
        }
      }
    }
  }

  /** All pairs: a save that fails, a save after it that fails, and then the state. */
  @ParameterizedTest
  @EnumSource(SimulatedDisk.Fault.class)
  void twoFaultsInARowLeaveOneOfTheContents(SimulatedDisk.Fault fault) throws IOException {
    for (int first = 1; first < 12; first++) {
      for (int second = 1; second < 12; second++) {
        folder.save(OLD);
        disk.failAt(first, fault);
        attempt(() -> folder.save(NEW));
        disk.failAt(second, fault);
        attempt(() -> folder.save(LATER));
        assertThat(folder.load().content()).isIn(OLD, NEW, LATER);
      }
    }
  }

  @Test
  void aDamagedNewestIsToldAndTheOneBeforeIsUsed() throws IOException {
    folder.save(OLD);
    folder.save(NEW);
    disk.overwrite(RUN.resolve(CheckpointFolder.NEWEST), new byte[100]);
    CheckpointFolder.Found found = folder.load();
    assertThat(found.content()).isEqualTo(OLD);
    assertThat(found.notes()).singleElement().asString().contains("checkpoint: is no checkpoint");
  }

  @Test
  void whatNobodyCanUseNowStaysAsItIs() throws IOException {
    folder.save(OLD);
    folder.save(NEW);
    disk.overwrite(RUN.resolve(CheckpointFolder.NEWEST), new byte[100]);
    disk.overwrite(RUN.resolve(CheckpointFolder.PREVIOUS), new byte[200]);
    assertThatThrownBy(folder::load)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("holds no whole checkpoint");
    assertThat(disk.names()).containsExactly("checkpoint", "checkpoint.previous");
    assertThat(disk.read(RUN.resolve(CheckpointFolder.NEWEST))).hasSize(100);
  }

  @Test
  void aSecondDamagedFileDoesNotTakeTheFirstOnesPlace() throws IOException {
    for (int size = 100; size <= 300; size += 100) {
      folder.save(OLD);
      folder.save(NEW);
      disk.overwrite(RUN.resolve(CheckpointFolder.NEWEST), new byte[size]);
      assertThat(folder.load().content()).isEqualTo(OLD);
    }
    assertThat(disk.read(RUN.resolve("checkpoint.damaged"))).hasSize(100);
    assertThat(disk.read(RUN.resolve("checkpoint.damaged.2"))).hasSize(200);
    assertThat(disk.read(RUN.resolve("checkpoint.damaged.3"))).hasSize(300);
  }

  @Test
  void whatANewerProgramSavedIsLeftToIt() throws IOException {
    folder.save(OLD);
    folder.save(NEW);
    byte[] newer = Sealed.seal(NEW);
    newer[11] = 5;
    CRC32C crc = new CRC32C();
    crc.update(newer, 0, newer.length - 4);
    ByteBuffer.wrap(newer).putInt(newer.length - 4, (int) crc.getValue());
    disk.overwrite(RUN.resolve(CheckpointFolder.NEWEST), newer);
    assertThatThrownBy(folder::load)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has version 5 of the format, this program reads 4");
    assertThat(disk.names()).containsExactly("checkpoint", "checkpoint.previous");
  }

  @Test
  void theNamesOfNewFoldersAreOnTheDiskToo() throws IOException {
    CheckpointFolder deep = new CheckpointFolder(disk, RUN.resolve("a/b"));
    deep.save(NEW);
    disk.failAt(1, SimulatedDisk.Fault.POWER_LOST);
    attempt(() -> deep.save(LATER));
    assertThat(deep.load().content()).isEqualTo(NEW);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void noReadWaitsForAnEndThatDoesNotCome(@TempDir Path here) throws Exception {
    Path pipe = here.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (Path endless : List.of(pipe, Path.of("/dev/zero"))) {
      assertThatThrownBy(() -> Storage.disk().read(endless))
          .isInstanceOf(IOException.class)
          .hasMessage("expected a file, found a device or pipe");
    }
    // The system's own files have no size, and some of them no end: as little is read.
    assertThat(Storage.disk().read(Path.of("/proc/self/stat"))).isEmpty();
  }

  @Test
  void everyTruncationAndEveryFlippedBitIsSeen() throws IOException {
    byte[] whole = Sealed.seal(NEW);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Sealed.open(cut, "x")).isInstanceOf(DamagedFileException.class);
    }
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> Sealed.open(flipped, "x")).isInstanceOf(DamagedFileException.class);
    }
    assertThat(Sealed.open(whole, "x")).isEqualTo(NEW);
  }

  @Test
  void aFolderWithoutACheckpointSaysSo(@TempDir Path here) {
    CheckpointFolder none = new CheckpointFolder(Storage.disk(), here.resolve("none"));
    for (CheckpointFolder empty : List.of(folder, none)) {
      assertThatThrownBy(empty::load)
          .isInstanceOf(DamagedFileException.class)
          .hasMessageContaining("holds no whole checkpoint");
    }
  }

  @Test
  void theMachinesOwnFilesWorkAlike(@TempDir Path here) throws IOException {
    CheckpointFolder real = new CheckpointFolder(Storage.disk(), here.resolve("a/b"));
    real.save(OLD);
    real.save(NEW);
    assertThat(real.load().content()).isEqualTo(NEW);
    Files.write(here.resolve("a/b/checkpoint"), new byte[3]);
    Path left = Files.write(here.resolve("a/b/.lanewise-0123456789abcdef.tmp"), new byte[3]);
    CheckpointFolder.Found found = real.load();
    assertThat(found.content()).isEqualTo(OLD);
    assertThat(found.notes()).hasSize(2);
    assertThat(left).doesNotExist();
  }
}
