package dev.lanewise.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts the launcher as a user does, in processes of its own.
 *
 * <p>A small stand-in takes the application's place, so that these rules hold whatever the commands
 * do; the tests of the jar use the real one. {@code -Dlanewise.test.noSkips=true} fails the tests
 * that need an older Java instead of skipping them.
 */
@Timeout(60)
class LauncherIT {

  private static final String STAND_IN =
      """
      package dev.lanewise.cli;

      import java.lang.management.ManagementFactory;
      import java.util.List;

      public class Lanewise {
        public static void main(String[] args) throws Exception {
          Thread last = new Thread(() -> System.err.println("last words"));
          Runtime.getRuntime().addShutdownHook(last);
          System.out.println("feature " + Runtime.version().feature());
          System.out.println("vector " + Class.forName("jdk.incubator.vector.Vector").getName());
          System.out.println("pid " + ProcessHandle.current().pid());
          System.out.println("elapsed " + System.getProperty("lanewise.elapsed"));
          System.out.println("given " + System.getProperty("given"));
          System.out.println("heap " + Runtime.getRuntime().maxMemory() / (1 << 20));
          System.out.println("jvm " + ManagementFactory.getRuntimeMXBean().getInputArguments());
          System.out.println("args " + String.join("|", args));
          if (List.of(args).contains("wait")) {
            Thread.sleep(60_000);
          }
          boolean code = args.length > 0 && args[0].matches("[0-9]+");
          System.exit(code ? Integer.parseInt(args[0]) : 0);
        }
      }
      """;

  private static final String JAVA_25 =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @TempDir static Path folder;

