package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import java.util.List;
import java.util.Set;

/**
 * A sum of products of two values, in Einstein's notation: one size of both is summed over, and
 * what is left of the first comes before what is left of the second, {@code btd,bsd->bts}; or both
 * have the same sizes, {@code btd,btd->bt}.
 */
final class EinsumConfig {
  private static final String KEY = "subscripts";
  private static final Set<String> KEYS = Set.of("name", KEY);
  private static final String FORMS = "as btd,bsd->bts or btd,btd->bt";

  private EinsumConfig() {}

  /** Puts the operations in a graph, and returns the value that they give. */
  static int put(OperationNode operation, List<Integer> reads, CompoundOperation.Graph graph) {
    Config config = operation.config();
    config.requireKnown(KEYS);
    operation.arguments(2);
    String[] sides = config.string(KEY).replace(" ", "").split("->", -1);
    String[] read = sides[0].split(",", -1);
    if (sides.length != 2
        || read.length != 2
        || reads.size() != 2
        || !isOfBatch(read[0], sides[1])
        || !isOfBatch(read[1], sides[1])) {
      throw config.wrong(KEY, FORMS);
    }
    for (int i = 0; i < 2; i++) {
      if (graph.shape(reads.get(i)).rank() + 1 != read[i].length()) {
        throw config.wrong(KEY, "a letter for each size");
      }
    }
    String summed = without(read[0], sides[1]);
    if (summed.length() != 1 || !without(read[1], sides[1]).equals(summed)) {
      throw config.wrong(KEY, FORMS);
    }
    int first = read[0].indexOf(summed);
    if (read[0].equals(read[1]) && read[0].replace(summed, "").equals(sides[1])) {
      int product = graph.put(Arithmetic.of(Operator.MULTIPLY), reads);
      return graph.put(new Reduction(Kind.SUM, List.of(first), false), List.of(product));
    }
    String left = read[0].replace(summed, "") + read[1].substring(1).replace(summed, "");
    if (!left.equals(sides[1]) || left.chars().distinct().count() < left.length()) {
      throw config.wrong(KEY, FORMS);
    }
    return graph.put(new Dot(first, read[1].indexOf(summed), false), reads);
  }

  /** Returns whether letters are those of different sizes, the batch's first, and of another. */
  private static boolean isOfBatch(String letters, String all) {
    return letters.length() > 1
        && all.length() > 1
        && letters.charAt(0) == all.charAt(0)
        && letters.chars().allMatch(Character::isLetter)
        && letters.chars().distinct().count() == letters.length();
  }

  private static String without(String letters, String others) {
    StringBuilder left = new StringBuilder();
    letters.chars().filter(letter -> others.indexOf(letter) < 0).forEach(left::appendCodePoint);
    return left.toString();
  }
}
