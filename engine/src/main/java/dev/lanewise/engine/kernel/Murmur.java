package dev.lanewise.engine.kernel;

/**
 * The finalizer of MurmurHash3 (Appleby 2011), whose every output bit depends on every input bit.
 */
public final class Murmur {
  /** What neighbouring places are apart: 2^32 over the golden ratio. */
  public static final int GAMMA = 0x9E3779B9;

  /** The first and the last shift. */
  public static final int SHIFT_1 = 16;

  /** The first factor. */
  public static final int FACTOR_1 = 0x85EBCA6B;

  /** The shift between the factors. */
  public static final int SHIFT_2 = 13;

  /** The second factor. */
  public static final int FACTOR_2 = 0xC2B2AE35;

  /** What is left are 24 bits, which a float has room for. */
  public static final int UNUSED_BITS = 8;

  private Murmur() {}

  /** Returns 32 well mixed bits. */
  public static int mix(int bits) {
    int h = bits;
    h = (h ^ (h >>> SHIFT_1)) * FACTOR_1;
    h = (h ^ (h >>> SHIFT_2)) * FACTOR_2;
    return h ^ (h >>> SHIFT_1);
  }
}
