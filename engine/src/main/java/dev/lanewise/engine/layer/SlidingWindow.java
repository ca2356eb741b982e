package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * A window that slides over the steps of a sequence.
 *
 * @param size how many steps it looks at, 1 to 2^24
 * @param strides by how many steps it moves, 1 to 2^24
 * @param dilationRate how far apart the steps are that it looks at, 1 to 2^24; 1 where {@code
 *     strides} is not, as in Keras
 * @param padding what is done where it reaches beyond the sequence
 */
public record SlidingWindow(int size, int strides, int dilationRate, Padding padding)
    implements Window {
  private static final int MAXIMUM = 1 << 24;

  /**
   * Validates the window.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public SlidingWindow {
    Objects.requireNonNull(padding, "window: padding");
    requireRange("size", size);
    requireRange("strides", strides);
    requireRange("dilation_rate", dilationRate);
    if (strides > 1 && dilationRate > 1) {
      throw new IllegalArgumentException(
          "window: strides or dilation_rate must be 1, found strides "
              + strides
              + " and dilation_rate "
              + dilationRate);
    }
  }

  private static void requireRange(String what, int value) {
    if (value < 1 || value > MAXIMUM) {
      throw new IllegalArgumentException(
          "window: " + what + " must be between 1 and " + MAXIMUM + ", found " + value);
    }
  }

  /**
   * {@return a window that moves step by step and stays within the sequence}
   *
   * @param size its positions, at least 1
   */
  public static SlidingWindow of(int size) {
    return new SlidingWindow(size, 1, 1, Padding.VALID);
  }

  /**
   * {@return this window, moved by so many steps}
   *
   * @param others from one window to the next, at least 1
   */
  public SlidingWindow withStrides(int others) {
    return new SlidingWindow(size, others, dilationRate, padding);
  }

  /**
   * {@return this window with its steps so far apart}
   *
   * @param other the steps from one position to the next, at least 1
   */
  public SlidingWindow withDilationRate(int other) {
    return new SlidingWindow(size, strides, other, padding);
  }

  /**
   * {@return this window with another rule for the ends}
   *
   * @param other what becomes of the ends
   */
  public SlidingWindow withPadding(Padding other) {
    return new SlidingWindow(size, strides, dilationRate, other);
  }

  @Override
  public List<SlidingWindow> axes() {
    return List.of(this);
  }

  @Override
  public Windows places(String layer, Shape input) {
    Window.requireAxes(layer, 1, input);
    return over(layer, input.size(0));
  }

  @Override
  public Windows spread(Shape input) {
    int steps = input.size(0);
    return new Windows(this, Math.toIntExact(spreadSteps(steps)), steps, spreadBefore());
  }

  /**
   * {@return how many steps a transposed convolution makes of a sequence}
   *
   * @param steps the sequence's length
   */
  long spreadSteps(int steps) {
    return (long) steps * strides + (padding == Padding.SAME ? 0 : beyond());
  }

  /** Returns by how much its first place reaches beyond the beginning of these. */
  private long spreadBefore() {
    return padding == Padding.SAME ? beyond() / 2 : 0;
  }

  /** Returns by how much it is wider than what its places lie apart. */
  private long beyond() {
    return Math.max(span() - strides, 0);
  }

  @Override
  public SlidingWindow around() {
    return of(size).withPadding(Padding.SAME);
  }

  /** Returns from its first step to its last. */
  private long span() {
    return (size - 1L) * dilationRate + 1;
  }

  /**
   * {@return its places on a sequence}
   *
   * @param layer names who asks
   * @param steps the sequence's length
   * @throws IllegalArgumentException if the sequence is too short for the first
   */
  public Windows over(String layer, int steps) {
    if (padding == Padding.VALID && span() > steps) {
      throw new IllegalArgumentException(
          layer
              + ": a window of "
              + span()
              + " steps does not fit a sequence of "
              + steps
              + "; take a smaller window, or padding same");
    }
    long counted = padding == Padding.VALID ? steps - span() : steps - 1L;
    int count = (int) (counted / strides) + 1;
    long missing = Math.max(0, (count - 1L) * strides + span() - steps);
    return new Windows(this, steps, count, before(missing));
  }

  private long before(long missing) {
    return switch (padding) {
      case VALID -> 0;
      case SAME -> missing / 2;
      case CAUSAL -> span() - 1;
    };
  }

  /**
   * A window's places on a sequence.
   *
   * @param window what slides
   * @param steps the sequence's length
   * @param count the number of places
   * @param before the steps by which the first reaches beyond the beginning
   */
  public record Windows(SlidingWindow window, int steps, int count, long before)
      implements WindowPlaces {
    @Override
    public List<Windows> axes() {
      return List.of(this);
    }

    @Override
    public int size() {
      return window.size;
    }

    @Override
    public int step(int place, int at) {
      long step = (long) place * window.strides + (long) at * window.dilationRate - before;
      return step >= 0 && step < steps ? (int) step : NONE;
    }

    @Override
    public int place(int step, int at) {
      long moved = step + before - (long) at * window.dilationRate;
      if (moved < 0 || moved % window.strides != 0) {
        return NONE;
      }
      long place = moved / window.strides;
      return place < count ? (int) place : NONE;
    }

    @Override
    public int inside(int place) {
      long first = (long) place * window.strides - before;
      return (int) (Math.min(steps, first + window.size) - Math.max(0, first));
    }

    /** {@return the steps by which the last window reaches beyond the end} */
    public long after() {
      return Math.max(0, beyond());
    }

    /** {@return how many steps at the end no window reaches} */
    public long unseen() {
      return Math.max(0, -beyond());
    }

    private long beyond() {
      return (count - 1L) * window.strides + window.span() - before - steps;
    }
  }
}
