package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.ModelSpec;
import java.util.Map;

/**
 * How {@code fit} runs; Keras's names and defaults.
 *
 * @param epochs passes over the training data, at least 1
 * @param batchSize samples an update, at least 1
 * @param validationSplit the share of samples, taken from the end before any shuffling, that is
 *     held out and evaluated after each epoch; in [0, 1)
 * @param shuffle whether each epoch has its own order, a function of seed and epoch
 * @param seed the seed of that order
 * @param classWeights by how much the samples of a class count in training, and not in validation;
 *     classes that are not named count once
 */
public record FitOptions(
    int epochs,
    int batchSize,
    double validationSplit,
    boolean shuffle,
    long seed,
    Map<Integer, Double> classWeights) {
  /**
   * Validates the options.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public FitOptions {
    if (epochs < 1) {
      throw new IllegalArgumentException("fit: epochs must be at least 1, found " + epochs);
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("fit: batchSize must be at least 1, found " + batchSize);
    }
    if (!(validationSplit >= 0 && validationSplit < 1)) {
      throw new IllegalArgumentException(
          "fit: validationSplit must be in [0, 1), found " + validationSplit);
    }
    classWeights = Map.copyOf(classWeights);
    classWeights.forEach(
        (label, weight) -> {
          if (!Double.isFinite(weight)) {
            throw new IllegalArgumentException(
                "fit: class " + label + " must have a finite weight, found " + weight);
          }
        });
  }

  /** Creates options in which all classes count alike. */
  public FitOptions(int epochs, int batchSize, double validationSplit, boolean shuffle, long seed) {
    this(epochs, batchSize, validationSplit, shuffle, seed, Map.of());
  }

  /**
   * Returns Keras's defaults with this number of epochs: batches of 32, no validation, shuffled.
   */
  public static FitOptions epochs(int epochs) {
    return new FitOptions(epochs, 32, 0, true, 0);
  }

  /** Returns these options with another number of epochs. */
  public FitOptions withEpochs(int passes) {
    return new FitOptions(passes, batchSize, validationSplit, shuffle, seed, classWeights);
  }

  /** Returns these options with another batch size. */
  public FitOptions withBatchSize(int samples) {
    return new FitOptions(epochs, samples, validationSplit, shuffle, seed, classWeights);
  }

  /** Returns these options with another share held out. */
  public FitOptions withValidationSplit(double share) {
    return new FitOptions(epochs, batchSize, share, shuffle, seed, classWeights);
  }

  /** Returns these options with samples in their own order. */
  public FitOptions withoutShuffle() {
    return new FitOptions(epochs, batchSize, validationSplit, false, seed, classWeights);
  }

  /** Returns these options with another seed of the order. */
  public FitOptions withSeed(long other) {
    return new FitOptions(epochs, batchSize, validationSplit, shuffle, other, classWeights);
  }

  /** Returns these options with classes that count by these weights. */
  public FitOptions withClassWeights(Map<Integer, Double> weights) {
    return new FitOptions(epochs, batchSize, validationSplit, shuffle, seed, weights);
  }

  /**
   * Refuses class weights for a model whose output is a sequence, or that has several: of several
   * targets nobody says which class the sample is of.
   */
  void requireFit(ModelSpec model) {
    if (classWeights.isEmpty()) {
      return;
    }
    if (model.outputs().size() > 1) {
      throw new IllegalArgumentException(
          "fit: class weights are for one target a sample, the model has "
              + model.outputs().size()
              + " outputs; give sample weights, those of each output");
    }
    if (model.output().rank() > 1) {
      throw new IllegalArgumentException(
          "fit: class weights are for one target a sample, the model's output is "
              + model.output()
              + "; give sample weights, one a step");
    }
  }

  /**
   * Returns how many of {@code size} samples are trained on, by Keras's rule: floor(size * (1 -
   * validationSplit)); the others, at the end, are held out.
   *
   * @throws IllegalArgumentException if that leaves a side empty
   */
  public int trainingCount(int size) {
    int count = (int) Math.floor(size * (1 - validationSplit));
    if (count < 1 || (validationSplit > 0 && count == size)) {
      throw new IllegalArgumentException(
          "fit: validationSplit "
              + validationSplit
              + " of "
              + size
              + " samples leaves none to "
              + (count < 1 ? "train on" : "validate"));
    }
    return count;
  }

  /**
   * Returns how many batches, and so updates, an epoch of {@code size} samples has.
   *
   * @throws IllegalArgumentException if the split leaves a side empty
   */
  public int batchesAnEpoch(int size) {
    return Math.ceilDiv(trainingCount(size), batchSize);
  }
}
