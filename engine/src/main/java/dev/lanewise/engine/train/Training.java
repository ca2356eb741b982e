package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.Parameters;

/**
 * A running fit, as its callbacks see it. But for {@link #stop}, its methods are for the fit's own
 * thread while it runs, and throw {@link IllegalStateException} elsewhere and afterwards.
 */
public interface Training {
  /** Asks the fit to end after the epoch at hand; any thread may ask. */
  void stop();

  /** {@return a copy of the parameters and the optimizer's state as they are now} */
  Parameters parameters();

  /**
   * Sets the parameters; only when an epoch or the fit ends.
   *
   * @param parameters a weight array each of the model, and the optimizer's state
   * @throws IllegalArgumentException if they do not fit the model
   */
  void setParameters(Parameters parameters);

  /** {@return the step size of the next update, as the float32 that it is} */
  double learningRate();

  /**
   * Sets the step size of the updates that follow, those of later fits too; it is part of the
   * optimizer's state.
   *
   * @param rate the step size, above 0
   * @throws IllegalArgumentException if it is not positive, or the optimizer has a schedule of them
   */
  void setLearningRate(double rate);

  /**
   * {@return all that it takes to go on from here in another process; only when a batch ends, which
   * is when every callback has seen the same}
   *
   * @throws DivergedException if a parameter is NaN or infinite: nobody could go on from there. It
   *     ends the fit as a loss that is no number does
   */
  TrainingState state();
}
