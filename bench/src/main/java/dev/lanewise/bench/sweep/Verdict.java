package dev.lanewise.bench.sweep;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a sweep says: how many cases stay below a share of the peak, the worst of them, and how a
 * stored run did. Shares are compared, not times: the peak beside each case takes the machine's
 * mood with it.
 *
 * @param results the run
 * @param stored another of the same machine, or nothing
 */
record Verdict(List<SweepResult> results, List<SweepResult> stored) {
  private static final double ENOUGH = 0.60;
  private static final int WORST = 10;

  /** A case now and as it was stored, if it was. */
  private record Pair(SweepResult now, @Nullable SweepResult was) {
    double ratio() {
      return was == null ? Double.NaN : now.share() / was.share();
    }

    String line() {
      String before = was == null ? "" : String.format(Locale.ROOT, " (was %.3f)", was.share());
      return String.format(Locale.ROOT, "  %.3f%s  %s%n", now.share(), before, now.what().text());
    }
  }

  /** Returns the verdict's lines. */
  String text() {
    Map<SweepCase, SweepResult> before =
        stored.stream().collect(Collectors.toMap(SweepResult::what, Function.identity()));
    List<Pair> pairs = results.stream().map(r -> new Pair(r, before.get(r.what()))).toList();
    StringBuilder text = new StringBuilder(below(results)).append("the worst:\n");
    pairs.stream()
        .sorted(Comparator.comparingDouble(pair -> pair.now.share()))
        .limit(WORST)
        .forEach(pair -> text.append(pair.line()));
    List<Pair> both =
        pairs.stream()
            .filter(pair -> pair.was != null)
            .sorted(Comparator.comparingDouble(Pair::ratio))
            .toList();
    if (!both.isEmpty()) {
      text.append("the same cases stored: ")
          .append(below(both.stream().map(Pair::was).filter(Objects::nonNull).toList()))
          .append(
              String.format(
                  Locale.ROOT,
                  "median share against stored: %.3f%n",
                  both.get(both.size() / 2).ratio()))
          .append("the most lost:\n");
      both.stream().limit(WORST).forEach(pair -> text.append(pair.line()));
    }
    return text.toString();
  }

  private static String below(List<SweepResult> of) {
    long below = of.stream().filter(each -> each.share() < ENOUGH).count();
    return String.format(
        Locale.ROOT, "%d of %d cases below %.2f of the peak%n", below, of.size(), ENOUGH);
  }
}
