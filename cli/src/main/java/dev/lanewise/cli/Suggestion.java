package dev.lanewise.cli;

import java.util.Collection;
import java.util.Comparator;

/** What somebody may have meant. */
final class Suggestion {
  private Suggestion() {}

  /** Returns "; is --epochs meant?", or nothing if no option is near. */
  static String of(String name, Collection<String> options) {
    return options.stream()
        .filter(option -> distance(name, option.substring(2)) <= Math.max(2, name.length() / 3))
        .min(
            Comparator.comparingInt((String option) -> distance(name, option.substring(2)))
                .thenComparing(Comparator.naturalOrder()))
        .map(option -> "; is " + option.substring(2) + " meant?")
        .orElse("");
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
