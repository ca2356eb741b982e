package dev.lanewise.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  @TempDir Path base;

  @Test
  void aFolderHasOneHolderAtATime() {
    RunFolder folder = RunFolder.at(base.resolve("run"));
    RunLock first = RunLock.of(folder);
    assertThatThrownBy(() -> RunLock.of(folder))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "%s: another process (%d) is at work there; wait or end it",
            folder.path(), ProcessHandle.current().pid());
    folder.write("kept", "x");
    first.close();
    assertThat(folder.path()).isDirectoryContaining(file -> file.endsWith("kept"));
    RunLock.of(folder).close();
    assertThat(folder.path()).isDirectoryNotContaining(file -> file.endsWith("run.lock"));
  }

  @Test
  void whatAKilledProcessLeftKeepsNobodyOut() throws Exception {
    RunFolder folder = RunFolder.at(base.resolve("run"));
    Files.writeString(folder.file("run.lock"), "123456789");
    RunLock.of(folder).close();
    assertThat(folder.path()).doesNotExist(); // nothing came into it
  }

  @Test
  void aFileThatIsNoLockIsNotWrittenOver() throws Exception {
    Path precious = Files.writeString(base.resolve("precious"), "123");
    RunFolder linked = RunFolder.at(base.resolve("linked"));
    Files.createSymbolicLink(linked.file("run.lock"), precious);
    assertThatThrownBy(() -> RunLock.of(linked))
        .hasMessage("%s: run.lock is a link or a device, and no lock; remove it", linked.path());
    RunFolder other = RunFolder.at(base.resolve("other"));
    Files.writeString(other.file("run.lock"), "my notes");
    assertThatThrownBy(() -> RunLock.of(other)).hasMessageContaining("is no lock; move it");
    assertThat(precious).hasContent("123");
    assertThat(other.file("run.lock")).hasContent("my notes");
  }
}
