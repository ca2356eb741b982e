package dev.lanewise.engine.backend;

import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.Optimizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an optimizer stands, but for its arrays: the updates done, and the step size if set. */
public final class Updates {
  private final Optimizer compiled;
  private Optimizer rule;
  private long done;
  private @Nullable Double learningRate;

  /**
   * Begins with the rule that the model was compiled with.
   *
   * @param compiled that rule
   */
  public Updates(Optimizer compiled) {
    this.compiled = compiled;
    rule = compiled;
  }

  /** {@return the rule, with the step size that was set} */
  public Optimizer rule() {
    return rule;
  }

  /** {@return the updates done} */
  public long done() {
    return done;
  }

  /** Counts one more. */
  public void advance() {
    done++;
  }

  /**
   * Goes on from where {@code parameters} stand.
   *
   * @param parameters weights, slots and updates so far
   */
  public void load(Parameters parameters) {
    done = parameters.iterations();
    learningRate = parameters.learningRate();
    rule = parameters.ruleOf(compiled);
  }

  /**
   * {@return weights and arrays with what is known here}
   *
   * @param values an array each of the model's, in its order
   * @param slots the optimizer's arrays
   */
  public Parameters with(List<float[]> values, List<Parameters.Slot> slots) {
    return new Parameters(values, slots, done, learningRate);
  }

  /** {@return the step size of the next update, as the float32 that it is} */
  public double learningRate() {
    return (float) rule.learningRate().at(done);
  }

  /**
   * Sets the step size of all updates that follow.
   *
   * @param rate the step size, above 0
   * @throws IllegalArgumentException if it is not positive, or a schedule gives it
   */
  public void setLearningRate(double rate) {
    requireConstant(compiled);
    ConstantLearningRate constant = new ConstantLearningRate((float) rate);
    learningRate = constant.learningRate();
    rule = compiled.withLearningRate(constant);
  }

  /**
   * Refuses an optimizer whose step size cannot be set.
   *
   * @param compiled the rule that the model was compiled with
   * @throws IllegalArgumentException naming the schedule that gives it
   */
  public static void requireConstant(Optimizer compiled) {
    if (!(compiled.learningRate() instanceof ConstantLearningRate)) {
      throw new IllegalArgumentException(
          "learning rate: "
              + compiled.learningRate().getClass().getSimpleName()
              + " gives it, so that no callback or state can set it; compile with a constant one");
    }
  }
}
