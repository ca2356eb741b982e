package dev.lanewise.engine.backend.cpu.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SinesTest {
  /** Both round a few times near one. */
  private static final double TOLERANCE = 4e-16;

  private static void agrees(double angle) {
    assertThat(Sines.sin(angle))
        .as("sin " + angle)
        .isCloseTo(StrictMath.sin(angle), offset(TOLERANCE));
    assertThat(Sines.cos(angle))
        .as("cos " + angle)
        .isCloseTo(StrictMath.cos(angle), offset(TOLERANCE));
  }

  @Test
  void agreesWithStrictMathAtEverySize() {
    Random random = new Random(1);
    for (int exponent = -40; exponent < 40; exponent++) {
      for (int i = 0; i < 500; i++) {
        agrees((float) ((random.nextDouble() * 2 - 1) * Math.scalb(1.0, exponent)));
      }
    }
  }

  @Test
  void agreesAtQuarterTurnsAndBetweenThem() {
    for (int eighths = -100; eighths <= 100; eighths++) {
      double angle = eighths * Math.PI / 4;
      agrees(angle);
      agrees(Math.nextUp(angle));
      agrees(Math.nextDown(angle));
    }
  }

  @Test
  void whatIsNoNumberHasNoSine() {
    assertThat(Sines.sin(Double.NaN)).isNaN();
    assertThat(Sines.cos(Double.POSITIVE_INFINITY)).isNaN();
  }
}
