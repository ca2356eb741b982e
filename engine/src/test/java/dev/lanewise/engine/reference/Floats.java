package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** Float arrays held against double ones. */
public final class Floats {
  private Floats() {}

  /** Rounds to float32. */
  public static float[] of(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Every element within {@code tolerance} times the largest expected one (or 1e-2 if smaller). */
  public static void assertClose(String name, float[] found, double[] expected, double tolerance) {
    double scale = Math.max(1e-2, Arrays.stream(expected).map(Math::abs).max().orElse(0));
    assertThat(found).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      double error = Math.abs(found[i] - expected[i]) / scale;
      assertThat(error)
          .as("%s, index %d: %s against %s", name, i, found[i], expected[i])
          .isLessThan(tolerance);
    }
  }
}
