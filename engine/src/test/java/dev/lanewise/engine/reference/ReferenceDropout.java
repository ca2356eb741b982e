package dev.lanewise.engine.reference;

import dev.lanewise.engine.kernel.Murmur;
import dev.lanewise.engine.random.SplitMix64;
import java.util.Arrays;
import java.util.List;

/** Dropout: nothing, unless a training pass was asked for. */
final class ReferenceDropout implements ReferenceLayer {
  private static final int BITS = 24;

  private final double rate;
  private final boolean sameAtAllSteps;
  private final boolean wholeRows;
  private boolean training;
  private boolean dropped;
  private long key;

  ReferenceDropout(double rate, boolean sameAtAllSteps, boolean wholeRows) {
    this.rate = rate;
    this.wholeRows = wholeRows;
    this.sameAtAllSteps = sameAtAllSteps;
  }

  @Override
  public void train(long seed, long update, int index) {
    training = true;
    key = SplitMix64.combine(SplitMix64.combine(seed, index), update);
  }

  @Override
  public void rest() {
    training = false;
  }

  @Override
  public Signal forward(Signal x) {
    dropped = training;
    return dropped ? x.map(this::dropped) : x;
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return dropped ? dy.map(this::dropped) : dy;
  }

  private double[] dropped(int position, int sample, double[] row) {
    long step = sameAtAllSteps ? 0 : position;
    int own = (int) SplitMix64.combine(SplitMix64.combine(key, sample), step);
    double[] mask = mask(own, rate, row.length);
    if (wholeRows) {
      Arrays.fill(mask, mask[0]);
    }
    return Products.ofElements(row, mask);
  }

  /** Returns the factors of a row: 0 for what is dropped, 1 / (1 - rate) for the rest. */
  static double[] mask(int own, double rate, int width) {
    double[] mask = new double[width];
    for (int i = 0; i < width; i++) {
      double draw = (double) (Murmur.mix(own + i * Murmur.GAMMA) >>> (Integer.SIZE - BITS));
      mask[i] = draw < rate * (1 << BITS) ? 0 : 1 / (1 - rate);
    }
    return mask;
  }
}
