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
  @ValueSource(
      strings = {
        "PanelOf1",
        "PanelOf2",
        "PanelOf3",
        "PanelOf4",
        "PanelOf10",
        "MaskedPanelOf10",
        "PackedPanelOf2",
        "PackedPanelOf10",
        "AbreastPanelOf4"
      })
  void panelsAreWhatTheGeneratorWrites(String name) throws IOException {
    Path file = DIRECTORY.resolve(name + ".java");
    if ("write".equals(System.getProperty("lanewise.panels"))) {
      Files.writeString(file, PanelSource.of(name));
    }
    assertThat(file).hasContent(PanelSource.of(name));
  }
}
