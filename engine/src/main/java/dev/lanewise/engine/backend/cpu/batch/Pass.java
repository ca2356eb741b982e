package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.random.SplitMix64;
import java.util.Arrays;

/**
 * What is known of some rows on their way through a model and back: which they are, and what for.
 * One a worker, filled anew for each shard.
 */
public final class Pass {
  private final int[] places;
  private final int[] leads;
  private long seed;
  private int rows;
  private int shard;
  private int batchSize;
  private int call;
  private int calls = 1;
  private boolean training;
  private boolean begins;
  private long update;

  /**
   * Makes one.
   *
   * @param mostRows the most rows at a time
   * @param seed what decides all that is drawn
   */
  public Pass(int mostRows, long seed) {
    places = new int[mostRows];
    leads = new int[mostRows];
    this.seed = seed;
  }

  /** Begins a pass that only answers, of rows whose first {@code steps} steps are blank. */
  public void answer(int count, int steps) {
    rows = count;
    Arrays.fill(leads, 0, count, steps);
    training = false;
  }

  /** Begins a pass of one step of one sequence, its first or a later one. */
  public void step(boolean first) {
    answer(1, 0);
    begins = first;
  }

  /** Begins a pass of a batch's shard that goes forward alone. */
  public void evaluate(Batch batch, int firstRow, int count) {
    answer(count, batch.lead(firstRow));
    for (int r = 0; r < count; r++) {
      places[r] = batch.place(firstRow + r);
    }
  }

  /**
   * Begins a pass of a batch's shard that goes back as well.
   *
   * @param ofShard whose gradients the weights' are
   * @param ofUpdate the number of the update that the gradients are for, from 1
   */
  public void train(Batch batch, int firstRow, int count, int ofShard, long ofUpdate) {
    evaluate(batch, firstRow, count);
    training = true;
    batchSize = batch.size();
    shard = ofShard;
    update = ofUpdate;
  }

  /**
   * Goes with another pass, each of whose rows is so many here, one after another: what is drawn
   * for them differs.
   *
   * @param order the order in which they are gone through
   */
  public void steps(Pass whole, int steps, StepOrder order) {
    answer(whole.rows * steps, 0);
    seed = whole.seed;
    training = whole.training;
    shard = whole.shard;
    batchSize = whole.batchSize;
    update = whole.update;
    enter(whole.call, whole.calls);
    for (int r = 0; r < rows; r++) {
      leads[r] = order.lead(r);
      if (training) {
        places[r] = whole.places[order.row(r)] * steps + order.step(r);
      }
    }
  }

  public int rows() {
    return rows;
  }

  /** Returns where in its batch, as it came, a row is; of passes of a batch. */
  public int place(int row) {
    return places[row];
  }

  /**
   * Returns the steps at a row's beginning that are blank in it and in all rows behind it, 0 where
   * nobody asks.
   */
  public int lead(int row) {
    return leads[row];
  }

  /**
   * Says which call of its layer the node at hand is.
   *
   * @param ofCall from 0
   * @param ofCalls how many there are
   */
  public void enter(int ofCall, int ofCalls) {
    call = ofCall;
    calls = ofCalls;
  }

  /**
   * Returns which of the gradients of a layer's weights the node at hand leaves: those of the
   * shard, and of a layer that is called more than once those of the call.
   */
  public int shard() {
    return shard * calls + call;
  }

  /** Returns which shard of the batch the rows are, in training. */
  public int shardOfBatch() {
    return shard;
  }

  /** Returns how many samples the batch has, in training. */
  public int batchSize() {
    return batchSize;
  }

  /** Returns whether a step is its sequence's first, so that the state before it is zero. */
  public boolean begins() {
    return begins;
  }

  /** Returns whether the pass goes back, so that what drops values in training does. */
  public boolean training() {
    return training;
  }

  /**
   * Returns what decides what is drawn for a row: the seed, the layer, which call of it, the update
   * and its place in the batch.
   */
  public long key(int layer, int row) {
    long key = SplitMix64.combine(seed, layer);
    if (call > 0) {
      key = SplitMix64.combine(key, call);
    }
    return SplitMix64.combine(SplitMix64.combine(key, update), places[row]);
  }
}
