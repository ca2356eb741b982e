package dev.lanewise.bench.peers;

import java.util.Arrays;

/**
 * A peer that is fed batch by batch from Java arrays. The pixels stay bytes up to here: a library
 * that can scale them itself does so faster than a loop in Java whose JVM has no C2, and 60,000
 * images as floats would add 180 MiB to its memory.
 */
public abstract class BatchPeer implements Peer {
  private final byte[] pixels = new byte[BATCH * PIXELS];
  private final float[] oneHot = new float[BATCH * CLASSES];
  private final int[] labels = new int[BATCH];

  /** For subclasses. */
  protected BatchPeer() {}

  @Override
  public final void train(Digits digits, int[] order) {
    for (int from = 0; from < order.length; from += BATCH) {
      Arrays.fill(oneHot, 0);
      for (int i = 0; i < BATCH; i++) {
        digits.copy(order[from + i], pixels, i * PIXELS);
        labels[i] = digits.label(order[from + i]);
        oneHot[i * CLASSES + labels[i]] = 1;
      }
      step(pixels, oneHot, labels);
    }
  }

  /**
   * Trains on one batch.
   *
   * @param images [150, 28, 28], each byte 255 times a value in [0, 1]; valid during the call
   * @param targets [150, 10], one-hot
   * @param classes the same as 150 class indices
   */
  protected abstract void step(byte[] images, float[] targets, int[] classes);
}
