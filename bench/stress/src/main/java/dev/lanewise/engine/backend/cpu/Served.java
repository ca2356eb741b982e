package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.Arrays;

/** A predictor that any number of threads may ask, and what it answers one that is alone. */
final class Served {
  static final int ANSWERS = 2;
  private static final float[] INPUT = {0.5f, -1, 2, 0.25f, 1, -0.5f};
  private static final float[] OTHER = {1, 1, -2, 0.5f, 0.125f, 3};

  private final Predictor predictor;
  private final float[] expected = new float[ANSWERS];
  private final float[] expectedOther = new float[ANSWERS];

  Served() {
    try (Model model =
        Model.sequential(Shape.of(3, 2), Gru.of(4), Dense.of(ANSWERS))
            .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      predictor = model.predictor();
    }
    predictor.predict(INPUT, expected);
    predictor.predict(OTHER, expectedOther);
  }

  /** Returns 1 if an answer has the bits of one that was given alone. */
  int answers(boolean other) {
    float[] found = new float[ANSWERS];
    predictor.predict(other ? OTHER : INPUT, found);
    return Arrays.equals(found, other ? expectedOther : expected) ? 1 : 0;
  }

  /** The same by a stream and a fork of it, which are opened and closed on the way. */
  int streams(boolean other) {
    float[] input = other ? OTHER : INPUT;
    float[] found = new float[ANSWERS];
    try (Stream stream = predictor.stream()) {
      stream.step(Arrays.copyOf(input, 2), found);
      try (Stream fork = stream.fork()) {
        fork.step(Arrays.copyOfRange(input, 2, 4), found);
        stream.step(Arrays.copyOfRange(OTHER, 0, 2), found); // which the fork has no part in
        fork.step(Arrays.copyOfRange(input, 4, 6), found);
      }
    }
    return Arrays.equals(found, other ? expectedOther : expected) ? 1 : 0;
  }
}
