package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.DataFit;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import java.util.Optional;

/**
 * What a fit works on.
 *
 * @param training what is trained on, classes counting as the options say
 * @param held what is evaluated after each epoch
 */
record FitData(Dataset training, Optional<Dataset> held) {
  /**
   * Splits and checks all of it before anything is trained.
   *
   * @throws IllegalArgumentException if samples, targets or batches are not the model's, or the
   *     split leaves a side empty
   */
  static FitData of(ModelSpec model, Dataset data, FitOptions options) {
    options.requireFit(model);
    DataFit.requireTargets(model, data);
    Dataset training = data.slice(0, options.trainingCount(data.size()));
    Optional<Dataset> held = options.validationData();
    if (held.isPresent()) {
      requireAlike(model, held.get());
    } else if (training.size() < data.size()) {
      held = Optional.of(data.slice(training.size(), data.size()));
    }
    DataFit.requireBatches(model, "fit", training.size(), options.batchSize());
    held.ifPresent(
        samples -> DataFit.requireBatches(model, "fit", samples.size(), options.batchSize()));
    boolean weighted = !options.classWeights().isEmpty();
    return new FitData(
        weighted ? training.withClassWeights(options.classWeights()) : training, held);
  }

  private static void requireAlike(ModelSpec model, Dataset held) {
    try {
      DataFit.requireTargets(model, held);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("fit: validationData do not fit: " + e.getMessage(), e);
    }
  }
}
