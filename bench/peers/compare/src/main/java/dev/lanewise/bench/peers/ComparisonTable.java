package dev.lanewise.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of medians, in Markdown. */
final class ComparisonTable {
  private static final List<String> FORMATS =
      List.of("%.2f", "%.2f", "%.1f", "%.4f", "%.4f", "%.0f", "%.1f", "%.1f", "%.0f", "%.2f");

  private ComparisonTable() {}

  static List<String> of(Map<Contestant, List<Outcome>> outcomes) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| model | library | warm epoch (s) | first epoch (s) | whole process (s) | validation loss"
            + " | test accuracy | peak memory (MiB) | 1 image, median (us) | p99 (us) | images/s at"
            + " 150 | processors taken by others | runs |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    outcomes.forEach((contestant, runs) -> lines.add(row(contestant, runs)));
    return lines;
  }

  private static String row(Contestant contestant, List<Outcome> runs) {
    List<Outcome> good = runs.stream().filter(Outcome::good).toList();
    StringBuilder row =
        new StringBuilder("| " + contestant.cell().layer() + " | " + contestant.name());
    for (int i = 0; i < FORMATS.size(); i++) {
      row.append(" | ").append(cell(good, Outcome.KEYS.get(i), FORMATS.get(i)));
    }
    row.append(" | ").append(good.size()).append(" of ").append(runs.size());
    runs.stream()
        .filter(run -> !run.good())
        .map(Outcome::failure)
        .distinct()
        .forEach(failure -> row.append("; ").append(failure.replace('|', '/')));
    return row.append(" |").toString();
  }

  private static String cell(List<Outcome> runs, String key, String format) {
    double median =
        Median.of(runs.stream().map(run -> run.value(key)).filter(v -> !v.isNaN()).toList());
    return Double.isNaN(median) ? "" : String.format(Locale.ROOT, format, median);
  }
}
