package dev.lanewise.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.cli.tell.RunFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchLossesTest {
  @TempDir private Path folder;

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).toList().stream();
    }
  }

  @Test
  void theFileIsReadableByWhomeverOtherFilesAre() throws IOException {
    Path ordinary = Files.createFile(folder.resolve("ordinary"));
    Path target = folder.resolve("losses.csv");
    try (BatchLosses losses = new BatchLosses(target)) {
      losses.finish();
    }
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(Files.getPosixFilePermissions(ordinary));
  }

  @Test
  void anUnfinishedFileIsRemovedAndTheOldOneStays() throws IOException {
    Path target = Files.writeString(folder.resolve("losses.csv"), "old");
    new BatchLosses(target).close();
    assertThat(target).hasContent("old");
    assertThat(names()).containsExactly("losses.csv");
  }

  @Test
  void theFileIsInItsPlaceOnlyWhenItIsWhole() throws IOException {
    Path target = folder.resolve("losses.csv");
    try (BatchLosses losses = new BatchLosses(target)) {
      assertThat(target).doesNotExist();
      losses.finish();
      assertThat(target).hasContent("epoch,batch,loss");
    }
    assertThat(names()).containsExactly("losses.csv");
  }

  @Test
  void aFolderThatIsNotThereIsToldAtOnce() throws IOException {
    assertThatThrownBy(() -> new BatchLosses(folder.resolve("no/losses.csv")))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContainingAll("--batch-losses", "no/losses.csv: cannot be written");
    assertThat(names()).isEmpty();
  }

  @Test
  void pipesDevicesAndFoldersAreRefusedAndStayWhatTheyAre()
      throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> new BatchLosses(pipe))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContainingAll(
            "pipe: cannot be written", "it is a device or a pipe; name a file");
    assertThatThrownBy(() -> new BatchLosses(folder))
        .hasMessageContaining("a folder has that name");
    assertThat(Files.isRegularFile(pipe)).isFalse();
    assertThat(names()).containsExactly("pipe");
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path target = Files.createFile(folder.resolve("losses.csv"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    try (BatchLosses losses = new BatchLosses(link)) {
      losses.finish();
    }
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(target).hasContent("epoch,batch,loss");
  }
}
