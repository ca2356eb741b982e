package dev.lanewise.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path base;

  @Test
  void aLinkInTheFolderIsReplacedAndNotFollowed() throws IOException {
    Path precious = Files.writeString(base.resolve("precious"), "mine");
    RunFolder folder = RunFolder.at(base.resolve("run"));
    Files.createSymbolicLink(folder.file(RunFolder.REPORT), precious);
    folder.write(RunFolder.REPORT, "the run's");
    assertThat(precious).hasContent("mine");
    assertThat(folder.file(RunFolder.REPORT)).isRegularFile().hasContent("the run's");
  }

  @Test
  void aFolderThatWasTakenAwayMeanwhileIsMadeAgain() throws IOException {
    RunFolder folder = RunFolder.at(base.resolve("a/run"));
    Files.delete(folder.path());
    Files.delete(base.resolve("a"));
    folder.write(RunFolder.MODEL, "weights");
    assertThat(folder.file(RunFolder.MODEL)).hasContent("weights");
  }

  /** One that was killed before its first checkpoint, which then nobody loads. */
  @Test
  void whatAKilledRunHadNotFinishedIsRemovedWhenItsFolderIsTaken() throws IOException {
    Path run = Files.createDirectory(base.resolve("run"));
    Files.writeString(run.resolve(".lanewise-0123456789abcdef.tmp"), "half a");
    Path own = Files.writeString(run.resolve(".lanewise-notes.tmp"), "somebody's");
    RunFolder.at(run);
    try (var files = Files.list(run)) {
      assertThat(files).containsExactly(own);
    }
  }

  @Test
  void aPlaceThatIsNoneIsKnownAtOnce() throws IOException {
    Path link = Files.createSymbolicLink(base.resolve("link"), base.resolve("nowhere"));
    assertThatThrownBy(() -> RunFolder.requirePossible(link.resolve("runs"), 0))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no folder can be made there (" + link + " is no folder)");
    RunFolder.requirePossible(base.resolve("runs"), 100_000);
    try (var files = Files.list(base)) {
      assertThat(files).containsExactly(link);
    }
  }
}
