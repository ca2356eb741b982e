package dev.lanewise.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
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
    assertThat(n).isGreaterThan(8);
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
  void aFolderWithoutACheckpointSaysSo() {
    assertThatThrownBy(folder::load)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("holds no whole checkpoint");
  }

  @Test
  void theMachinesOwnFilesWorkAlike(@TempDir Path here) throws IOException {
    CheckpointFolder real = new CheckpointFolder(Storage.disk(), here.resolve("a/b"));
    real.save(OLD);
    real.save(NEW);
    assertThat(real.load().content()).isEqualTo(NEW);
    Files.write(here.resolve("a/b/checkpoint"), new byte[3]);
    Files.write(here.resolve("a/b/checkpoint.tmp"), new byte[3]);
    CheckpointFolder.Found found = real.load();
    assertThat(found.content()).isEqualTo(OLD);
    assertThat(found.notes()).hasSize(2);
    assertThat(here.resolve("a/b/checkpoint.tmp")).doesNotExist();
  }
}
