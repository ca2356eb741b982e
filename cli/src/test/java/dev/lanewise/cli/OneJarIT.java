package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * One jar is all that a GPU's driver needs, and costs those who have none nothing but its bytes.
 */
class OneJarIT {
  private static final Path JAR = Path.of(System.getProperty("lanewise.test.jar"));
  private static final int MOST_BYTES = 20_000_000;

  private static List<String> nativesIn(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry notice = zip.getEntry("META-INF/NOTICE");
      try (InputStream in = zip.getInputStream(notice)) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
            .contains("lib/*JCudaDriver*", "MIT License");
      }
      return zip.stream()
          .filter(entry -> !entry.isDirectory())
          .map(ZipEntry::getName)
          .filter(name -> name.startsWith("lib/") || name.matches(".*\\.(so|dll)"))
          .map(name -> name.replaceFirst("-[0-9.]+-", "-VERSION-"))
          .sorted()
          .toList();
    }
  }

  private static final String[] NATIVES = {
    "lib/JCudaDriver-VERSION-windows-x86_64.dll", "lib/libJCudaDriver-VERSION-linux-x86_64.so"
  };

  @Test
  void theWaysToTheDriverAreInTheProgramAndNothingElseNative() throws IOException {
    assertThat(nativesIn(JAR)).containsExactly(NATIVES);
    assertThat(Files.size(JAR)).isLessThan(MOST_BYTES);
  }

  @Test
  void librariesHaveThemInAnArtifactOfTheirOwn() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../cuda/target"))) {
      Path natives =
          files
              .filter(file -> file.getFileName().toString().matches("lanewise-cuda-.*-natives.jar"))
              .findAny()
              .orElseThrow();
      assertThat(nativesIn(natives)).containsExactly(NATIVES);
      assertThat(Files.size(natives)).isLessThan(1_000_000);
    }
  }
}
