package dev.lanewise.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Things that seeds draw, written, read and written again: the bytes must be the same. {@code
 * -Dlanewise.test.trips=1000000 -Dlanewise.test.seed=1} draws others than every build does.
 */
public final class RoundTrips {
  private static final int TRIPS = Integer.getInteger("lanewise.test.trips", 300);
  private static final long SEED = Long.getLong("lanewise.test.seed", 0);

  private static final int INFINITE = 0x7F800000;
  private static final int FRACTION = 0x007FFFFF;
  private static final int QUIET = 0x00400000;

  private RoundTrips() {}

  /**
   * Draws and tries them.
   *
   * @param written draws a thing and returns its bytes
   * @param again reads bytes and returns what is written of that
   */
  public static void same(Function<Random, byte[]> written, UnaryOperator<byte[]> again) {
    for (long seed = SEED; seed < SEED + TRIPS; seed++) {
      byte[] first = written.apply(new Random(seed));
      assertThat(again.apply(first)).as("seed %d", seed).isEqualTo(first);
    }
  }

  /** Returns a text of up to 12 characters, some of them beyond ASCII or beyond 16 bits. */
  public static String text(Random random) {
    String alphabet = "abz09 ,;:\"'\\\n\t\0=#{}[]\u00e9\u4e2d\ud83d\ude00";
    int[] all = alphabet.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(13); left > 0; left--) {
      text.appendCodePoint(all[random.nextInt(all.length)]);
    }
    return text.toString();
  }

  /**
   * Returns a number of any size and sign, one in eight of them 0, -0 or at an end of the range.
   */
  public static double number(Random random) {
    double[] special = {
      0, -0.0, Double.MIN_VALUE, -Double.MAX_VALUE, Float.MIN_VALUE, Float.MAX_VALUE
    };
    return random.nextInt(8) == 0
        ? special[random.nextInt(special.length)]
        : random.nextGaussian() * Math.pow(10, random.nextInt(-30, 31));
  }

  /**
   * Returns floats of any bits, infinite ones and those of no number with them; but of the latter
   * none that signals: on x86 a conversion to double and back makes it quiet.
   */
  public static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      int bits = random.nextInt();
      boolean none = (bits & INFINITE) == INFINITE && (bits & FRACTION) != 0;
      values[i] = Float.intBitsToFloat(none ? bits | QUIET : bits);
    }
    return values;
  }
}
