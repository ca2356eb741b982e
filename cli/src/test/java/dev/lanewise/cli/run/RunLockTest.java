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
}
