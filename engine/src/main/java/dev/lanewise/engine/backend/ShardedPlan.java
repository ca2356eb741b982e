package dev.lanewise.engine.backend;

import java.lang.foreign.MemorySegment;

/**
 * A plan whose step falls into two halves, so that several processes can share the work of a batch:
 * each holds the same model, data and order, and
 *
 * <ol>
 *   <li>{@link #takeBatch takes} the epoch's next batch,
 *   <li>{@link #accumulate computes} gradients of some of the batch's shards, which is the work,
 *   <li>{@link #addGradients adds} them to the sum of the shards before, which others have computed
 *       and hand on; the last has the sum of all, which is {@link #setGradients set} everywhere, as
 *       are {@link #setResults the samples' results},
 *   <li>{@link #apply updates} its weights.
 * </ol>
 *
 * {@link #step} is the same for one process. Since the sum is one chain in the shards' order
 * wherever it is cut, the weights have the same bits however many processes there are.
 */
public interface ShardedPlan extends Plan {
  /** Floats of a sum are handed on in parts that begin at multiples of this, as the sum ends. */
  int GRAIN = 16;

  /**
   * Refuses a model whose shards cannot be computed apart.
   *
   * @throws IllegalArgumentException naming what in it needs the whole batch
   */
  void requireApart();

  /** {@return the floats of a sum of gradients: those of all weights, with their padding} */
  long gradientSize();

  /** {@return how many numbers a sample leaves for the sums of loss and metrics} */
  int numbersOfSample();

  /**
   * Takes the epoch's next batch, which is done once it is applied.
   *
   * @return how many shards it has
   * @throws IllegalStateException if the epoch has no batch left
   */
  int takeBatch();

  /** {@return the samples of the batch that has been taken} */
  int batchSamples();

  /**
   * Computes losses and gradients of some shards of the batch.
   *
   * @param first the first shard
   * @param end the one after the last; none need be between them
   * @throws IllegalArgumentException if the batch has no such shards
   * @throws IllegalStateException if no batch has been taken
   */
  void accumulate(int first, int end);

  /**
   * Adds the gradients of the shards that were accumulated to a part of the sum of those before.
   *
   * @param sum native floats; where the first shard is 0, it is only written
   * @param from which of the sum's floats is its first
   * @throws IllegalArgumentException if the part does not begin and end at multiples of {@link
   *     #GRAIN} within the sum
   */
  void addGradients(MemorySegment sum, long from);

  /**
   * Sets a part of the sum of all shards; otherwise as {@link #addGradients}.
   *
   * @param sum floats, as many as are set
   * @param from the first of them among all of the gradient's
   */
  void setGradients(MemorySegment sum, long from);

  /**
   * Copies what the samples of the shards that were accumulated have left to their places in an
   * array of all of the batch; leaves the others' as they are.
   *
   * @param all {@link #numbersOfSample} numbers a sample, and as many samples as a batch has
   */
  void readResults(double[] all);

  /**
   * Sets what all samples of the batch have left.
   *
   * @param all as {@link #readResults} gives them, for all samples
   */
  void setResults(double[] all);

  /**
   * Updates the weights by the sum that was set, and adds the results that were set to sums.
   *
   * @param totals takes the batch's losses and metrics
   * @throws IllegalStateException if no batch has been taken
   */
  void apply(Totals totals);
}
