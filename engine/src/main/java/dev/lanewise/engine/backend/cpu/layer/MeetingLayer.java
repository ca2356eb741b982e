package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;

/**
 * A layer whose rows, in training, cannot go on before something is known of the whole batch: its
 * shards meet at it, on the way forward and on the way back. Every shard then keeps a room of its
 * own until the batch is done.
 */
public interface MeetingLayer extends CpuLayer {
  /** Returns whether it is so in this model. */
  boolean meets();

  /** Puts together what the first {@code shards} have measured of their inputs. */
  void meet(int shards);

  /** Puts together what the first {@code shards} have measured of the gradients by the outputs. */
  void meetBack(int shards);

  /** What such a layer does to a shard before a meeting. */
  interface Run extends LayerRun {
    /** Measures the inputs, which are there. */
    void measure(Pass pass);

    /** Measures the gradients by the outputs, which are there. */
    void measureBack(Pass pass);
  }
}
