package dev.lanewise.engine.train;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sets the step size as each epoch begins; Keras's {@code LearningRateScheduler}. */
public final class LearningRateScheduler implements Callback {
  /** Says what step size an epoch is to have. */
  @FunctionalInterface
  public interface Schedule {
    /**
     * {@return the step size of one epoch, a function of its arguments alone}
     *
     * @param epoch its number from 0
     * @param learningRate the step size so far
     */
    double of(int epoch, double learningRate);
  }

  private final Schedule schedule;
  private @Nullable Training training;

  /** The epochs that have been given their step size. */
  private int begun;

  /**
   * Creates the callback.
   *
   * @param schedule the step size of each epoch
   */
  public LearningRateScheduler(Schedule schedule) {
    this.schedule = schedule;
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
    begun = 0;
  }

  /** {@inheritDoc} An epoch that was interrupted has its step size already. */
  @Override
  public void onResume(History history, List<float[]> state) {
    begun = (int) state.getFirst()[0];
  }

  @Override
  public List<float[]> state() {
    return List.of(new float[] {begun});
  }

  @Override
  public void onEpochBegin(int epoch, int batches) {
    if (epoch >= begun) {
      Training running = Objects.requireNonNull(training, "a fit has begun");
      running.setLearningRate(schedule.of(epoch, running.learningRate()));
      begun = epoch + 1;
    }
  }
}
