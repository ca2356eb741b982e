package dev.lanewise.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A library and how to start it so that it is at its fastest.
 *
 * @param name names it in the table
 * @param environment set for its process
 * @param command what to start, without the arguments that all share
 */
record Contestant(String name, Map<String, String> environment, List<String> command) {
  private static final long MINUTES = 15;
  private static final String ACCURACY = "test_accuracy=";

  /**
   * Runs it once.
   *
   * @param digits the folder of the four files
   * @return what it said, with the time from its start to the line of the test accuracy; or why it
   *     did not get there
   */
  Outcome run(Path digits, int epochs) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(command);
    line.replaceAll(part -> part.equals("EPOCHS") ? Integer.toString(epochs) : part);
    line.replaceAll(part -> part.equals("DIGITS") ? digits.toString() : part);
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().putAll(environment);
    long begin = System.nanoTime();
    Process process = builder.start();
    process.onExit().orTimeout(MINUTES, TimeUnit.MINUTES).exceptionally(late -> stop(process));
    Map<String, Double> values = new HashMap<>();
    List<String> said = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String text = out.readLine(); text != null; text = out.readLine()) {
        said.add(text);
        if (text.startsWith(ACCURACY) || text.startsWith("test accuracy: ")) {
          values.put("whole_seconds", (System.nanoTime() - begin) * 1e-9);
          values.put("peak_mib", peakMib(process.pid()));
        }
        keep(text.replace("test accuracy: ", ACCURACY), values);
      }
    }
    int exit = process.waitFor();
    if (exit != 0) {
      return Outcome.failed("exit " + exit + ": " + (said.isEmpty() ? "" : said.getLast()));
    }
    return new Outcome(values, "");
  }

  /** The most memory that a process has had, where the system tells. */
  private static double peakMib(long pid) throws IOException {
    Path status = Path.of("/proc/" + pid + "/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static Process stop(Process process) {
    return process.destroyForcibly();
  }

  private static void keep(String text, Map<String, Double> values) {
    int equals = text.indexOf('=');
    if (equals > 0 && text.substring(0, equals).matches("[a-z0-9_]+")) {
      values.put(text.substring(0, equals), Double.valueOf(text.substring(equals + 1)));
    }
  }
}
