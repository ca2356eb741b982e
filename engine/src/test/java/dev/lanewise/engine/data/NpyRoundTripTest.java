package dev.lanewise.engine.data;

import dev.lanewise.engine.fuzz.RoundTrips;
import dev.lanewise.engine.tensor.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Arrays of any shape and any bits. */
class NpyRoundTripTest {
  private static final int MOST_RANK = 5;

  @Test
  void arraysAreTheSameBytesAgain() {
    RoundTrips.same(NpyRoundTripTest::written, NpyRoundTripTest::again);
  }

  private static byte[] written(Random random) {
    int[] sizes = random.ints(random.nextInt(1, MOST_RANK + 1), 1, 5).toArray();
    Shape shape = Shape.of(sizes);
    return Npy.write(shape, RoundTrips.floats(random, (int) shape.elementCount()));
  }

  private static byte[] again(byte[] file) {
    Npy array = Npy.of(file, "some.npy");
    return Npy.write(Shape.of(array.sizes()), array.floats());
  }
}
