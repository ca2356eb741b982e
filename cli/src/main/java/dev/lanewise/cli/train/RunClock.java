package dev.lanewise.cli.train;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Time since the user pressed enter: since the process began, or the JVM that started this one. */
final class RunClock {
  /** Milliseconds for which another JVM had run that started this one. */
  private static final String ELAPSED = "lanewise.elapsed";

  /** Linux tells times of processes in hundredths of a second, whatever its own clock's rate. */
  private static final double TICKS = 100;

  /** Where a process's state stands in its line, counted from the name's closing parenthesis. */
  private static final int START_TICKS = 20;

  /** The system's boot, on which {@link ProcessHandle} builds, is known to the second. */
  private static final double BOOT_SECONDS = 1.5;

  private RunClock() {}

  /** Returns seconds since the run's start, to about 10 ms where the system says so. */
  static double seconds() {
    return Long.getLong(ELAPSED, 0) * 1e-3 + ofThisProcess();
  }

  private static double ofThisProcess() {
    double fine = sinceBoot() - startSinceBoot();
    Instant start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    double coarse = (System.currentTimeMillis() - start.toEpochMilli()) * 1e-3;
    if (Math.abs(fine - coarse) <= BOOT_SECONDS) {
      return fine;
    }
    // A container may have been given an uptime of its own, or somebody has set the wall clock. The
    // JVM's own clock knows of neither; its classes take longer to load than the rest to ask.
    return ManagementFactory.getRuntimeMXBean().getUptime() * 1e-3;
  }

  private static double sinceBoot() {
    return number("/proc/uptime", 0);
  }

  private static double startSinceBoot() {
    return number("/proc/self/stat", START_TICKS) / TICKS;
  }

  /**
   * Returns a word of a file's last part, from a name in parentheses on; NaN if it is not there.
   */
  private static double number(String file, int word) {
    try {
      String line = Files.readString(Path.of(file));
      List<String> words = List.of(line.substring(line.lastIndexOf(')') + 1).split("\\s+", -1));
      return Double.parseDouble(words.get(word));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return Double.NaN; // another system
    }
  }
}
