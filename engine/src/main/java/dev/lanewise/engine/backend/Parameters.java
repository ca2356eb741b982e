package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy of what a plan learns: every parameter in Keras's order, row-major without padding, and
 * the optimizer's state.
 *
 * @param values one array a parameter
 * @param slots the optimizer's arrays, one slot a name of {@code Optimizer.slots} in their order;
 *     none mean those that it starts with
 * @param iterations the updates done so far
 * @param learningRate the step size that was set while training, absent if it is the optimizer's
 */
@SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
public record Parameters(
    List<float[]> values, List<Slot> slots, long iterations, @Nullable Double learningRate) {
  /**
   * What an optimizer keeps for every parameter that is trained, under one name.
   *
   * @param name the optimizer's name of it, for example {@code adam/velocity}
   * @param values one array a parameter that is trained, in Keras's order
   */
  public record Slot(String name, List<float[]> values) {
    /** Makes the list unmodifiable; the arrays are shared. */
    public Slot {
      values = List.copyOf(values);
    }
  }

  /** Makes the lists unmodifiable; the arrays are shared. */
  public Parameters {
    values = List.copyOf(values);
    slots = List.copyOf(slots);
  }

  /**
   * Returns parameters and state without a step size of their own.
   *
   * @param values an array each of the model's, in its order
   * @param slots the optimizer's state; none of a model that was not trained
   * @param iterations the updates so far
   */
  public Parameters(List<float[]> values, List<Slot> slots, long iterations) {
    this(values, slots, iterations, null);
  }

  /**
   * {@return other parameters with the same optimizer's state}
   *
   * @param others an array each of the model's, in its order
   */
  public Parameters withValues(List<float[]> others) {
    return new Parameters(others, slots, iterations, learningRate);
  }

  /**
   * {@return the rule that training goes on by: with the step size that was set, if one was}
   *
   * @param compiled the rule that the model was compiled with
   */
  public Optimizer ruleOf(Optimizer compiled) {
    return learningRate == null
        ? compiled
        : compiled.withLearningRate(new ConstantLearningRate(learningRate));
  }

  /**
   * Holds these values against the model that they are for.
   *
   * @param spec the model
   * @throws IllegalArgumentException naming what differs: the number of arrays, the slots, the
   *     length of an array, or a step size where a schedule gives it
   */
  public void requireFit(ModelSpec spec) {
    requireArrays("parameters", values, spec.parameters());
    if (!slots.isEmpty() && !hasSlotsOf(spec.optimizer())) {
      throw new IllegalArgumentException(
          "optimizer state: the optimizer keeps "
              + spec.optimizer().slots()
              + ", found "
              + slotNames()
              + "; give weights alone to begin afresh");
    }
    for (Slot slot : slots) {
      requireArrays("optimizer state " + slot.name(), slot.values(), spec.trainableParameters());
    }
    if (learningRate != null) {
      Updates.requireConstant(spec.optimizer());
    }
  }

  /**
   * {@return whether the optimizer's state is of this rule: its slots by name, in order}
   *
   * @param optimizer the rule
   */
  public boolean hasSlotsOf(Optimizer optimizer) {
    return slotNames().equals(optimizer.slots());
  }

  private List<String> slotNames() {
    return slots.stream().map(Slot::name).toList();
  }

  private static void requireArrays(
      String what, List<float[]> arrays, List<ParameterSpec> expected) {
    if (arrays.size() != expected.size()) {
      throw new IllegalArgumentException(
          what + ": the model has " + expected.size() + " arrays, found " + arrays.size());
    }
    for (int i = 0; i < arrays.size(); i++) {
      ParameterSpec parameter = expected.get(i);
      if (arrays.get(i).length != parameter.shape().elementCount()) {
        throw new IllegalArgumentException(
            what
                + ": "
                + parameter.name()
                + " is "
                + parameter.shape()
                + ", found "
                + arrays.get(i).length
                + " values");
      }
    }
  }

  /**
   * {@return these with every weight that is trained at its running mean, as the end of a fit sets
   * them; as they are where no means are kept, or nothing was updated}
   *
   * @param spec the model
   */
  public Parameters averaged(ModelSpec spec) {
    if (!spec.optimizer().average().kept() || slots.isEmpty() || iterations == 0) {
      return this;
    }
    Iterator<float[]> means = slots.getLast().values().iterator();
    List<float[]> others = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      others.add(spec.parameters().get(i).trainable() ? means.next() : values.get(i));
    }
    return withValues(others);
  }

  /** {@return the first array with a value that is NaN or infinite, or -1 if all are finite} */
  public int firstNotFinite() {
    for (int i = 0; i < values.size(); i++) {
      for (float value : values.get(i)) {
        if (!Float.isFinite(value)) {
          return i;
        }
      }
    }
    return -1;
  }

  /**
   * {@return start values: no optimizer state, no updates}
   *
   * @param values an array each of the model's, in its order
   */
  public static Parameters initial(List<float[]> values) {
    return new Parameters(values, List.of(), 0);
  }
}
