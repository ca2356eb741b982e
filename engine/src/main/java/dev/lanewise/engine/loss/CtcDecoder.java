package dev.lanewise.engine.loss;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads labels from the answers of a model that was trained with {@link Ctc}: equal classes that
 * follow one another are one label, and blanks, class 0, are none.
 */
public final class CtcDecoder {
  private CtcDecoder() {}

  /**
   * Labels, and how probable they are.
   *
   * @param labels the classes, without blanks
   * @param logProbability the natural logarithm of the probability: of all paths that spell the
   *     labels, or of one, as the method that found them says
   */
  public record Decoded(List<Integer> labels, double logProbability) {
    /** Makes the list unmodifiable. */
    public Decoded {
      labels = List.copyOf(labels);
    }
  }

  /**
   * {@return what the likeliest class of each step spells, the first of equal ones, with the
   * probability of that one path}
   *
   * @param logits of one sample: [steps, classes], row-major
   * @param classes how many there are, the blank among them
   * @throws IllegalArgumentException if logits are no whole steps
   */
  public static Decoded greedy(float[] logits, int classes) {
    int steps = steps(logits, classes);
    List<Integer> labels = new ArrayList<>();
    double logarithm = 0;
    int before = Ctc.BLANK;
    for (int t = 0; t < steps; t++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = logits[t * classes + c] > logits[t * classes + best] ? c : best;
      }
      if (best != Ctc.BLANK && best != before) {
        labels.add(best);
      }
      logarithm += logits[t * classes + best] - logTotal(logits, t * classes, classes);
      before = best;
    }
    return new Decoded(labels, logarithm);
  }

  /**
   * {@return the likeliest labels by all paths that spell them, the likeliest first, of the
   * beginnings that are kept at each step} (Graves 2012, "Supervised sequence labelling with
   * recurrent neural networks", section 7.5.3, without a dictionary.)
   *
   * @param logits of one sample: [steps, classes], row-major
   * @param classes how many there are, the blank among them
   * @param beamWidth how many beginnings are kept, at least 1
   * @param topPaths how many are returned, if so many are kept
   * @throws IllegalArgumentException if logits are no whole steps, or a number is below 1
   */
  public static List<Decoded> beamSearch(float[] logits, int classes, int beamWidth, int topPaths) {
    int steps = steps(logits, classes);
    if (beamWidth < 1 || topPaths < 1) {
      throw new IllegalArgumentException(
          "beamSearch: beamWidth and topPaths must be at least 1, found "
              + beamWidth
              + " and "
              + topPaths);
    }
    Map<List<Integer>, Ends> beam = Map.of(List.of(), new Ends(0, Double.NEGATIVE_INFINITY));
    for (int t = 0; t < steps; t++) {
      beam = likeliest(stepped(beam, logits, t * classes, classes), beamWidth);
    }
    return sorted(beam).stream()
        .limit(topPaths)
        .map(entry -> new Decoded(entry.getKey(), entry.getValue().all()))
        .toList();
  }

  /** Logarithms of the probability of paths that end in a blank, and of those that do not. */
  private record Ends(double blank, double label) {
    static final Ends NONE = new Ends(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);

    Ends plus(double moreBlank, double moreLabel) {
      return new Ends(added(blank, moreBlank), added(label, moreLabel));
    }

    double all() {
      return added(blank, label);
    }
  }

  private static Map<List<Integer>, Ends> stepped(
      Map<List<Integer>, Ends> beam, float[] logits, int at, int classes) {
    double total = logTotal(logits, at, classes);
    double none = Double.NEGATIVE_INFINITY;
    Map<List<Integer>, Ends> next = new HashMap<>();
    beam.forEach(
        (labels, ends) -> {
          int last = labels.isEmpty() ? Ctc.BLANK : labels.getLast();
          add(next, labels, ends.all() + logits[at] - total, none);
          for (int c = 1; c < classes; c++) {
            double logarithm = logits[at + c] - total;
            if (c == last) { // again, which is the same label, unless a blank is between
              add(next, labels, none, ends.label + logarithm);
            }
            double before = c == last ? ends.blank : ends.all();
            if (before > none) {
              add(next, with(labels, c), none, before + logarithm);
            }
          }
        });
    return next;
  }

  private static void add(
      Map<List<Integer>, Ends> to, List<Integer> labels, double blank, double label) {
    to.put(labels, to.getOrDefault(labels, Ends.NONE).plus(blank, label));
  }

  private static List<Integer> with(List<Integer> labels, int label) {
    List<Integer> longer = new ArrayList<>(labels);
    longer.add(label);
    return List.copyOf(longer);
  }

  private static Map<List<Integer>, Ends> likeliest(Map<List<Integer>, Ends> beam, int width) {
    Map<List<Integer>, Ends> kept = new HashMap<>();
    sorted(beam).stream().limit(width).forEach(e -> kept.put(e.getKey(), e.getValue()));
    return kept;
  }

  /** The likeliest first; of equal ones that with the smaller labels, whatever a map's order is. */
  private static List<Map.Entry<List<Integer>, Ends>> sorted(Map<List<Integer>, Ends> beam) {
    Comparator<Map.Entry<List<Integer>, Ends>> byProbability =
        Comparator.comparingDouble(entry -> -entry.getValue().all());
    return beam.entrySet().stream()
        .sorted(byProbability.thenComparing(Map.Entry::getKey, CtcDecoder::compare))
        .toList();
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = Integer.compare(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  /** Returns ln(e^a + e^b). */
  private static double added(double a, double b) {
    double most = Math.max(a, b);
    return most == Double.NEGATIVE_INFINITY
        ? most
        : most + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - most));
  }

  private static double logTotal(float[] logits, int from, int classes) {
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      most = Math.max(most, logits[from + c]);
    }
    double total = 0;
    for (int c = 0; c < classes; c++) {
      total += StrictMath.exp(logits[from + c] - most);
    }
    return most + StrictMath.log(total);
  }

  private static int steps(float[] logits, int classes) {
    if (classes < 2 || logits.length % classes != 0) {
      throw new IllegalArgumentException(
          "decode: logits [steps, classes] of at least 2 classes are expected, found "
              + logits.length
              + " of "
              + classes);
    }
    return logits.length / classes;
  }
}
