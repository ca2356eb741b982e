package dev.lanewise.engine.layer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which steps of a value count, as what tells it: a formula of values further down. Two values of
 * one formula count the same steps, whoever carries it. Where all steps count there is none: null.
 */
@SuppressWarnings("exports")
public sealed interface Mask {
  /**
   * Those steps of a value that have a feature that is another number, or the ids that are: what
   * {@link Masking} and an {@link Embedding} say of what they read.
   *
   * @param value the value in the graph
   * @param masked the number, of single precision
   */
  record Told(int value, double masked) implements Mask {}

  /**
   * Those that count by one mask at least.
   *
   * @param of two or more, none of them such a set
   */
  record Either(Set<Mask> of) implements Mask {
    /** Makes the set unmodifiable. */
    public Either {
      of = Set.copyOf(of);
    }
  }

  /**
   * Those that count by each of several masks.
   *
   * @param of two or more, none of them such a set
   */
  record All(Set<Mask> of) implements Mask {
    /** Makes the set unmodifiable. */
    public All {
      of = Set.copyOf(of);
    }
  }

  /**
   * Those of sequences that follow one another.
   *
   * @param of the sequences, at least one of them masked
   */
  record InTurn(List<Part> of) implements Mask {
    /** Makes the list unmodifiable. */
    public InTurn {
      of = List.copyOf(of);
    }
  }

  /**
   * One of several sequences.
   *
   * @param steps how many it has
   * @param mask which of them count; absent where all do
   */
  record Part(int steps, @Nullable Mask mask) {}

  /**
   * {@return whether the formula names no value from {@code first} on}
   *
   * @param first the first of the values that it may not name
   */
  default boolean isToldBefore(int first) {
    return switch (this) {
      case Told told -> told.value < first;
      case Either either -> either.of.stream().allMatch(mask -> mask.isToldBefore(first));
      case All all -> all.of.stream().allMatch(mask -> mask.isToldBefore(first));
      case InTurn turns ->
          turns.of.stream()
              .map(Part::mask)
              .filter(Objects::nonNull)
              .allMatch(mask -> mask.isToldBefore(first));
    };
  }

  /**
   * {@return what counts by one of these, absent if one of them is: then all does}
   *
   * @param masks one each, absent where all steps count
   */
  static @Nullable Mask either(List<@Nullable Mask> masks) {
    Set<Mask> all = new HashSet<>();
    for (Mask mask : masks) {
      switch (mask) {
        case null -> {
          return null;
        }
        case Either either -> all.addAll(either.of);
        default -> all.add(mask);
      }
    }
    return all.size() == 1 ? all.iterator().next() : new Either(all);
  }

  /**
   * {@return what counts by all of these that there are, absent if there is none}
   *
   * @param masks one each, absent where all steps count
   */
  static @Nullable Mask all(List<@Nullable Mask> masks) {
    Set<Mask> all = new HashSet<>();
    for (Mask mask : masks) {
      switch (mask) {
        case null -> {} // all steps count
        case All several -> all.addAll(several.of);
        default -> all.add(mask);
      }
    }
    return all.isEmpty() ? null : all.size() == 1 ? all.iterator().next() : new All(all);
  }

  /**
   * {@return what counts of sequences one after another, absent if nothing is masked}
   *
   * @param parts the sequences, in order
   */
  static @Nullable Mask inTurn(List<Part> parts) {
    List<Part> all = new ArrayList<>();
    for (Part part : parts) {
      if (part.mask instanceof InTurn turns) {
        all.addAll(turns.of);
      } else {
        all.add(part);
      }
    }
    return all.stream().allMatch(part -> part.mask == null)
        ? null
        : all.size() == 1 ? all.getFirst().mask : new InTurn(all);
  }
}
