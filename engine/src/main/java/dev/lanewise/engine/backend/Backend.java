package dev.lanewise.engine.backend;

import org.jspecify.annotations.Nullable;

/**
 * A kind of machine that models run on; found by {@link java.util.ServiceLoader}. Creating one
 * touches no driver, so that all can be listed anywhere.
 */
public interface Backend {
  /** {@return the name under which it is asked for, for example {@code cpu}} */
  String name();

  /** {@return whether it can run here, or the reason why not in one line} Never throws. */
  Probe probe();

  /**
   * {@return what of a model this backend has no kernels for, in one line that names layer and
   * option, or null if it can run it} Touches no driver.
   *
   * @param model what would be run
   */
  @SuppressWarnings("exports") // the annotation is for compilers alone
  default @Nullable String refusal(ModelSpec model) {
    return null;
  }

  /**
   * {@return how a model would be run here, and why so, in one line: for whoever wants to know what
   * is fast}
   *
   * @param model what would be run
   */
  default String pathOf(ModelSpec model) {
    return probe().description();
  }

  /**
   * Gets slow first-time work, such as a JIT's, done ahead of the first plan: worth calling while
   * data are being read. Changes no result; does nothing unless overridden.
   *
   * @throws UnsupportedOperationException if the backend is not available
   */
  default void warmUp() {}

  /**
   * Gets done, and kept for the process, what the first plan of a model has to wait for beside its
   * memory, such as a device's context and kernels that a driver compiles: what stands in the way
   * of running the model here shows now. Does nothing unless overridden.
   *
   * @param model what is to be run
   * @return how long what took, in one line; empty where there was nothing to do
   * @throws UnsupportedOperationException if the backend is not available
   * @throws DeviceFailureException if a device or its driver fails
   * @throws dev.lanewise.engine.tensor.InsufficientMemoryException if a device has too little
   *     memory left
   * @throws IllegalArgumentException if the model is refused
   */
  default String warmUp(ModelSpec model) {
    return "";
  }

  /**
   * Compiles a model for answering alone.
   *
   * @param model what to run
   * @param parameters its weights, which are copied; the optimizer's state is not looked at
   * @param threads the threads that work on one call with many samples, the caller's among them
   * @return the predictor, which the caller closes
   * @throws IllegalArgumentException if the parameters do not fit, or an option is not supported
   * @throws dev.lanewise.engine.tensor.InsufficientMemoryException if it does not fit, before
   *     anything is allocated
   * @throws UnsupportedOperationException if the backend is not available
   */
  Predictor predictor(ModelSpec model, Parameters parameters, int threads);

  /**
   * Compiles a model for answering alone, with weights of a precision; otherwise as the other.
   *
   * @param model what to run
   * @param parameters its weights, which are copied
   * @param threads how many may compute one call together, at least 1
   * @param precision how weights are kept
   * @return the predictor, which the caller closes
   * @throws IllegalArgumentException if the backend has no kernels for it
   */
  default Predictor predictor(
      ModelSpec model, Parameters parameters, int threads, Precision precision) {
    if (precision != Precision.FLOAT32) {
      throw new IllegalArgumentException(
          "backend "
              + name()
              + ": has no kernels of weights in "
              + precision
              + "; ask for FLOAT32, or take the backend cpu");
    }
    return predictor(model, parameters, threads);
  }

  /**
   * {@return whether a frozen model answers with the same bits as the one that is trained, for less
   * memory}
   */
  default boolean answersFrozen() {
    return false;
  }

  /**
   * Compiles a model into a plan, which allocates all its memory now.
   *
   * @param model what to run
   * @param options how to run it
   * @return the plan, which the caller closes
   * @throws IllegalArgumentException if the model or an option is not supported
   * @throws dev.lanewise.engine.tensor.InsufficientMemoryException if it does not fit, before
   *     anything is allocated
   * @throws UnsupportedOperationException if the backend is not available
   */
  Plan compile(ModelSpec model, PlanOptions options);
}
