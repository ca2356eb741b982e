package dev.lanewise.engine.keras;

import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A sum of products of two values, in Einstein's notation: one size of both is summed over, as in
 * {@code btd,bsd->bts}; sizes of both that stay, as heads do in {@code bthd,bshd->bhts}, are steps
 * at each of which there is a product.
 */
final class EinsumConfig {
  private static final String KEY = "subscripts";
  private static final Set<String> KEYS = Set.of("name", KEY);
  private static final String FORMS =
      "as btd,bsd->bts, bhtd,bhsd->bhts or btd,btd->bt, one size of both being summed over";

  private final Config config;
  private final CompoundOperation.Graph graph;

  private EinsumConfig(Config config, CompoundOperation.Graph graph) {
    this.config = config;
    this.graph = graph;
  }

  /**
   * A value that is read, or made.
   *
   * @param value which
   * @param letters its sizes, without the batch's
   */
  private record Side(int value, String letters) {}

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
        || !isOfBatch(read[1], sides[1])
        || !isOfBatch(sides[1], read[0])) {
      throw config.wrong(KEY, FORMS);
    }
    for (int i = 0; i < 2; i++) {
      if (graph.shape(reads.get(i)).rank() + 1 != read[i].length()) {
        throw config.wrong(KEY, "a letter for each size");
      }
    }
    Side first = new Side(reads.get(0), read[0].substring(1));
    Side second = new Side(reads.get(1), read[1].substring(1));
    return new EinsumConfig(config, graph).sum(first, second, sides[1].substring(1));
  }

  private int sum(Side first, Side second, String result) {
    String kept = common(common(first.letters, second.letters), result);
    String summed = without(common(first.letters, second.letters), result);
    String left = without(first.letters, kept + summed) + without(second.letters, kept + summed);
    if (summed.length() != 1 || !isTurned(kept + left, result)) {
      throw config.wrong(KEY, FORMS);
    }
    if (left.isEmpty()) {
      int other = turned(second, first.letters).value;
      int product = graph.put(Arithmetic.of(Operator.MULTIPLY), List.of(first.value, other));
      List<Integer> axes = List.of(first.letters.indexOf(summed) + 1);
      int sum = graph.put(new Reduction(Kind.SUM, axes, false), List.of(product));
      return turned(new Side(sum, without(first.letters, summed)), result).value;
    }
    Side one = turned(first, kept + without(first.letters, kept));
    Side two = turned(second, kept + without(second.letters, kept));
    Dot dot =
        new Dot(
            without(one.letters, kept).indexOf(summed) + 1,
            without(two.letters, kept).indexOf(summed) + 1,
            false);
    int product = graph.put(atEach(kept.length(), dot), List.of(one.value, two.value));
    return turned(new Side(product, kept + left), result).value;
  }

  /** Returns a product at each step of some sizes of both. */
  static Layer atEach(int sizes, Dot dot) {
    Layer layer = dot;
    for (int i = 0; i < sizes; i++) {
      layer = new TimeDistributed(layer);
    }
    return layer;
  }

  /** Returns a value with its sizes in another order. */
  private Side turned(Side side, String letters) {
    if (side.letters.equals(letters)) {
      return side;
    }
    List<Integer> order =
        letters.chars().mapToObj(letter -> side.letters.indexOf(letter) + 1).toList();
    return new Side(graph.put(new Permute(order), List.of(side.value)), letters);
  }

  /** Returns whether letters are those of different sizes, the batch's first, and of another. */
  private static boolean isOfBatch(String letters, String all) {
    return letters.length() > 1
        && all.length() > 1
        && letters.charAt(0) == all.charAt(0)
        && letters.chars().allMatch(Character::isLetter)
        && letters.chars().distinct().count() == letters.length();
  }

  private static boolean isTurned(String letters, String others) {
    return letters.length() == others.length() && without(letters, others).isEmpty();
  }

  private static String without(String letters, String others) {
    StringBuilder left = new StringBuilder();
    letters.chars().filter(letter -> others.indexOf(letter) < 0).forEach(left::appendCodePoint);
    return left.toString();
  }

  private static String common(String letters, String others) {
    return without(letters, without(letters, others));
  }

  /**
   * Returns whether a layer is a product at each step of two values, which Keras has as no layer.
   *
   * @param inputs the shapes of one sample of what it reads
   */
  static boolean isProduct(Layer layer, List<Shape> inputs) {
    return layer.unfrozen() instanceof TimeDistributed each
        && each.innermost() instanceof Dot dot
        && !dot.normalize()
        && inputs.stream().anyMatch(input -> input.rank() > each.depth() + 1); // else of one number
  }

  /** Returns the entry of an {@linkplain #isProduct operation}. */
  static JsonObject write(String name, Layer layer, List<Shape> inputs) {
    TimeDistributed each = (TimeDistributed) layer.unfrozen();
    Dot dot = (Dot) each.innermost();
    String all = "bcdefghijk"; // the batch is a, what is summed over z
    String kept = all.substring(0, each.depth());
    StringBuilder result = new StringBuilder("a" + kept);
    List<String> read = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Shape part = inputs.get(i);
      for (int depth = 0; depth < each.depth(); depth++) {
        part = part.part();
      }
      int from = result.length() - 1;
      String left = all.substring(from, from + part.rank() - 1);
      int summed = dot.summed(i, part);
      read.add("a" + kept + left.substring(0, summed) + "z" + left.substring(summed));
      result.append(left);
    }
    JsonObject config = new JsonObject();
    config.addProperty(KEY, read.get(0) + "," + read.get(1) + "->" + result);
    config.addProperty("name", name);
    JsonObject entry = KerasObject.of("keras.src.ops.numpy", "Einsum", config);
    entry.addProperty("registered_name", "Einsum");
    return entry;
  }
}
