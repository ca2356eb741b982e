package dev.lanewise.engine.train;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lowers the step size when a value has not got better for some epochs; Keras's {@code
 * ReduceLROnPlateau}.
 */
public final class ReduceLrOnPlateau implements Callback {
  private static final double LEAST_DELTA = 1e-4;

  private final Monitor monitor;
  private final Reduction reduction;
  private double best;
  private int waited;
  private int cooling;
  private @Nullable Training training;

  /**
   * How the step size is lowered; Keras's names and defaults.
   *
   * @param factor what it is multiplied by, above 0 and below 1
   * @param patience the epochs without improvement after which it is lowered; 0 is taken as 1
   * @param cooldown the epochs after that in which none counts as without improvement
   * @param minimum what it is not lowered below, at least 0
   */
  public record Reduction(double factor, int patience, int cooldown, double minimum) {
    /**
     * Validates the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public Reduction {
      require(factor > 0 && factor < 1, "factor must be above 0 and below 1, found " + factor);
      require(patience >= 0, "patience must be at least 0, found " + patience);
      require(cooldown >= 0, "cooldown must be at least 0, found " + cooldown);
      require(
          minimum >= 0 && Double.isFinite(minimum),
          "minimum must be at least 0 and finite, found " + minimum);
    }

    private static void require(boolean condition, String message) {
      if (!condition) {
        throw new IllegalArgumentException("ReduceLROnPlateau: " + message);
      }
    }

    /** {@return Keras's defaults: to a tenth, after 10 epochs, at once again, and to nothing} */
    public static Reduction withDefaults() {
      return new Reduction(0.1, 10, 0, 0);
    }

    /**
     * {@return this with another patience}
     *
     * @param epochs how many without an improvement are waited for, at least 0
     */
    public Reduction withPatience(int epochs) {
      return new Reduction(factor, epochs, cooldown, minimum);
    }

    /**
     * {@return this with another factor}
     *
     * @param share what the step size is multiplied by: below 1
     */
    public Reduction withFactor(double share) {
      return new Reduction(share, patience, cooldown, minimum);
    }
  }

  /**
   * Creates the callback.
   *
   * @param monitor what is watched
   * @param reduction when the step size falls, by how much and how far
   */
  public ReduceLrOnPlateau(Monitor monitor, Reduction reduction) {
    this.monitor = monitor;
    this.reduction = reduction;
  }

  /**
   * {@return a monitor with Keras's automatic mode and this callback's least difference, 1e-4}
   *
   * @param name a value of the epoch's logs, such as {@code val_loss}
   */
  public static Monitor monitor(String name) {
    return new Monitor(name, Monitor.of(name).mode(), LEAST_DELTA);
  }

  @Override
  public int batchesAhead() {
    return Integer.MAX_VALUE; // nothing to see within an epoch
  }

  @Override
  public boolean setsLearningRate() {
    return true;
  }

  @Override
  public void onTrainBegin(Training running) {
    training = running;
    best = Double.NaN;
    waited = 0;
    cooling = 0;
  }

  /** {@inheritDoc} The step size is in the optimizer's state, the best value in the history. */
  @Override
  public void onResume(History history, List<float[]> state) {
    for (int i = 0; i < history.epoch().size(); i++) {
      take(monitor.valueIn(history.logs(i)));
    }
    waited = (int) state.getFirst()[0];
    cooling = (int) state.getFirst()[1];
  }

  @Override
  public List<float[]> state() {
    return List.of(new float[] {waited, cooling});
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
    if (cooling > 0) {
      cooling--;
      waited = 0;
    }
    if (take(monitor.valueIn(logs))) {
      waited = 0;
    } else if (cooling == 0 && ++waited >= reduction.patience) {
      lower(Objects.requireNonNull(training, "a fit has begun"));
    }
  }

  private boolean take(double value) {
    boolean better = monitor.isBetter(value, best);
    if (better) {
      best = value;
    }
    return better;
  }

  private void lower(Training running) {
    double rate = running.learningRate();
    double next = Math.max(rate * reduction.factor, reduction.minimum);
    if (rate > (float) reduction.minimum && (float) next > 0) { // not as low as it gets
      running.setLearningRate(next);
      cooling = reduction.cooldown;
      waited = 0;
    }
  }
}
