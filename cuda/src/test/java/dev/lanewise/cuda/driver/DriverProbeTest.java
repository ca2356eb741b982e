package dev.lanewise.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverProbeTest {

  /** Prints one probe: a class that failed to load stays so, hence a JVM for every case. */
  public static final class PrintProbe {
    private PrintProbe() {}

    public static void main(String[] args) {
      System.out.println(DriverProbe.probe());
      System.out.println(DriverProbe.probe());
    }
  }

  @TempDir Path temporary;

  @Test
  void missingDriverIsNamed() {
    LinkageError error =
        new UnsatisfiedLinkError(
            """
            Error while loading native library "JDriverProbe-12.6.0-linux-x86_64"
            Stack trace from the attempt to load the library as a file:
            java.lang.UnsatisfiedLinkError: no JDriverProbe-12.6.0-linux-x86_64 in java.library.path
            Stack trace from the attempt to load the library as a resource:
            java.lang.UnsatisfiedLinkError: /x/libJCudaDriver-12.6.0-linux-x86_64.so: \
            libcuda.so.1: cannot open shared object file: No such file or directory
            ---(end of nested stack traces)---
            """);

    assertThat(DriverProbe.reason(error))
        .isEqualTo(
            "libcuda.so.1: cannot open shared object file: No such file or directory"
                + " (is the NVIDIA driver installed?)");
  }

  @Test
  void missingDriverIsNamedOnWindows() {
    LinkageError error =
        new UnsatisfiedLinkError(
            """
            Error while loading native library "JCudaDriver-12.6.0-windows-x86_64"
            Stack trace from the attempt to load the library as a resource:
            java.lang.UnsatisfiedLinkError: C:\\Temp\\JCudaDriver-12.6.0-windows-x86_64.dll: \
            Can't find dependent libraries
            """);

    assertThat(DriverProbe.reason(error))
        .isEqualTo("Can't find dependent libraries (is the NVIDIA driver installed?)");
  }

  @Test
  void unknownProblemGivesTheFirstLineOfItsMessage() {
    assertThat(DriverProbe.reason(new UnsatisfiedLinkError("wrong ELF class\n\tat x")))
        .isEqualTo("wrong ELF class");
  }

  @Test
  void libraryThatCannotBeUnpackedIsToldWithTheCure() throws Exception {
    assertThat(probeIn(temporary, "no such jar", "ulimit -f 100; exec \"$@\""))
        .containsOnly(
            "Probe[present=false, line=JCuda's native library cannot be loaded from the temporary"
                + " folder: File too large; if the folder is at fault, -Djava.io.tmpdir=FOLDER"
                + " names another, sharedBytes=0]")
        .hasSize(2);
  }

  @Test
  void missingTemporaryFolderIsTold() throws Exception {
    Path missing = temporary.resolve("missing");
    assertThat(probeIn(missing, "no such jar", "exec \"$@\""))
        .containsOnly(
            "Probe[present=false, line=cannot make a folder in "
                + missing
                + " for JCuda's native library (NoSuchFileException);"
                + " -Djava.io.tmpdir=FOLDER names another, sharedBytes=0]");
  }

  @Test
  void secondProbeGivesTheSameAnswer() {
    assertThat(DriverProbe.probe()).isEqualTo(DriverProbe.probe());
  }

  @Test
  void machineWithoutDriverIsTold() {
    DriverProbe.Probe probe = DriverProbe.probe();
    assumeTrue(!probe.present(), () -> "this machine has a device: " + probe.line());

    assertThat(probe.line())
        .matches("libcuda\\.so\\.1: cannot open.*|.*CUDA_ERROR_.*|.*no device.*");
  }

  @Test
  void missingNativesAreNamedWithTheJarThatHasThem() throws Exception {
    assertThat(probeWithout("jcuda-natives-"))
        .containsOnly(
            "Probe[present=false, line=libJCudaDriver-12.6.0-linux-x86_64.so"
                + " is not on the class path; the jar dev.lanewise:lanewise-cuda with classifier"
                + " natives has those for Linux and Windows on x86-64, sharedBytes=0]")
        .hasSize(2);
  }

  @Test
  void missingJcudaIsNamedWithItsJar() throws Exception {
    assertThat(probeWithout("jcuda-"))
        .containsOnly(
            "Probe[present=false, line=JCuda is not on the class path;"
                + " add the jar org.jcuda:jcuda, sharedBytes=0]")
        .hasSize(2);
  }

  @Test
  void unpackedLibraryIsNotLeftBehind() throws Exception {
    probeWithout("no such jar");

    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void strangersLibraryInTheTemporaryFolderIsNotLoaded() throws Exception {
    Path planted = temporary.resolve("libJCudaDriver-12.6.0-linux-x86_64.so");
    Files.writeString(planted, "not a library");

    assertThat(probeWithout("no such jar")).containsOnly(DriverProbe.probe().toString());
    assertThat(planted).hasContent("not a library");
  }

  private String[] probeWithout(String jarPrefix) throws IOException, InterruptedException {
    return probeIn(temporary, jarPrefix, "exec \"$@\"");
  }

  /** Probes in a JVM of its own, which a line of shell starts. */
  private static String[] probeIn(Path folder, String jarPrefix, String shell)
      throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith(jarPrefix))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                "bash",
                "-c",
                shell,
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                classPath,
                PrintProbe.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output.lines().toArray(String[]::new);
  }
}
