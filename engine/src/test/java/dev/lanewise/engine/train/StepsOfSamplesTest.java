package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A first layer that acts on each step of the samples themselves, along another axis. */
class StepsOfSamplesTest {
  private static final int ROWS = 3;
  private static final int COLUMNS = 4;
  private static final int PARTS = 5 * 2 * 2;

  static Stream<Layer> layers() {
    Layer once = new TimeDistributed(new Softmax(1));
    return Stream.of(once, new TimeDistributed(once));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void areInputsOfItsOwn(Layer layer) {
    boolean twice = layer instanceof TimeDistributed t && t.layer() instanceof TimeDistributed;
    Shape shape = twice ? Shape.of(2, 2, ROWS, COLUMNS) : Shape.of(4, ROWS, COLUMNS);
    SplitMix64 random = new SplitMix64(2);
    float[] x = new float[PARTS * ROWS * COLUMNS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    try (Model model =
        Model.sequential(shape, layer).compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      float[] y = model.predict(Dataset.of(shape, x, new float[5], 1), 4);
      for (int i = 0; i < x.length; i++) {
        int first = i / (ROWS * COLUMNS) * ROWS * COLUMNS + i % COLUMNS;
        double sum = 0;
        for (int r = 0; r < ROWS; r++) {
          sum += Math.exp(x[first + r * COLUMNS]);
        }
        assertThat((double) y[i]).isCloseTo(Math.exp(x[i]) / sum, within(1e-6));
      }
    }
  }
}
