package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.lanewise.cli.launch.SecondJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged program as a process, its streams in files of a folder. */
record Child(Process process, Path folder) {
  private static final long SIGINT = 1L << (2 - 1);

  /** How it ended and what it wrote. */
  record Outcome(int exit, String stdout, String stderr) {
    /** Returns stderr without the JVM's own word on incubator modules. */
    List<String> messages() {
      return stderr.lines().filter(line -> !line.contains("incubator modules")).toList();
    }

    /** Returns the digest of the weights that a run with {@code --json} has ended with. */
    String digest() {
      assertThat(exit).as(stderr).isZero();
      return stdout
          .lines()
          .map(line -> JsonParser.parseString(line).getAsJsonObject())
          .filter(event -> event.get("event").getAsString().equals("end"))
          .map(event -> event.get("weights_sha256").getAsString())
          .findFirst()
          .orElseThrow();
    }
  }

  /** Starts a training in folder {@code run} and returns once it has saved its first checkpoint. */
  static Child startedWithCheckpoint(Path folder, String... arguments) throws InterruptedException {
    Child child = start(folder, List.of(), arguments);
    while (child.process.isAlive() && Files.notExists(folder.resolve("run/checkpoint"))) {
      child.process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    assertThat(child.process.isAlive()).isTrue();
    return child;
  }

  static Child start(Path folder, List<String> jvmOptions, String... arguments) {
    return start(folder, Map.of(), jvmOptions, arguments);
  }

  static Child start(
      Path folder, Map<String, String> environment, List<String> jvmOptions, String... arguments) {
    Path jar = Path.of(System.getProperty("lanewise.test.jar"));
    return start(folder, jar, environment, jvmOptions, arguments);
  }

  static Child start(
      Path folder,
      Path jar,
      Map<String, String> environment,
      List<String> jvmOptions,
      String... arguments) {
    List<String> command = new ArrayList<>();
    if (ignoresInterrupts()) {
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.addAll(
        SecondJvm.EARLY_KERNELS); // as the launcher does, for whoever starts the jar alone
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile());
    builder.environment().putAll(environment);
    try {
      return new Child(builder.start(), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether this process was started with SIGINT ignored, as a script does with what it runs in the
   * background: children inherit that, and Java then leaves the signal alone.
   */
  private static boolean ignoresInterrupts() {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT) != 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Outcome run(Path folder, String... arguments) {
    return start(folder, List.of(), arguments).await(120);
  }

  Outcome await(int seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("does not end in " + seconds + " s: " + read("stderr"));
      }
      return new Outcome(process.exitValue(), read("stdout"), read("stderr"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  String read(String stream) {
    try {
      return new String(Files.readAllBytes(folder.resolve(stream)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
