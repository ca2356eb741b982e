package dev.lanewise.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of medians, in Markdown. */
final class ComparisonTable {
  private ComparisonTable() {}

  static List<String> of(Map<Contestant, List<Outcome>> outcomes) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| library | warm epoch (s) | first epoch (s) | whole process (s) | test accuracy |"
            + " peak memory (MiB) | 1 image, median (us) | p99 (us) | images/s at 150 | runs |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|");
    outcomes.forEach((contestant, runs) -> lines.add(row(contestant.name(), runs)));
    return lines;
  }

  private static String row(String name, List<Outcome> runs) {
    List<Outcome> good = runs.stream().filter(run -> run.failure().isEmpty()).toList();
    if (good.isEmpty()) {
      return "| " + name + " | " + runs.getFirst().failure() + " | | | | | | | | 0 |";
    }
    StringBuilder row = new StringBuilder("| " + name + " |");
    String[] formats = {"%.2f", "%.2f", "%.1f", "%.4f", "%.0f", "%.1f", "%.1f", "%.0f"};
    for (int i = 0; i < formats.length; i++) {
      double median = median(good, Outcome.KEYS.get(i));
      String cell = Double.isNaN(median) ? "" : String.format(Locale.ROOT, formats[i], median);
      row.append(' ').append(cell).append(" |");
    }
    return row.append(' ').append(good.size()).append(" |").toString();
  }

  private static double median(List<Outcome> runs, String key) {
    List<Double> values =
        runs.stream().map(run -> run.value(key)).filter(v -> !v.isNaN()).sorted().toList();
    return values.isEmpty() ? Double.NaN : values.get(values.size() / 2);
  }
}
