package dev.lanewise.engine.event;

import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Checkpoints;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.util.Map;
import jdk.jfr.FlightRecorder;

/** A small fit and some answers, in this JVM or in one of its own that may have no recorder. */
public final class WatchedRun {
  private static final int SAMPLES = 50;
  private static final int FEATURES = 3;

  private WatchedRun() {}

  public static void main(String[] args) {
    of(Path.of(args[0]));
    boolean there = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
    System.out.println("recorder " + (there ? FlightRecorder.isInitialized() : "none"));
  }

  private static Dataset data() {
    byte[] pixels = new byte[SAMPLES * 4 * FEATURES];
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 37);
    }
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i % 2;
    }
    return Dataset.ofBytes(Shape.of(4, FEATURES), pixels, labels, 2);
  }

  private static Model model() {
    return Model.sequential(Shape.of(4, FEATURES), SimpleRnn.of(5), Dense.of(2, Activation.SOFTMAX))
        .withThreads(1)
        .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  /** Two epochs of 4 batches, then answers of both kinds. */
  static History of(Path checkpoints) {
    CheckpointFolder saved = new CheckpointFolder(Storage.disk(), checkpoints);
    try (Model model = model()) {
      FitOptions options = FitOptions.epochs(2).withBatchSize(10).withValidationSplit(0.2);
      History history = model.fit(data(), options, new Checkpoints(saved, Map.of(), 3));
      model.predict(data().slice(0, 7), 7);
      try (Predictor predictor = model.predictor()) {
        predictor.predict(new float[2 * 4 * FEATURES], new float[2 * 2]);
      }
      return history;
    }
  }
}
