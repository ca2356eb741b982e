package dev.lanewise.bench.peers;

import java.util.Arrays;

/** A peer that is fed batch by batch from Java arrays. */
public abstract class BatchPeer implements Peer {
  private final float[] images = new float[BATCH * PIXELS];
  private final float[] oneHot = new float[BATCH * CLASSES];
  private final int[] labels = new int[BATCH];

  /** For subclasses. */
  protected BatchPeer() {}

  @Override
  public final void train(Digits digits, int[] order) {
    for (int from = 0; from < order.length; from += BATCH) {
      Arrays.fill(oneHot, 0);
      for (int i = 0; i < BATCH; i++) {
        digits.copy(order[from + i], images, i * PIXELS);
        labels[i] = digits.label(order[from + i]);
        oneHot[i * CLASSES + labels[i]] = 1;
      }
      step(images, oneHot, labels);
    }
  }

  /**
   * Trains on one batch.
   *
   * @param batchImages [150, 28, 28], valid during the call
   * @param targets [150, 10], one-hot
   * @param classes the same as 150 class indices
   */
  protected abstract void step(float[] batchImages, float[] targets, int[] classes);
}
