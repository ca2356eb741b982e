package dev.lanewise.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the system tells about a running process and those that it started: the most memory that
 * they had, and how many processors others kept busy meanwhile. Figures of a disturbed run are not
 * worth much: OpenMP's threads wait for each other. Without {@code /proc} there are no figures.
 */
final class Watch {
  /** Linux counts in hundredths of a second. */
  private static final double TICKS = 100;

  private static final Path STAT = Path.of("/proc/stat");

  private final ProcessHandle process;
  private final long begin = System.nanoTime();
  private final double busyAtBegin = busySeconds();
  private double peakMib;
  private double otherLoad = Double.NaN;

  Watch(ProcessHandle process) throws IOException {
    this.process = process;
  }

  /** Looks again, while the process is running. */
  void sample() throws IOException {
    if (!Files.exists(STAT)) {
      return;
    }
    List<ProcessHandle> all = new ArrayList<>(List.of(process));
    process.descendants().forEach(all::add);
    double own = 0;
    double peak = 0;
    for (ProcessHandle one : all) {
      own += one.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() * 1e-9;
      peak += peakMib(one);
    }
    peakMib = Math.max(peakMib, peak);
    if (own > 0) { // absent once the process has ended
      double seconds = (System.nanoTime() - begin) * 1e-9;
      otherLoad = Math.max(0, (busySeconds() - busyAtBegin - own) / seconds);
    }
  }

  private static double peakMib(ProcessHandle one) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + one.pid() + "/status"))) {
        if (line.startsWith("VmHWM:")) { // absent once the process has ended
          return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
        }
      }
    } catch (IOException e) {
      return 0; // it has ended since it was listed
    }
    return 0;
  }

  /** Returns what was seen last. */
  Map<String, Double> values() {
    return Map.of("peak_mib", peakMib == 0 ? Double.NaN : peakMib, "other_load", otherLoad);
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
