package dev.lanewise.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One process of one contestant, from its start to its end. */
final class Trial {
  private static final long SAMPLE_MILLIS = 50;
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private Trial() {}

  /**
   * Runs a contestant and waits for its end.
   *
   * @param patience after which it is stopped
   * @param log takes what it says on stderr
   * @return its figures, or why there are none
   */
  static Outcome run(Contestant contestant, Work work, Duration patience, Path log)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(contestant.command().apply(work));
    builder.environment().putAll(contestant.environment());
    long begin = System.nanoTime();
    Process process = builder.redirectError(log.toFile()).start();
    Events events = new Events(process.getInputStream(), begin);
    Thread reader = Thread.ofPlatform().daemon().start(events);
    Watch watch = new Watch(process.toHandle());
    boolean stopped = false;
    while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
      if (!events.ended()) {
        watch.sample();
      }
      if (!stopped && System.nanoTime() - begin > patience.toNanos()) {
        stopped = true;
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
    boolean read = reader.join(LAST_WORDS);
    if (stopped) {
      return Outcome.failed("stopped after " + patience.toMinutes() + " minutes");
    }
    if (process.exitValue() != 0 || !events.ended() || !read || !events.failure().isEmpty()) {
      return Outcome.failed(reason(process.exitValue(), events, log));
    }
    Map<String, Double> values = new HashMap<>(watch.values());
    values.putAll(events.values());
    return new Outcome(values, "");
  }

  private static String reason(int exit, Events events, Path log) throws IOException {
    if (!events.failure().isEmpty()) {
      return events.failure();
    }
    List<String> lines = Files.readAllLines(log).stream().filter(line -> !line.isBlank()).toList();
    String last = lines.isEmpty() ? "nothing on stderr" : lines.getLast();
    String cause =
        lines.stream()
            .filter(line -> line.startsWith("Exception in") || line.startsWith("Caused by:"))
            .reduce((earlier, later) -> later)
            .orElse(last);
    return "exit " + exit + (events.ended() ? "" : " without a test accuracy") + ": " + cause;
  }
}
