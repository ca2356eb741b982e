package dev.lanewise.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AtomicFileTest {
  private static final Path TARGET = Path.of("file").toAbsolutePath();
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

  @Test
  void anInterruptedThreadWritesTheWholeFile(@TempDir Path folder) {
    Path file = folder.resolve("file");
    Thread.currentThread().interrupt();
    AtomicFile.replace(file, NEW);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasBinaryContent(NEW);
  }

  @Test
  void writersOfOneTargetNeverMeet(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("file");
    AtomicFile.replace(file, new byte[10_000]);
    try (ExecutorService writers = Executors.newFixedThreadPool(4)) {
      List<Future<?>> done = new ArrayList<>();
      for (byte writer = 0; writer < 4; writer++) {
        byte[] content = new byte[10_000];
        Arrays.fill(content, writer);
        done.add(
            writers.submit(
                () -> {
                  for (int i = 0; i < 50; i++) {
                    AtomicFile.replace(file, content);
                    byte[] found = Storage.disk().read(file);
                    byte[] whole = new byte[10_000];
                    Arrays.fill(whole, found[0]);
                    assertThat(found).isEqualTo(whole);
                  }
                  return null;
                }));
      }
      for (Future<?> one : done) {
        one.get();
      }
    }
    assertThat(folder).isDirectoryContaining(path -> path.equals(file));
    assertThat(names(folder)).containsExactly("file");
  }

  private static List<String> names(Path folder) throws IOException {
    return Storage.disk().list(folder).stream().map(at -> at.getFileName().toString()).toList();
  }

  @Test
  void onlyWhatAGoneWriterLeftIsSweptAway(@TempDir Path folder) throws IOException {
    Path target = folder.resolve("file");
    String left = ".lanewise-0123456789abcdef.tmp";
    Files.write(folder.resolve(left), OLD);
    for (String mine : List.of("file.tmp", "checkpoint.tmp", ".lanewise-notes.tmp")) {
      Files.write(folder.resolve(mine), OLD);
    }
    Path elsewhere = Files.write(folder.resolve("elsewhere"), OLD);
    Files.createSymbolicLink(folder.resolve(".lanewise-fedcba9876543210.tmp"), elsewhere);
    try (UnfinishedFile other = UnfinishedFile.beside(Storage.disk(), target)) {
      other.write(OLD);
      AtomicFile.replace(target, NEW);
      assertThat(names(folder)).doesNotContain(left).hasSize(7);
      other.force();
      other.takePlaceOf(target);
    }
    assertThat(target).hasBinaryContent(OLD);
    assertThat(elsewhere).hasBinaryContent(OLD);
    assertThat(names(folder))
        .containsExactly(
            ".lanewise-fedcba9876543210.tmp",
            ".lanewise-notes.tmp",
            "checkpoint.tmp",
            "elsewhere",
            "file",
            "file.tmp");
  }

  @Test
  void whatCannotBeWrittenIsKnownBeforeTheWork(@TempDir Path folder) throws IOException {
    Path target = folder.resolve("file");
    AtomicFile.requireReplaceable(target);
    AtomicFile.requireRoom(Storage.disk(), folder, 3_000_000);
    assertThat(names(folder)).isEmpty();
    Path nowhere = folder.resolve("no/file");
    assertThatThrownBy(() -> AtomicFile.requireReplaceable(nowhere))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("%s: cannot be written: there is no folder %s", nowhere, nowhere.getParent());
    Path dangling = Files.createSymbolicLink(folder.resolve("link"), nowhere);
    assertThatThrownBy(() -> AtomicFile.requireReplaceable(dangling))
        .hasMessage("%s: cannot be written: it is a link to what is not there", dangling);
    assertThatThrownBy(() -> AtomicFile.requireReplaceable(folder))
        .hasMessage("%s: cannot be written: a folder has that name", folder);
  }

  @Test
  void roomIsTriedByAsManyBytes() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Path folder = TARGET.getParent();
    disk.failAt(0, SimulatedDisk.Fault.NO_SPACE);
    AtomicFile.requireRoom(disk, folder, 1);
    int ofOne = disk.operations();
    for (long bytes : List.of(0L, 1L << 20, (1L << 20) + 1, 3L << 20)) {
      disk.failAt(0, SimulatedDisk.Fault.NO_SPACE);
      AtomicFile.requireRoom(disk, folder, bytes);
      int writes = Math.toIntExact(Math.ceilDiv(bytes, 1L << 20));
      assertThat(disk.operations()).as("%d bytes", bytes).isEqualTo(ofOne - 1 + writes);
      for (int n = 1; n <= 1 + writes; n++) {
        disk.failAt(n, SimulatedDisk.Fault.NO_SPACE);
        assertThatThrownBy(() -> AtomicFile.requireRoom(disk, folder, bytes))
            .isInstanceOf(IOException.class);
        assertThat(disk.names()).isEmpty();
      }
    }
    disk.failAt(1, SimulatedDisk.Fault.NO_SPACE);
    assertThatThrownBy(() -> AtomicFile.requireReplaceable(disk, TARGET))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot be written: No space left on device");
  }

  @Test
  void everyReasonIsInWords() {
    assertThat(Reason.of(new ClosedByInterruptException())).isEqualTo("the thread was interrupted");
    assertThat(Reason.of(new AccessDeniedException("x"))).isEqualTo("permission denied");
    assertThat(Reason.of(new NoSuchFileException("x"))).isEqualTo("no such file or folder");
    assertThat(Reason.of(new FileSystemException("x", null, "Read-only file system")))
        .isEqualTo("Read-only file system");
    assertThat(Reason.of(new EOFException())).isEqualTo("EOFException");
  }
}
