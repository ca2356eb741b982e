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
   * Runs the sweep.
   *
   * @param args the folder to write {@code sweep.csv} and {@code sweep-*.png} into; then, if it is
   *     to be the short one, {@code core}
   * @throws IOException if a file cannot be written
   */
  public static void main(String[] args) throws IOException {
    if (args.length < 1 || args.length > 2 || (args.length == 2 && !args[1].equals("core"))) {
      throw new IllegalArgumentException("sweep: expected a folder to write into, and maybe: core");
    }
    Path folder = Files.createDirectories(Path.of(args[0]));
    List<SweepCase> cases = args.length == 2 ? SweepCase.core() : SweepCase.all();
    double seconds = args.length == 2 ? CORE_SECONDS : SECONDS;
    String name = "sweep-" + CpuBackend.vectorBits() + (args.length == 2 ? "-core" : "");
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
  }

  private static List<String> rows(List<SweepResult> results) {
    List<String> rows = new ArrayList<>();
    rows.add(SweepResult.HEADER);
    results.forEach(result -> rows.add(result.row()));
    return rows;
  }
}
