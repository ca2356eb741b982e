package dev.lanewise.engine.backend;

import dev.lanewise.engine.data.Dataset;
import java.util.List;

/**
 * A model compiled for one machine, with all its memory: parameters, optimizer state, activations
 * and gradients stay where the plan put them, and only data, orders and sums cross this seam. One
 * thread at a time may call a plan: a call during another's, closing among them, is an {@link
 * IllegalStateException}, and so is every call but closing once it is closed.
 */
public interface Plan extends AutoCloseable {
  /** {@return the bytes that the plan holds} */
  long bytes();

  /**
   * Sets parameters and optimizer state.
   *
   * @param parameters a weight array each of the model, and the optimizer's state
   * @throws IllegalArgumentException if counts or lengths differ from the model's
   */
  void load(Parameters parameters);

  /** {@return a copy of parameters and optimizer state} */
  Parameters snapshot();

  /** {@return the step size of the next update} */
  double learningRate();

  /**
   * Sets the step size of the updates that follow; {@link #snapshot} has it, rounded to float32.
   *
   * @param rate the step size, above 0
   * @throws IllegalArgumentException if it is not positive, or the optimizer has a schedule of them
   */
  void setLearningRate(double rate);

  /**
   * {@return copies of the states that layers keep from batch to batch, layer by layer, a row for
   * each place in a batch; none of a model whose layers keep none}
   */
  default List<float[]> states() {
    return List.of();
  }

  /**
   * Sets the states that the next batch begins with.
   *
   * @param states the arrays that {@link #states} gives, in its order
   * @throws IllegalArgumentException if they are not as many as {@link #states} returns, or of
   *     other sizes
   */
  default void setStates(List<float[]> states) {
    if (!states.isEmpty()) {
      throw new IllegalArgumentException(
          "states: the model's layers keep none, found " + states.size());
    }
  }

  /**
   * {@return how many steps of training a batch takes: as many as there are windows that its
   * sequences are cut into} Each counts as one of the epoch's batches.
   */
  default int windows() {
    return 1;
  }

  /** Has the next batch begin with states of zero. */
  default void resetStates() {}

  /**
   * {@return the gradients of the last {@link #step}'s mean loss, after clipping if there is any,
   * one array a parameter that is trained, in Keras's order}
   */
  List<float[]> gradients();

  /**
   * Makes a data set the one to train on. What its arrays hold is not to be changed until another
   * is bound: a backend may have copied or measured it.
   *
   * @param training samples and targets that fit the model
   * @throws IllegalArgumentException if its shapes do not fit the model
   */
  void bind(Dataset training);

  /**
   * Begins an epoch.
   *
   * @param order the indices of the bound data set's samples in the order of training; it may leave
   *     samples out and name others several times
   * @param batchSize the samples of a batch, the last being smaller if they do not divide evenly
   * @throws IllegalArgumentException if the batch is larger than the plan's maximum, or the order
   *     names a sample that is not there
   */
  default void beginEpoch(int[] order, int batchSize) {
    beginEpoch(order, batchSize, 0);
  }

  /**
   * Begins an epoch some batches of which have been trained on already.
   *
   * @param order the samples in the order of training
   * @param batchSize samples at a time, at most the plan's
   * @param firstBatch the batches done, at most all of the epoch
   * @throws IllegalArgumentException if the batch is larger than the plan's maximum, the epoch has
   *     fewer batches, or the order names a sample that is not there
   */
  void beginEpoch(int[] order, int batchSize, int firstBatch);

  /**
   * Trains on the next batches of the epoch: forward, loss, backward, update.
   *
   * @param batches how many
   * @param totals takes the sums, which are of the predictions before each update
   * @throws IllegalStateException if the epoch has fewer batches left
   */
  void step(int batches, Totals totals);

  /**
   * Trains on the next batches of the epoch, each with sums of its own; otherwise as {@link
   * #step(int, Totals)}.
   *
   * @param batches how many
   * @param each the first of them take the batches' sums
   */
  default void step(int batches, Totals[] each) {
    for (int i = 0; i < batches; i++) {
      step(1, each[i]);
    }
  }

  /**
   * {@return how many batches are best asked for at once: more than one on a device that would be
   * idle while the host looks at each batch's sums}
   */
  default int batchesAtOnce() {
    return 1;
  }

  /**
   * Computes the loss and metrics of a data set without training.
   *
   * @param data the samples, in their order
   * @param batchSize the samples to take at a time; the result does not depend on it
   * @param totals takes the sums
   * @throws IllegalArgumentException if the data do not fit the model or {@code batchSize} is below
   *     1; one above the plan's maximum is taken in parts
   */
  void evaluate(Dataset data, int batchSize, Totals totals);

  /**
   * Computes outputs.
   *
   * @param data the samples; their targets are not looked at
   * @param batchSize the samples to take at a time; the result does not depend on it
   * @param outputs takes the outputs, row-major, one sample after the other
   * @throws IllegalArgumentException if the data do not fit the model, {@code batchSize} is below 1
   *     or {@code outputs} has another length than samples times output size
   */
  void predict(Dataset data, int batchSize, float[] outputs);

  /**
   * Frees all memory; closing again does nothing.
   *
   * @throws IllegalStateException if a call is running
   */
  @Override
  void close();
}
