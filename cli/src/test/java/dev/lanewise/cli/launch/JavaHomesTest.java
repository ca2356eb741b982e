package dev.lanewise.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaHomesTest {

  private static final String VECTOR = "java.base jdk.incubator.vector jdk.net";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "1.8.0_412, 8",
    "1.8, 8",
    "8, 8",
    "11.0.2, 11",
    "17, 17",
    "25, 25",
    "25.0.3, 25",
    "25-ea, 25",
    "26-internal, 26",
    "'', 0",
    "unknown, 0",
    "99999999999, 0"
  })
  void featureIsReadFromOldAndNewVersions(String version, int feature) {
    assertThat(JavaHomes.featureOf(version)).isEqualTo(feature);
  }

  @Test
  void exactly25IsPreferredToNewerAndOlder() throws IOException {
    File newer = install("jdk-26", "26.0.1", VECTOR);
    File older = install("jdk-17", "17.0.15", VECTOR);
    File wanted = install("jdk-25", "25.0.3", VECTOR);

    assertThat(JavaHomes.best(List.of(newer, older, wanted)).orElseThrow().home).isEqualTo(wanted);
  }

  @Test
  void firstOfEqualsIsTaken() throws IOException {
    File first = install("b", "25", VECTOR);
    File second = install("a", "25.0.3", VECTOR);

    assertThat(JavaHomes.best(List.of(first, second)).orElseThrow().home).isEqualTo(first);
  }

  @Test
  void newerIsTakenWhereThereIsNo25() throws IOException {
    File newer = install("jdk-27", "27", VECTOR);

    assertThat(JavaHomes.best(List.of(newer)).orElseThrow().feature).isEqualTo(27);
  }

  @Test
  void installationWithoutTheVectorModuleIsPassedOver() throws IOException {
    File stripped = install("jre-25", "25.0.3", "java.base java.logging");

    assertThat(JavaHomes.best(List.of(stripped))).isEmpty();
  }

  @Test
  void releaseFileWithoutModuleListIsTrusted() throws IOException {
    File home = install("jdk-25", "25.0.3", VECTOR);
    Files.writeString(home.toPath().resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");

    assertThat(JavaHomes.best(List.of(home))).isPresent();
  }

  @Test
  void folderWithoutJavaCommandIsNoInstallation() throws IOException {
    File home = install("jdk-25", "25.0.3", VECTOR);
    Files.delete(home.toPath().resolve("bin/java"));

    assertThat(JavaHomes.read(home)).isEmpty();
  }

  @Test
  void malformedReleaseFileIsNoInstallation() throws IOException {
    File home = install("jdk-25", "25.0.3", VECTOR);
    Files.writeString(home.toPath().resolve("release"), "JAVA_VERSION=\\u00zz\n");

    assertThat(JavaHomes.read(home)).isEmpty();
  }

  @Test
  void javaHomeComesBeforeNeighboursAndPath() throws IOException {
    File neighbour = install("jvm/jdk-25", "25.0.3", VECTOR);
    File running = install("jvm/jdk-17", "17.0.15", VECTOR);
    File onPath = install("tools/jdk-25", "25.0.2", VECTOR);
    File named = install("named", "25.0.1", VECTOR);
    Map<String, String> environment =
        Map.of("JAVA_HOME", named.toString(), "PATH", new File(onPath, "bin").toString());

    assertThat(JavaHomes.candidates(environment, running, folder.toFile()))
        .startsWith(named, running, neighbour, onPath.getCanonicalFile());
  }

  @Test
  void theCommandOfWindowsIsFoundOnItsPath() throws IOException {
    File onPath = install("tools/jdk-25", "25.0.2", VECTOR);
    Files.move(onPath.toPath().resolve("bin/java"), onPath.toPath().resolve("bin/java.exe"));
    File running = install("jvm/jdk-17", "17.0.15", VECTOR);
    for (String name : List.of("PATH", "Path")) {
      Map<String, String> environment = Map.of(name, new File(onPath, "bin").toString());
      List<File> found = JavaHomes.candidates(environment, running, folder.toFile());
      assertThat(found).contains(onPath.getCanonicalFile());
      assertThat(JavaHomes.best(found).orElseThrow().executable())
          .isEqualTo(new File(onPath.getCanonicalFile(), "bin/java.exe"));
    }
  }

  @Test
  void neighboursOfTheOldJreFolderAreFound() throws IOException {
    File neighbour = install("jvm/jdk-25", "25.0.3", VECTOR);
    Path jre = Files.createDirectories(folder.resolve("jvm/jdk-8/jre"));

    assertThat(JavaHomes.candidates(Map.of(), jre.toFile(), folder.toFile())).contains(neighbour);
  }

  @Test
  void homesOfVersionManagersAndBundlesAreFound() throws IOException {
    File sdkman = install("user/.sdkman/candidates/java/25-tem", "25", VECTOR);
    File jdks = install("user/.jdks/temurin-25", "25", VECTOR);
    File bundle =
        install("user/Library/Java/JavaVirtualMachines/jdk-25.jdk/Contents/Home", "25", VECTOR);
    File running = install("jvm/jdk-17", "17", VECTOR);

    assertThat(JavaHomes.candidates(Map.of(), running, folder.resolve("user").toFile()))
        .contains(sdkman, jdks, bundle);
  }

  private File install(String name, String version, String modules) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.createFile(home.resolve("bin/java"));
    Files.writeString(
        home.resolve("release"),
        "JAVA_VERSION=\"%s\"\nMODULES=\"%s\"\n".formatted(version, modules));
    return home.toFile();
  }
}
