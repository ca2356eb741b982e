package dev.lanewise.engine.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Dlanewise.panels=write} writes the files in place of comparing them. */
class PanelSourceTest {
  private static final Path DIRECTORY =
      Path.of("src", "main", "java", "dev", "lanewise", "engine", "kernel", "simd");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 10})
  void panelsAreWhatTheGeneratorWrites(int vectors) throws IOException {
    Path file = DIRECTORY.resolve("PanelOf" + vectors + ".java");
    if ("write".equals(System.getProperty("lanewise.panels"))) {
      Files.writeString(file, PanelSource.of(vectors));
    }
    assertThat(file).hasContent(PanelSource.of(vectors));
  }
}
