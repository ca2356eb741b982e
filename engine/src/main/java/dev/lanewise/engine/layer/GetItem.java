package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Some places of each sample's sizes, its steps and features for example, as indices and slices
 * name them: Keras's {@code GetItem}, which {@code x[:, -1, :]} or {@code x[:, 0:3]} makes in a
 * functional model.
 *
 * @param parts one a size of a sample, steps before features; sizes behind them are whole
 */
public record GetItem(List<Part> parts) implements Operation {
  /** What is taken of a size. */
  public sealed interface Part {}

  /**
   * One place, whose size is then gone.
   *
   * @param place from 0, or from the end if negative
   */
  public record Index(int place) implements Part {}

  /**
   * Places at equal distances, by Python's rules.
   *
   * @param start the first; absent for the first there is
   * @param stop where it ends before; absent for none
   * @param step how far apart they are, negative ones being backwards; absent for 1
   */
  @SuppressWarnings("exports")
  public record Slice(@Nullable Integer start, @Nullable Integer stop, @Nullable Integer step)
      implements Part {
    /** All of a size. */
    public static final Slice ALL = new Slice(null, null, null);

    /**
     * Validates the step.
     *
     * @throws IllegalArgumentException if it is 0
     */
    public Slice {
      if (step != null && step == 0) {
        throw new IllegalArgumentException("GetItem: a slice's step must not be 0");
      }
    }
  }

  /**
   * Places at equal distances among those of a size, however many there are.
   *
   * @param first the first
   * @param step how far apart they are
   * @param count how many
   */
  public record Places(int first, int step, int count) {
    /**
     * {@return one of the places}
     *
     * @param index which, from 0
     */
    public int at(int index) {
      return first + index * step;
    }

    /** {@return the places in order} */
    public IntStream stream() {
      return IntStream.range(0, count).map(this::at);
    }

    /**
     * {@return whether they are all of a size, in order}
     *
     * @param size how many places there are
     */
    public boolean areAllOf(int size) {
      return count == size && first == 0 && (step == 1 || count == 1);
    }
  }

  /** Makes the list unmodifiable. */
  public GetItem {
    parts = List.copyOf(parts);
  }

  /**
   * {@return one step of each sequence: {@code x[:, step, :]}}
   *
   * @param step its index; negative ones count from the end
   */
  public static GetItem ofStep(int step) {
    return new GetItem(List.of(new Index(step)));
  }

  /**
   * {@return what is taken of one of a sample's sizes}
   *
   * @param size which one: 0 is the first
   */
  public Part part(int size) {
    return size < parts.size() ? parts.get(size) : Slice.ALL;
  }

  /**
   * {@return whether every step is taken, in order}
   *
   * @param input a sample's shape
   */
  public boolean takesAllSteps(Shape input) {
    return input.rank() == 2
        && part(0) instanceof Slice
        && places(0, input).areAllOf(input.size(0));
  }

  /** {@return whether the last step is all that is taken} */
  public boolean takesLastStep() {
    return part(0).equals(new Index(-1));
  }

  /**
   * {@return the places that are taken of one of a sample's sizes}
   *
   * @param size which one: 0 is the first
   * @param input a sample's shape
   */
  public Places places(int size, Shape input) {
    int count = input.size(size);
    return switch (part(size)) {
      case Index index -> {
        int place = index.place < 0 ? index.place + count : index.place;
        if (place < 0 || place >= count) {
          throw new IllegalArgumentException(
              "GetItem: place " + index.place + " is none of a size of " + count + " in " + input);
        }
        yield new Places(place, 1, 1);
      }
      case Slice slice -> places(slice, count);
    };
  }

  private static Places places(Slice slice, int count) {
    int step = slice.step == null ? 1 : slice.step;
    int least = step > 0 ? 0 : -1;
    int most = step > 0 ? count : count - 1;
    int start =
        slice.start == null ? (step > 0 ? least : most) : at(slice.start, count, least, most);
    int stop = slice.stop == null ? (step > 0 ? most : least) : at(slice.stop, count, least, most);
    int taken = Math.max(0, Math.ceilDiv(stop - start, step));
    return new Places(start, step, taken);
  }

  private static int at(int place, int count, int least, int most) {
    return Math.clamp(place < 0 ? (long) place + count : place, least, most);
  }

  /**
   * {@return whether one number of a sample is taken: a size of 1 here, and none in Keras}
   *
   * @param input a sample's shape
   */
  public boolean leavesNoSize(Shape input) {
    return parts.size() == input.rank() && parts.stream().allMatch(Index.class::isInstance);
  }

  @Override
  public Shape outputShape(Shape input) {
    if (parts.size() > input.rank()) {
      throw new IllegalArgumentException(
          "GetItem: takes parts of " + parts.size() + " sizes, found " + input);
    }
    List<Integer> sizes = new ArrayList<>();
    for (int size = 0; size < input.rank(); size++) {
      int taken = places(size, input).count();
      if (taken == 0) {
        throw new IllegalArgumentException("GetItem: takes nothing of " + input);
      }
      if (part(size) instanceof Slice) {
        sizes.add(taken);
      }
    }
    if (sizes.isEmpty()) {
      sizes.add(1);
    }
    return Shape.of(sizes.stream().mapToInt(size -> size).toArray());
  }

  @Override
  public String kerasName() {
    return "get_item";
  }

  @Override
  public String className() {
    return "GetItem";
  }
}