  /** What a process printed and how it ended. */
  private record Outcome(int exit, String stdout, String stderr) {
    String line(String key) {
      return stdout
          .lines()
          .filter(line -> line.startsWith(key + " "))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + key + " in:\n" + stdout + stderr))
          .substring(key.length() + 1);
    }
  }

  @BeforeAll
  static void putTheStandInBesideTheLauncher() throws IOException {
    Path packageFolder = Files.createDirectories(folder.resolve("dev/lanewise/cli"));
    Path launcher = Files.createDirectories(packageFolder.resolve("launch"));
    Path classes = Path.of(System.getProperty("lanewise.test.launcherClasses"));
    for (String name :
        List.of("Main", "ChildErrors", "JavaHomes", "JavaHomes$Installation", "SecondJvm")) {
      Files.copy(
          classes.resolve("dev/lanewise/cli/launch/" + name + ".class"),
          launcher.resolve(name + ".class"));
    }
    Path source = packageFolder.resolve("Lanewise.java");
    Files.writeString(source, STAND_IN);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", folder.toString(), source.toString());
    assertThat(status).isZero();
  }

  @Test
  void javaWithTheModuleRunsTheApplicationInTheSameJvm() throws Exception {
    Process process = launch(JAVA_25, List.of("--add-modules", "jdk.incubator.vector"), "0");
    long pid = process.pid();
    Outcome outcome = outcomeOf(process);

    assertThat(outcome.exit()).isZero();
    assertThat(outcome.line("pid")).isEqualTo(Long.toString(pid));
    assertThat(outcome.line("elapsed")).isEqualTo("null");
  }

  @Test
  void trainingGoesToAnotherJvmThatCompilesKernelsEarly() throws Exception {
    List<String> plain = List.of("--add-modules", "jdk.incubator.vector", "-Xmx64m");
    Process process = launch(JAVA_25, plain, "train", "--seed", "2");
    long pid = process.pid();
    Outcome outcome = outcomeOf(process);

    assertThat(outcome.exit()).isZero();
    assertThat(outcome.line("pid")).isNotEqualTo(Long.toString(pid));
    assertThat(outcome.line("args")).isEqualTo("train|--seed|2");
    assertThat(outcome.line("jvm")).contains(SecondJvm.EARLY_KERNELS).contains("-Xmx64m");
    assertThat(Long.parseLong(outcome.line("elapsed"))).isPositive();
  }

  @Test
  void trainingStaysInAJvmWithOptionsOfItsOwn() throws Exception {
    for (String option : List.of("-XX:+UseSerialGC", "-Dlanewise.relaunch=never")) {
      List<String> flags = List.of("--add-modules", "jdk.incubator.vector", option);
      Process process = launch(JAVA_25, flags, "train");
      long pid = process.pid();

      assertThat(outcomeOf(process).line("pid")).as(option).isEqualTo(Long.toString(pid));
    }
  }

  @Test
  void javaWithoutTheModuleIsRelaunchedWithIt() throws Exception {
    long before = System.currentTimeMillis();
    Process process = launch(JAVA_25, List.of("-Dgiven=a b", "-Xmx64m"), "0", "--x=y z", "");
    long pid = process.pid();
    Outcome outcome = outcomeOf(process);

    assertThat(outcome.exit()).isZero();
    assertThat(outcome.line("vector")).isEqualTo("jdk.incubator.vector.Vector");
    assertThat(outcome.line("pid")).isNotEqualTo(Long.toString(pid));
    assertThat(outcome.line("given")).isEqualTo("a b");
    assertThat(Integer.parseInt(outcome.line("heap"))).isLessThanOrEqualTo(64);
    assertThat(outcome.line("args")).isEqualTo("0|--x=y z|");
    assertThat(Long.parseLong(outcome.line("elapsed")))
        .isBetween(1L, System.currentTimeMillis() - before);
  }

  @Test
  void theWordOnIncubatorModulesComesOnce() throws Exception {
    for (List<String> flags :
        List.of(List.of("--add-modules", "jdk.incubator.vector"), List.<String>of())) {
      assertThat(
              run(JAVA_25, flags, "0").stderr().lines().filter(line -> line.contains("incubator")))
          .hasSize(1);
    }
  }

  @Test
  void exitCodeOfTheChildIsPassedThrough() throws Exception {
    assertThat(run(JAVA_25, List.of(), "42").exit()).isEqualTo(42);
  }

  @Test
  void relaunchNeverGivesOneLineAndExitCode78() throws Exception {
    Outcome outcome = run(JAVA_25, List.of("-Dlanewise.relaunch=never"), "0");

    assertThat(outcome.exit()).isEqualTo(78);
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr().lines())
        .singleElement()
        .asString()
        .startsWith("lanewise: needs the module jdk.incubator.vector")
        .contains("--add-modules jdk.incubator.vector");
  }

  @Test
  void childThatStillLacksTheModuleDoesNotStartAnother() throws Exception {
    Outcome outcome = run(JAVA_25, List.of("-Dlanewise.relaunched=true"), "0");

    assertThat(outcome.exit()).isEqualTo(78);
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr().lines()).hasSize(1);
  }

  @Test
  void olderJavaFindsAnInstalled25() throws Exception {
    Outcome outcome = run(olderJava(), List.of("-Dgiven=kept", "-XX:+UseSerialGC"), "7", "more");

    assertThat(outcome.exit()).isEqualTo(7);
    assertThat(outcome.line("feature")).isEqualTo("25");
    assertThat(outcome.line("given")).isEqualTo("kept");
    assertThat(outcome.line("args")).isEqualTo("7|more");
  }

  @Test
  void theIncubatorModuleIsWarnedOfOnce() throws Exception {
    for (List<String> options :
        List.of(List.<String>of(), List.of("--add-modules", "jdk.incubator.vector"))) {
      Outcome outcome = run(olderJava(), options, "7");
      assertThat(outcome.exit()).isEqualTo(7);
      assertThat(outcome.stderr()).containsOnlyOnce("incubator modules");
    }
  }

  @Test
  void olderJavaToldNotToRelaunchSaysWhatItNeeds() throws Exception {
    Outcome outcome = run(olderJava(), List.of("-Dlanewise.relaunch=never"), "0");

    assertThat(outcome.exit()).isEqualTo(78);
    assertThat(outcome.stderr().lines())
        .singleElement()
        .asString()
        .startsWith("lanewise: needs Java 25, was started with Java ");
  }

  @Test
  void stoppingTheParentStopsTheChild() throws Exception {
    for (List<String> flags :
        List.of(List.<String>of(), List.of("--add-modules", "jdk.incubator.vector"))) {
      Process parent = launch(JAVA_25, flags, "train", "wait");
      ProcessHandle child = ProcessHandle.of(childPid(parent)).orElseThrow();

      parent.toHandle().destroy(); // and leaves the streams open

      assertThat(parent.waitFor(10, TimeUnit.SECONDS)).isTrue();
      child.onExit().get(10, TimeUnit.SECONDS);
      assertThat(child.isAlive()).isFalse();
      assertThat(parent.errorReader().lines()).as("%s", flags).contains("last words");
    }
  }

  @Test
  void jarRefusesAnUnknownOptionWithExitCode2OnAnyJava() throws Exception {
    assertThat(runJar(JAVA_25, "--no-such-option").exit()).isEqualTo(2);
    assertThat(runJar(olderJava(), "--no-such-option").exit()).isEqualTo(2);
  }

  @Test
  void jarPrintsItsVersion() throws Exception {
    Outcome outcome = runJar(JAVA_25, "--version");

    assertThat(outcome.exit()).isZero();
    assertThat(outcome.stdout()).contains("0.1.0");
  }

  private static Outcome run(String java, List<String> jvmArguments, String... arguments)
      throws Exception {
    return outcomeOf(launch(java, jvmArguments, arguments));
  }

  private static Process launch(String java, List<String> jvmArguments, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java);
    command.addAll(jvmArguments);
    command.addAll(List.of("-cp", folder.toString(), "dev.lanewise.cli.launch.Main"));
    command.addAll(List.of(arguments));
    return start(command);
  }

  private static Outcome runJar(String java, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(java, "-jar", System.getProperty("lanewise.test.jar")));
    command.addAll(List.of(arguments));
    return outcomeOf(start(command));
  }

  private static Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    // The options of whoever runs the tests would reach the JVMs here and print a line of their
    // own.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    // The Java of the tests is there to be found, wherever it is installed.
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  /** Both streams are short: neither pipe can fill while the other is read. */
  private static Outcome outcomeOf(Process process) throws Exception {
    String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String stderr = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), stdout, stderr);
  }

  /** Waits for the stand-in to say who it is. */
  private static long childPid(Process parent) throws IOException {
    BufferedReader reader = parent.inputReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith("pid ")) {
        return Long.parseLong(line.substring(4));
      }
    }
    throw new AssertionError("the child did not start");
  }

  /**
   * The java command on PATH if it is older than 25; else the test is skipped, or fails if told.
   */
  private static String olderJava() {
    for (String entry : System.getenv("PATH").split(File.pathSeparator, -1)) {
      Path java = Path.of(entry, "java");
      if (Files.isExecutable(java)) {
        try {
          File home = java.toRealPath().getParent().getParent().toFile();
          if (JavaHomes.read(home).filter(found -> found.feature < 25).isPresent()) {
            return java.toString();
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    String reason = "no Java older than 25 on PATH";
    return Boolean.getBoolean("lanewise.test.noSkips") ? fail(reason) : abort(reason);
  }
}
