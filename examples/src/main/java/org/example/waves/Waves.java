package org.example.waves;

import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Random;

/** Tells slow, middling and fast waves apart: trains an LSTM, saves it, loads it and asks it. */
public final class Waves {
  private static final int STEPS = 24;
  private static final int KINDS = 3;
  private static final int BATCH = 30;

  private Waves() {}

  /**
   * Runs the example.
   *
   * @param args the file to save the model in, as Keras 3 reads it
   * @throws IOException if its folder cannot be made
   */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args.length > 0 ? args[0] : "target/waves.keras");
    Files.createDirectories(file.toAbsolutePath().getParent());
    Dataset test = waves(300, 2);
    float[] before = train(waves(900, 1), test, file);
    try (Model loaded = KerasFile.read(file).toModel();
        Predictor predictor = loaded.predictor()) {
      float[] after = new float[before.length];
      predictor.predict(test.floatFeatures(), after);
      if (!Arrays.equals(before, after)) {
        throw new AssertionError("the loaded model answers otherwise than the trained one");
      }
      System.out.println("loaded, it gives the same " + after.length + " numbers, bit for bit");
      float[] first = Arrays.copyOf(after, KINDS);
      System.out.println("the first wave is slow, middling, fast with " + Arrays.toString(first));
    }
  }

  /** Trains and saves a model, and returns its answers to the test set, [samples, KINDS]. */
  private static float[] train(Dataset train, Dataset test, Path file) {
    try (Model model =
        Model.sequential(Shape.of(STEPS, 1), Lstm.of(16), Dense.of(KINDS, Activation.SOFTMAX))) {
      model.withSeed(7);
      model.compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
      model.fit(train, FitOptions.epochs(5).withBatchSize(BATCH));
      double accuracy = model.evaluate(test, BATCH).accuracy();
      System.out.println("test accuracy " + accuracy);
      if (accuracy < 0.9) {
        throw new AssertionError("it has learned too little: accuracy " + accuracy);
      }
      KerasFile.write(SavedModel.of(model, LocalDateTime.now()), file);
      return model.predict(test, BATCH);
    }
  }

  /** Noisy sine waves that begin anywhere; a kind is twice as fast as the one before. */
  private static Dataset waves(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count * STEPS];
    int[] kinds = new int[count];
    for (int i = 0; i < count; i++) {
      kinds[i] = random.nextInt(KINDS);
      double phase = random.nextDouble() * 2 * Math.PI;
      for (int t = 0; t < STEPS; t++) {
        double angle = phase + 0.4 * t * (1 << kinds[i]);
        values[i * STEPS + t] = (float) (StrictMath.sin(angle) + 0.1 * random.nextGaussian());
      }
    }
    return Dataset.of(Shape.of(STEPS, 1), values, kinds, KINDS);
  }
}
