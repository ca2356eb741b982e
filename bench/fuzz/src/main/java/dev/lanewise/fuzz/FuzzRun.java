package dev.lanewise.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Jazzer in a process of its own, on one target, for some minutes. */
final class FuzzRun {
  /** Seconds by the clock after which an input hangs; what it may compute, the target tells. */
  private static final int HANG = 20;

  private static final Pattern UNITS = Pattern.compile("stat::number_of_executed_units: (\\d+)");
  private static final Pattern HUNG = Pattern.compile("libFuzzer: timeout");
  private static final Pattern LEFT = Pattern.compile("Test unit written to (.*)");
  private static final Pattern FAULT =
      Pattern.compile("== Java Exception: (.*)|==\\d+== ERROR: (.*)");

  private final Path folder;
  private final int seconds;
  private final long seed;
  private final boolean planted;

  FuzzRun(Path folder, int seconds, long seed, boolean planted) {
    this.folder = folder;
    this.seconds = seconds;
    this.seed = seed;
    this.planted = planted;
  }

  /**
   * What came of it.
   *
   * @param inputs how many were tried
   * @param seconds the time that they took, the start of the JVM with it
   * @param fault the first line of what was found, empty if nothing was
   * @param pauses how often an input took long that takes no time by itself: the machine stood
   *     still
   */
  record Result(Target target, long inputs, double seconds, String fault, int pauses) {
    /** Returns what came of this run and another that went on from it. */
    Result and(Result next) {
      double both = seconds + next.seconds;
      return new Result(target, inputs + next.inputs, both, next.fault, pauses + next.pauses);
    }
  }

  /** Returns the folder that a target's corpus grows in. */
  Path corpus(Target target) {
    return folder.resolve("corpus").resolve(target.label());
  }

  /** Fuzzes one target until the time is over or a promise is broken. */
  Result of(Target target) throws IOException, InterruptedException {
    Result all = of(target, seconds, seed);
    while (all.pauses > 0 && all.fault.isEmpty() && all.seconds < seconds) {
      Result next = of(target, (int) Math.ceil(seconds - all.seconds), seed + all.pauses);
      all = all.and(next);
      if (next.pauses == 0) {
        break;
      }
    }
    return all;
  }

  private Result of(Target target, int most, long first) throws IOException, InterruptedException {
    Path corpus = Files.createDirectories(planted ? scratch(target) : corpus(target));
    if (!planted) {
      Golden.copy(target, corpus); // what is planted has to be found from the seeds alone
    }
    Path found = Files.createDirectories(folder.resolve("found").resolve(target.label()));
    Path log = folder.resolve(target.label() + ".log");
    List<String> command =
        java(
            "-XX:+UseSerialGC",
            // What is planted is to be found before the slower compiler would have been of use.
            "-XX:TieredStopAtLevel=" + (planted ? 1 : 4),
            "-Dlanewise.fuzz.planted=" + planted,
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target.className(),
            // Ours alone: in libraries millions of comparisons would hide those that matter.
            "--instrumentation_includes=dev.lanewise.**",
            "--reproducer_path=" + found,
            "-artifact_prefix=" + found + File.separator,
            "-max_total_time=" + most,
            "-max_len=" + target.mostBytes(),
            "-len_control=0",
            "-reduce_inputs=0", // the shortest that takes the same way has least to change
            "-timeout=" + HANG,
            "-rss_limit_mb=4096",
            "-print_final_stats=1",
            "-seed=" + first);
    if (Files.exists(target.words())) {
      command.add("-dict=" + target.words());
    }
    command.add(corpus.toString());
    command.add(target.seeds().toString());
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    int status = process.waitFor();
    double took = (System.nanoTime() - start) * 1e-9;
    String text = Files.readString(log);
    Matcher units = UNITS.matcher(text);
    if (!units.find()) {
      throw new IOException(
          target + ": Jazzer ended with " + status + " and no figures, see " + log);
    }
    boolean paused = HUNG.matcher(text).find() && passesAlone(target, text);
    String fault = paused ? "" : fault(text, status);
    return new Result(target, Long.parseLong(units.group(1)), took, fault, paused ? 1 : 0);
  }

  /**
   * Tries the input that hung by itself: the clock goes on where a machine is suspended, and
   * nothing that is computed then is the input's fault.
   */
  private boolean passesAlone(Target target, String text) throws IOException, InterruptedException {
    Matcher left = LEFT.matcher(text);
    if (!left.find()) {
      return false;
    }
    Path input = Path.of(left.group(1).strip());
    Path alone = Files.createDirectories(folder.resolve("alone").resolve(target.label()));
    Path copy = Files.copy(input, alone.resolve("input"), StandardCopyOption.REPLACE_EXISTING);
    Process process =
        new ProcessBuilder(java(Replay.class.getName(), target.className(), alone.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(target.label() + ".alone.log").toFile())
            .start();
    boolean ended = process.waitFor(HANG, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    Files.delete(copy);
    boolean passes = ended && process.exitValue() == 0;
    if (passes) {
      Files.delete(input);
    }
    return passes;
  }

  private Path scratch(Target target) throws IOException {
    return Files.createTempDirectory(Files.createDirectories(folder), "planted-" + target.label());
  }

  private static String fault(String text, int status) {
    Matcher fault = FAULT.matcher(text);
    if (fault.find()) {
      return fault.group(1) == null ? fault.group(2) : fault.group(1);
    }
    return status == 0 ? "" : "Jazzer ended with " + status;
  }

  /** Returns the command of a JVM with what the targets need. */
  static List<String> java(String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A fault at a depth or of a size that users meet is to be met here, too.
    command.addAll(List.of("-Xmx1g", "-Xss1m", "-XX:-OmitStackTraceInFastThrow"));
    command.addAll(List.of("-XX:+EnableDynamicAgentLoading", "-Djava.awt.headless=true"));
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", classPath()));
    command.addAll(List.of(more));
    return command;
  }

  /**
   * Of both modules the classes as they are built: targets list the seeds beside them, which they
   * could not in a jar, and that of module cli has libraries in it, and no tests.
   */
  private static String classPath() {
    return String.join(
        File.pathSeparator,
        "cli/target/test-classes",
        "cli/target/classes",
        "engine/target/test-classes",
        "engine/target/classes",
        System.getProperty("java.class.path"));
  }
}
