package dev.lanewise.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the system tells about a running process: the most memory that it had, and how many
 * processors others kept busy meanwhile. Figures of a disturbed run are not worth much: OpenMP's
 * threads wait for each other. Without {@code /proc} there are no figures.
 */
final class Watch {
  /** Linux counts in hundredths of a second. */
  private static final double TICKS = 100;

  private static final Path STAT = Path.of("/proc/stat");

  private final ProcessHandle process;
  private final Path status;
  private final long begin = System.nanoTime();
  private final double busyAtBegin = busySeconds();
  private double peakMib = Double.NaN;
  private double otherLoad = Double.NaN;

  Watch(ProcessHandle process) throws IOException {
    this.process = process;
    status = Path.of("/proc/" + process.pid() + "/status");
  }

  /** Looks again, while the process is running. */
  void sample() throws IOException {
    if (!Files.exists(STAT)) {
      return;
    }
    Optional<Duration> own = process.info().totalCpuDuration();
    if (own.isPresent()) {
      double seconds = (System.nanoTime() - begin) * 1e-9;
      double others = busySeconds() - busyAtBegin - own.get().toNanos() * 1e-9;
      otherLoad = Math.max(0, others / seconds);
    }
    if (process.isAlive()) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) { // absent once the process has ended
          peakMib = Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
        }
      }
    }
  }

  /** Returns what was seen last. */
  Map<String, Double> values() {
    return Map.of("peak_mib", peakMib, "other_load", otherLoad);
  }

  /** Returns the processors' seconds of work since the system's start. */
  private static double busySeconds() throws IOException {
    if (!Files.exists(STAT)) {
      return Double.NaN;
    }
    // cpu user nice system idle iowait irq softirq steal ...
    List<String> fields = List.of(Files.readAllLines(STAT).getFirst().split(" +"));
    double ticks = 0;
    for (int field : new int[] {1, 2, 3, 6, 7}) {
      ticks += Double.parseDouble(fields.get(field));
    }
    return ticks / TICKS;
  }
}
