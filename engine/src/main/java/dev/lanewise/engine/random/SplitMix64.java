package dev.lanewise.engine.random;

/**
 * SplitMix64, the generator behind every random choice of a run: start weights and data order.
 *
 * <p>It is written out here, in place of a generator of the JDK, because a seed promises the same
 * bits on every Java release, and only a fixed algorithm can keep that promise. Source: Steele,
 * Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, figures 16 and 17.
 */
public final class SplitMix64 {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  /**
   * Creates a generator whose stream is a function of {@code seed} alone.
   *
   * @param seed any number
   */
  public SplitMix64(long seed) {
    state = seed;
  }

  /**
   * Creates the generator of one purpose within a seeded run. Streams of different {@code purpose}
   * or {@code index} are independent for all practical ends.
   *
   * @param seed any number
   * @param purpose what the generator is for, a number of its own each
   * @param index which of the generators for it
   * @return the generator
   */
  public static SplitMix64 stream(long seed, long purpose, long index) {
    return new SplitMix64(mix(mix(seed + GOLDEN_GAMMA) ^ mix(purpose * GOLDEN_GAMMA + index)));
  }

  /** {@return the next 64 random bits} */
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** {@return a double in [0, 1) with 53 random bits} */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /**
   * {@return an integer in [0, bound), without bias worth the name (2^-32 at most)}
   *
   * @param bound at least 1
   * @throws IllegalArgumentException if {@code bound} is not positive
   */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("nextInt: bound must be positive, found " + bound);
    }
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** {@return a draw of the standard normal distribution (Box and Muller 1958, cosine branch)} */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * StrictMath.PI * nextDouble());
  }

  /**
   * {@return a state that depends on every bit of another and of a value: a hash of many values}
   *
   * @param state what was combined so far
   * @param value what is added to it
   */
  public static long combine(long state, long value) {
    return mix(mix(state + GOLDEN_GAMMA) ^ (value * GOLDEN_GAMMA));
  }

  private static long mix(long z) {
    long y = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long x = (y ^ (y >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
