package dev.lanewise.bench.sweep;

import dev.lanewise.engine.backend.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Times training steps of {@code SimpleRNN -> Dense(10)} in many sizes and writes a table and
 * pictures. A sweep is long and the machine may be shared, so that every case is measured between
 * two measurements of the peak, and given as a share of it.
 */
public final class Sweep {
  private static final double CORE_SECONDS = 1;
  private static final double SECONDS = 0.15; // a case; there are a thousand

  private Sweep() {}

  /**
   * Runs the sweep, and says what came out.
   *
   * @param args the folder to write {@code sweep.csv} and {@code sweep-*.png} into; then, if it is
   *     to be the short one, {@code core}; then, to compare with, another run's {@code .csv}
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    List<String> rest = new ArrayList<>(List.of(args));
    if (rest.isEmpty()) {
      throw new IllegalArgumentException("sweep: expected a folder, maybe core, maybe a .csv");
    }
    Path folder = Files.createDirectories(Path.of(rest.removeFirst()));
    boolean core = rest.remove("core");
    List<SweepResult> stored = rest.isEmpty() ? List.of() : read(Path.of(rest.removeFirst()));
    if (!rest.isEmpty()) {
      throw new IllegalArgumentException("sweep: expected nothing more, found " + rest);
    }
    List<SweepCase> cases = core ? SweepCase.core() : SweepCase.all();
    double seconds = core ? CORE_SECONDS : SECONDS;
    String name = "sweep-" + CpuBackend.vectorBits() + (core ? "-core" : "");
    List<SweepResult> results = new ArrayList<>();
    System.out.println(SweepResult.HEADER);
    try (Peak peak = new Peak()) {
      for (SweepCase each : cases) {
        SweepResult result = StepTimer.time(each, peak, seconds);
        System.out.println(result.row());
        results.add(result);
        // After each case: a sweep that is broken off leaves what it has.
        Files.write(folder.resolve(name + ".csv"), rows(results));
      }
    }
    SweepChart.draw(results, folder.resolve(name));
    System.out.print(new Verdict(results, stored).text());
  }

  /** A stored run is read before the first case is timed: a wrong path costs nothing. */
  private static List<SweepResult> read(Path stored) throws IOException {
    return Files.readAllLines(stored).stream().skip(1).map(SweepResult::of).toList();
  }

  private static List<String> rows(List<SweepResult> results) {
    List<String> rows = new ArrayList<>();
    rows.add(SweepResult.HEADER);
    results.forEach(result -> rows.add(result.row()));
    return rows;
  }
}
