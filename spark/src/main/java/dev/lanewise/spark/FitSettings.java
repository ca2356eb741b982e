package dev.lanewise.spark;

import dev.lanewise.engine.train.FitOptions;
import java.io.Serializable;
import java.time.Duration;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How a fit runs, on its way to the executors. */
final class FitSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int epochs;
  private final int batchSize;
  private final double validationSplit;
  private final boolean shuffle;
  private final long seed;
  private final TreeMap<Integer, Double> classWeights;
  final int threads;
  final SparkFit.Exchange exchange;
  final Duration patience;
  final @Nullable CheckpointPlace checkpoints;

  FitSettings(
      FitOptions options,
      int threads,
      SparkFit.Exchange exchange,
      Duration patience,
      @Nullable CheckpointPlace checkpoints) {
    if (options.validationData().isPresent()) {
      throw new IllegalArgumentException(
          "Spark: executors validate with a share of the data; put the samples for it last, and use"
              + " withValidationSplit");
    }
    epochs = options.epochs();
    batchSize = options.batchSize();
    validationSplit = options.validationSplit();
    shuffle = options.shuffle();
    seed = options.seed();
    classWeights = new TreeMap<>(options.classWeights());
    this.threads = threads;
    this.exchange = exchange;
    this.patience = patience;
    this.checkpoints = checkpoints;
  }

  FitOptions options() {
    return new FitOptions(epochs, batchSize, validationSplit, shuffle, seed)
        .withClassWeights(classWeights);
  }
}
