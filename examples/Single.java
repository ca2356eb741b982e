import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.*;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.*;

/** Learns to say the next value of a sine wave, then goes on with its own answers. */
class Single {
  static void main() {
    int steps = 20;
    int count = 500;
    float[] waves = new float[count * steps];
    float[] next = new float[count];
    for (int i = 0; i < count; i++) {
      for (int t = 0; t < steps; t++) {
        waves[i * steps + t] = (float) StrictMath.sin(0.3 * (i + t));
      }
      next[i] = (float) StrictMath.sin(0.3 * (i + steps));
    }
    Dataset data = Dataset.of(Shape.of(steps, 1), waves, next, 1);
    try (Model model = Model.sequential(Shape.of(steps, 1), Gru.of(16), Dense.of(1))) {
      model.compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
      model.fit(data, FitOptions.epochs(20).withBatchSize(25));
      double loss = model.evaluate(data, 25).loss();
      IO.println("mean squared error " + loss);
      if (!(loss < 0.01)) {
        throw new AssertionError("it has learned too little: " + loss);
      }
      try (Predictor predictor = model.predictor();
          Stream stream = predictor.stream()) {
        float[] value = new float[1];
        for (int t = 0; t < steps; t++) {
          stream.step(new float[] {waves[t]}, value);
        }
        for (int t = steps; t < steps + 10; t++) {
          IO.println("%6.2f, the wave itself %6.2f".formatted(value[0], StrictMath.sin(0.3 * t)));
          stream.step(value.clone(), value);
        }
      }
    }
  }
}
