package dev.lanewise.cli.tell;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What somebody may have meant. */
public final class Suggestion {
  private Suggestion() {}

  /** Returns "; is epochs meant?", or nothing if no option is near. */
  public static String of(String name, Collection<String> options) {
    return nearest("--" + name, options)
        .map(option -> "; is " + option.substring(2) + " meant?")
        .orElse("");
  }

  /** Returns the long option that a name with its dashes is nearest to, if it is near. */
  static Optional<String> nearest(String name, Collection<String> options) {
    int near = Math.max(2, (name.length() - 2) / 3);
    return options.stream()
        .filter(option -> option.startsWith("--") && distance(name, option) <= near)
        .min(
            Comparator.comparingInt((String option) -> distance(name, option))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** The least number of letters to insert, remove or replace (Levenshtein 1966). */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
