package dev.lanewise.cli.train.setting;

import dev.lanewise.engine.optimizer.GradientClipping;
import org.jspecify.annotations.Nullable;

/** Sets of learning options that have been tried together; lower case, as they are typed. */
enum Recipe {
  /** The Keras notebook's own: Adam with a step size of 0.001 throughout. */
  notebook,

  /**
   * The step size rises over 100 updates and falls along a cosine to zero, and the norm of the
   * gradient is limited. Found on the validation samples of seeds 11 to 15.
   */
  tuned;

  /** Where a warm-up begins, as a share of the step size that it reaches. */
  static final double WARMUP_START = 0.1;

  /** Returns the highest step size, or null if it is the rule's own. */
  @Nullable Double learningRate() {
    return this == tuned ? 0.0025 : null;
  }

  OptimizerOptions.Schedule schedule() {
    return this == tuned ? OptimizerOptions.Schedule.cosine : OptimizerOptions.Schedule.constant;
  }

  int warmupSteps() {
    return this == tuned ? 100 : 0;
  }

  GradientClipping clipping() {
    return this == tuned ? GradientClipping.globalNorm(0.25) : GradientClipping.none();
  }
}
