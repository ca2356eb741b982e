package dev.lanewise.spark;

import dev.lanewise.engine.random.SplitMix64;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Numbers by name that a search may set, and what each may be. */
public final class SearchSpace {
  private static final long PURPOSE = 0x5ea2c4;

  /** What one number may be: one of several, or anything between two. */
  private record Range(List<Double> choices, double low, double high) {
    /** Draws evenly among choices, and by orders of magnitude between two bounds. */
    double draw(SplitMix64 random) {
      if (!choices.isEmpty()) {
        return choices.get(random.nextInt(choices.size()));
      }
      double share = random.nextInt(1 << 30) / (double) (1 << 30);
      return StrictMath.exp(
          StrictMath.log(low) + share * (StrictMath.log(high) - StrictMath.log(low)));
    }
  }

  private final Map<String, Range> ranges;

  private SearchSpace(Map<String, Range> ranges) {
    this.ranges = new LinkedHashMap<>(ranges);
  }

  /** {@return a space of no numbers} */
  public static SearchSpace empty() {
    return new SearchSpace(Map.of());
  }

  /**
   * {@return this space with a number that is one of several}
   *
   * @param name as a trial is told it
   * @param values at least one
   * @throws IllegalArgumentException if there are none, or one is not finite
   */
  public SearchSpace choice(String name, double... values) {
    List<Double> choices = new ArrayList<>();
    for (double each : values) {
      if (!Double.isFinite(each)) {
        throw new IllegalArgumentException("search: " + name + " cannot be " + each);
      }
      choices.add(each);
    }
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("search: " + name + " needs a value to choose");
    }
    return with(name, new Range(List.copyOf(choices), 0, 0));
  }

  /**
   * {@return this space with a number from {@code low} to {@code high}, of which each order of
   * magnitude is as likely; for random searches}
   *
   * @param name as a trial is told it
   * @param low the least, above 0
   * @param high the greatest
   * @throws IllegalArgumentException unless 0 &lt; low &lt; high, both finite
   */
  public SearchSpace magnitude(String name, double low, double high) {
    if (!(low > 0 && low < high && Double.isFinite(high))) {
      throw new IllegalArgumentException(
          "search: "
              + name
              + " must be from a positive number to a larger one, found "
              + low
              + " to "
              + high);
    }
    return with(name, new Range(List.of(), low, high));
  }

  private SearchSpace with(String name, Range range) {
    SearchSpace other = new SearchSpace(ranges);
    if (other.ranges.put(name, range) != null) {
      throw new IllegalArgumentException("search: " + name + " is there already");
    }
    return other;
  }

  /**
   * {@return all combinations of choices, the last name's values changing fastest}
   *
   * @throws IllegalArgumentException if a number is not one of several
   */
  public List<Map<String, Double>> grid() {
    List<Map<String, Double>> settings = new ArrayList<>();
    settings.add(new LinkedHashMap<>());
    for (Map.Entry<String, Range> each : ranges.entrySet()) {
      List<Map<String, Double>> longer = new ArrayList<>();
      if (each.getValue().choices().isEmpty()) {
        throw new IllegalArgumentException(
            "search: a grid needs choices, " + each.getKey() + " has none; draw at random");
      }
      for (Map<String, Double> begun : settings) {
        for (double value : each.getValue().choices()) {
          Map<String, Double> setting = new LinkedHashMap<>(begun);
          setting.put(each.getKey(), value);
          longer.add(setting);
        }
      }
      settings = longer;
    }
    return settings;
  }

  /**
   * {@return settings that are drawn; the first of a seed are the same, however many are drawn}
   *
   * @param count how many, at least 1
   * @param seed what the draws are a function of
   */
  public List<Map<String, Double>> random(int count, long seed) {
    if (count < 1) {
      throw new IllegalArgumentException("search: at least 1 setting is drawn, found " + count);
    }
    List<Map<String, Double>> settings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SplitMix64 random = SplitMix64.stream(seed, PURPOSE, i);
      Map<String, Double> setting = new LinkedHashMap<>();
      ranges.forEach((name, range) -> setting.put(name, range.draw(random)));
      settings.add(setting);
    }
    return settings;
  }
}
