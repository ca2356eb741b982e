package dev.lanewise.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The folder that bench/gpu/make-kit makes of the packaged jars, for a machine with a GPU and
 * without Java: complete, and what it starts starts, on the driver that the module {@code cuda}
 * emulates. NVIDIA's tools are played by scripts.
 */
class GpuKitIT {
  private static final Path DRIVER = Path.of("../cuda/target/stand-in").toAbsolutePath();

  @TempDir private static Path folder;

  private static Path kit = Path.of("");

  private record Outcome(int exit, String text) {}

  @BeforeAll
  static void make() throws IOException, InterruptedException {
    boolean there = Files.exists(DRIVER.resolve("libcuda.so.1"));
    assertThat(there || !Boolean.getBoolean("lanewise.test.require.emulation"))
        .withFailMessage("the module cuda has not built its stand-in")
        .isTrue();
    assumeTrue(there, "the module cuda has not built its stand-in");
    kit = folder.resolve("kit");
    Map<String, String> fast =
        Map.of("KIT_FAST", "1", "JAVA_HOME", System.getProperty("java.home"));
    Outcome made = run(fast, Path.of("gpu/make-kit").toAbsolutePath(), kit.toString());
    assertThat(made.exit()).as(made.text()).isZero();
  }

  private static Outcome run(Map<String, String> more, Path program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("MAVEN") || name.startsWith("JAVA"));
    environment.put("LIBCUDA", DRIVER.toString());
    environment.put("LANEWISE_KIT_SCRATCH", folder.resolve("scratch").toString());
    environment.putAll(more);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), text);
  }

  private static Outcome kit(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), kit.resolve("run"), arguments);
  }

  private static List<String> files(Path of) {
    try (Stream<Path> all = Files.walk(of)) {
      return all.filter(Files::isRegularFile).map(f -> of.relativize(f).toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theFolderHasAllThatABareMachineNeeds() throws IOException, InterruptedException {
    assertThat(files(kit))
        .containsExactlyInAnyOrder(
            "CONTENTS",
            "README.md",
            "few/t10k-images-idx3-ubyte.gz",
            "few/t10k-labels-idx1-ubyte.gz",
            "few/train-images-idx3-ubyte.gz",
            "few/train-labels-idx1-ubyte.gz",
            "gated_probe.py",
            "gated_walk.py",
            "lib/bench.jar",
            "lib/cli.jar",
            "lib/lanewise.ptx",
            "lib/self-test.jar",
            "ptx_driver.py",
            "ptx_probe.py",
            "pytorch_peer.py",
            "run",
            "runtime.tar.gz");
    Outcome usage = kit();
    assertThat(usage.exit()).isEqualTo(2);
    assertThat(usage.text()).contains("run correct ", "run time ", "run profile ");
  }

  @Test
  void aFolderThatIsNoKitIsLeftAsItIs() throws IOException, InterruptedException {
    Path precious = Files.createDirectory(folder.resolve("precious"));
    Files.writeString(precious.resolve("thesis.txt"), "years");
    Outcome refused = run(Map.of(), Path.of("gpu/make-kit").toAbsolutePath(), precious.toString());
    assertThat(refused.exit()).isOne();
    assertThat(refused.text()).contains("is no kit and not empty; name another folder");
    assertThat(files(precious)).containsExactly("thesis.txt");
  }

  /** What compute-sanitizer goes around, and the benchmarks with the parameters that are asked. */
  @Test
  void itsJavaTrainsOnTheDriverAndKnowsTheBenchmarks() throws IOException, InterruptedException {
    String[] train = {"cli", "train", "--backend", "cuda", "--data", kit.resolve("few").toString()};
    Outcome trained = kit(with(train, "--epochs", "1", "--limit", "150", "--no-out", "--json"));
    assertThat(trained.exit()).as(trained.text()).isZero();
    assertThat(trained.text()).contains("CPU emulation (not a GPU)", "\"weights_sha256\"");
    String[] epoch = {"bench", "EpochBenchmark\\.train$", "-foe", "true", "-f", "1", "-wi", "0"};
    Outcome refused = kit(with(epoch, "-i", "1", "-p", "cell=lstm", "-p", "backend=cuda"));
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.text()).contains("(backend = cuda, cell = lstm)", "which is not timed");
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void resultsAreAFolderAndAFailureIsTold() throws IOException, InterruptedException {
    Outcome good = profile(": > \"$OUT/profile/fused.ncu-rep\"");
    assertThat(good.exit()).as(good.text()).isZero();
    assertThat(good.text().strip()).containsPattern("in \\d+ s; failed: none; skipped: ");
    assertThat(files(folder.resolve("out")))
        .contains("profile/summary.txt", "profile/texts.tar.gz", "profile/fused.ncu-rep");
    Outcome bad = profile("echo ==ERROR== no permission; exit 3");
    assertThat(bad.exit()).isOne();
    assertThat(bad.text())
        .containsPattern("ncu-fused +\\d+ s  exit 3   ==ERROR== no permission")
        .containsPattern("failed: ncu-fused ncu-rest ncu-no-jvm")
        .doesNotContain("No such file");
  }

  /** Runs {@code profile} with an ncu that is a script. */
  private static Outcome profile(String ncu) throws IOException, InterruptedException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    Path script = Files.writeString(tools.resolve("ncu"), "#!/bin/sh\n" + ncu + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Map<String, String> more =
        Map.of(
            "PATH", tools + ":" + System.getenv("PATH"), "OUT", folder.resolve("out").toString());
    return run(more, kit.resolve("run"), "profile");
  }
}
