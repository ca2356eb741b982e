package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sine and cosine of angles of any size, beside the library's in double precision. */
@Tag("emulated")
class SinesTest {
  private static final int ANGLES = 4000;

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  /** All exponents, near multiples of quarter turns, and what has no sine. */
  private static float[] angles() {
    Random random = new Random(3);
    float[] angles = new float[ANGLES];
    for (int i = 0; i < ANGLES; i++) {
      int bits = random.nextInt(0x7f800000) | (i % 2 << 31);
      angles[i] =
          i % 3 == 0 ? Float.intBitsToFloat(bits) : (float) ((i - ANGLES / 2) * Math.PI / 4);
    }
    angles[0] = Float.NaN;
    angles[1] = Float.POSITIVE_INFINITY;
    angles[2] = Float.NEGATIVE_INFINITY;
    angles[3] = -0f;
    angles[4] = Float.MAX_VALUE;
    angles[5] = 0x1.6ac5b2p86f; // of all floats almost the nearest to a quarter turn's multiple
    return angles;
  }

  private static void agree(Function function, DoubleUnaryOperator expected) {
    float[] angles = angles();
    float[] found = new float[ANGLES];
    ModelSpec spec =
        new ModelSpec(
            Shape.of(1, ANGLES),
            List.of(new Elements(function)),
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1));
    try (Predictor predictor =
        new CudaBackend().predictor(spec, Parameters.initial(List.of()), 1)) {
      predictor.predict(angles, found);
    }
    for (int i = 0; i < ANGLES; i++) {
      float wanted = (float) expected.applyAsDouble(angles[i]);
      if (Float.isNaN(wanted)) {
        assertThat(found[i]).as("of %s", angles[i]).isNaN();
      } else {
        assertThat(found[i]).as("of %s", angles[i]).isCloseTo(wanted, offset(3 * Math.ulp(wanted)));
      }
    }
  }

  @Test
  void ofAnyAngle() {
    agree(Function.SIN, StrictMath::sin);
    agree(Function.COS, StrictMath::cos);
  }
}
