package dev.lanewise.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of the runtime archive, with a Java that says what it is given. */
@EnabledOnOs(OS.LINUX)
class RuntimeLauncherTest {
  @TempDir private Path folder;

  private Path executable(Path file) throws IOException {
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void itGivesJavaWhatTheJarGivesItsChild() throws IOException, InterruptedException {
    Path root = folder.resolve("a place");
    Files.createDirectories(root.resolve("bin"));
    Files.createDirectories(root.resolve("runtime/bin"));
    Path launcher = root.resolve("bin/lanewise");
    Files.copy(Path.of("src/runtime/lanewise"), launcher, StandardCopyOption.REPLACE_EXISTING);
    executable(launcher);
    Path java = root.resolve("runtime/bin/java");
    executable(Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n"));
    Path link = Files.createSymbolicLink(folder.resolve("lw"), launcher);

    ProcessBuilder builder = new ProcessBuilder(link.toString(), "train", "--out", "two words *");
    builder.environment().put("LANEWISE_JAVA_OPTS", "-Xmx2g -Da=b");
    Process process = builder.redirectErrorStream(true).directory(folder.toFile()).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();

    List<String> expected = new ArrayList<>();
    expected.add("--add-modules=" + JavaHomes.VECTOR_MODULE);
    expected.add("--enable-native-access=ALL-UNNAMED");
    expected.addAll(SecondJvm.EARLY_KERNELS);
    expected.addAll(List.of("-Xmx2g", "-Da=b", "-cp", root.resolve("lib/cli.jar").toString()));
    expected.addAll(List.of(Main.class.getName(), "train", "--out", "two words *"));
    assertThat(said.lines()).containsExactlyElementsOf(expected);
  }
}
