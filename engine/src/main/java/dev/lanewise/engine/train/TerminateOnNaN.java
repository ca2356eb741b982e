package dev.lanewise.engine.train;

/**
 * Ends a fit quietly when a loss or a parameter is no number, where it would otherwise throw {@link
 * DivergedException}; Keras's {@code TerminateOnNaN}. The history has the epochs before, and {@link
 * #terminated} tells that it was so.
 */
public final class TerminateOnNaN implements Callback {
  private boolean terminated;

  /** Creates the callback. */
  public TerminateOnNaN() {}

  @Override
  public int batchesAhead() {
    return Integer.MAX_VALUE; // nothing to see within an epoch
  }

  @Override
  public void onTrainBegin(Training training) {
    terminated = false;
  }

  @Override
  public boolean onDivergence() {
    terminated = true;
    return true;
  }

  /** {@return whether the last fit ended so} */
  public boolean terminated() {
    return terminated;
  }
}
