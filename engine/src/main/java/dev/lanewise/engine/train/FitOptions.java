package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import java.util.Map;
import java.util.Optional;

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
 * @param truncatedBackprop the steps of the windows that long sequences are cut into; 0 for whole
 *     sequences. See {@link #withTruncatedBackprop}
 * @param validationData what is evaluated after each epoch, if it is no share of the samples
 */
public record FitOptions(
    int epochs,
    int batchSize,
    double validationSplit,
    boolean shuffle,
    long seed,
    Map<Integer, Double> classWeights,
    int truncatedBackprop,
    Optional<Dataset> validationData) {
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
    if (truncatedBackprop < 0) {
      throw new IllegalArgumentException(
          "fit: truncatedBackprop must be at least 1 step, or 0 for whole sequences, found "
              + truncatedBackprop);
    }
    if (validationSplit > 0 && validationData.isPresent()) {
      throw new IllegalArgumentException(
          "fit: give a validationSplit or validationData, found "
              + validationSplit
              + " and "
              + validationData.get());
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

  /**
   * Creates options in which all classes count alike.
   *
   * @param epochs passes over the data, at least 1
   * @param batchSize samples an update, at least 1
   * @param validationSplit the share of samples, the last, that is held out: at least 0, below 1
   * @param shuffle whether each epoch has an order of its own
   * @param seed what that order is a function of, with the epoch
   */
  public FitOptions(int epochs, int batchSize, double validationSplit, boolean shuffle, long seed) {
    this(epochs, batchSize, validationSplit, shuffle, seed, Map.of(), 0, Optional.empty());
  }

  /**
   * {@return Keras's defaults with this number of epochs: batches of 32, no validation, shuffled}
   *
   * @param epochs passes over the data, at least 1
   */
  public static FitOptions epochs(int epochs) {
    return new FitOptions(epochs, 32, 0, true, 0);
  }

  /**
   * {@return these options with another number of epochs}
   *
   * @param passes over the data, at least 1
   */
  public FitOptions withEpochs(int passes) {
    return new FitOptions(
        passes,
        batchSize,
        validationSplit,
        shuffle,
        seed,
        classWeights,
        truncatedBackprop,
        validationData);
  }

  /**
   * {@return these options with another batch size}
   *
   * @param samples an update, at least 1
   */
  public FitOptions withBatchSize(int samples) {
    return new FitOptions(
        epochs,
        samples,
        validationSplit,
        shuffle,
        seed,
        classWeights,
        truncatedBackprop,
        validationData);
  }

  /**
   * {@return these options with another share held out, and no samples of their own for it}
   *
   * @param share of samples, the last: at least 0, below 1
   */
  public FitOptions withValidationSplit(double share) {
    return new FitOptions(
        epochs, batchSize, share, shuffle, seed, classWeights, truncatedBackprop, Optional.empty());
  }

  /**
   * {@return these options with samples of their own to evaluate after each epoch, in place of a
   * share of those that are trained on}
   *
   * @param data samples with targets, of the shape of those that are trained on; their weights
   *     count, classes' do not
   */
  public FitOptions withValidationData(Dataset data) {
    return new FitOptions(
        epochs, batchSize, 0, shuffle, seed, classWeights, truncatedBackprop, Optional.of(data));
  }

  /** {@return these options with samples in their own order} */
  public FitOptions withoutShuffle() {
    return new FitOptions(
        epochs,
        batchSize,
        validationSplit,
        false,
        seed,
        classWeights,
        truncatedBackprop,
        validationData);
  }

  /**
   * {@return these options with another seed of the order}
   *
   * @param other what the order is a function of, with the epoch
   */
  public FitOptions withSeed(long other) {
    return new FitOptions(
        epochs,
        batchSize,
        validationSplit,
        shuffle,
        other,
        classWeights,
        truncatedBackprop,
        validationData);
  }

  /**
   * {@return these options with classes that count by these weights}
   *
   * @param weights by how much a sample of a class counts
   */
  public FitOptions withClassWeights(Map<Integer, Double> weights) {
    return new FitOptions(
        epochs,
        batchSize,
        validationSplit,
        shuffle,
        seed,
        weights,
        truncatedBackprop,
        validationData);
  }

  /**
   * {@return these options with truncated backpropagation through time} A batch's sequences go
   * through in windows of so many steps, the last having what is left. Each window is a step of
   * training by its own steps' targets, and begins with the states that the one before has left;
   * gradients end with the window, and so does the memory that a fit takes. Every sequence begins
   * with states of zero, in validation too, which judges whole sequences.
   *
   * <p>It is for models with an answer for each step in which no step needs later ones. An update
   * is one window's, so that schedules count these.
   *
   * @param steps the steps of a window, at least 1
   */
  public FitOptions withTruncatedBackprop(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "fit: truncatedBackprop must be at least 1 step, found " + steps);
    }
    return new FitOptions(
        epochs, batchSize, validationSplit, shuffle, seed, classWeights, steps, validationData);
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
   * {@return how many of {@code size} samples are trained on, by Keras's rule: floor(size * (1 -
   * validationSplit)); the others, at the end, are held out}
   *
   * @param size how many samples there are
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
   * {@return how many updates an epoch has: one a batch, or a window of its sequences}
   *
   * @param size the samples
   * @param steps of a sequence; not looked at where sequences are whole
   * @throws IllegalArgumentException if the split leaves a side empty
   */
  public int updatesAnEpoch(int size, int steps) {
    int windows = truncatedBackprop == 0 ? 1 : Math.ceilDiv(steps, truncatedBackprop);
    return Math.multiplyExact(Math.ceilDiv(trainingCount(size), batchSize), windows);
  }
}
