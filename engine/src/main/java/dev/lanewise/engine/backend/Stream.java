package dev.lanewise.engine.backend;

/**
 * One sequence on its way through a model, step by step, with the state that recurrent layers keep
 * between the steps. After any number of steps the outputs have the bits that {@link
 * Predictor#predict(float[], float[])} would give for all these steps as one sequence: those of its
 * last step, where the model's output is a sequence.
 *
 * <p>A stream belongs to one thread at a time; streams of one predictor share its weights and never
 * wait for each other. Once the JIT has done its work, {@link #step} neither allocates, nor takes a
 * lock, nor calls the system.
 */
public interface Stream extends AutoCloseable {
  /** {@return the values of a step's input} */
  int inputSize();

  /** {@return the values of a step's output} */
  int outputSize();

  /**
   * Takes one step. Inputs are taken as they are: after one that is NaN or infinite the state may
   * be NaN, until {@link #reset} or {@link #restore}; no other stream is concerned.
   *
   * @param inputs the step's features, those of several inputs one after the other
   * @param outputs takes what the model answers after it, of several outputs likewise
   * @throws IllegalArgumentException if an array has another length
   * @throws IllegalStateException if it is closed, or another thread is at it
   */
  void step(float[] inputs, float[] outputs);

  /** Begins a new sequence: the state is zero, as before the first step. */
  void reset();

  /** {@return the values of the state} */
  int stateSize();

  /**
   * Copies the state out: layer by layer its h, behind it an LSTM's c; of a convolution the steps
   * that it will see again.
   *
   * @param values as many as {@link #stateSize}
   * @throws IllegalArgumentException if they are not
   */
  void state(float[] values);

  /**
   * Goes on from a state that {@link #state} gave, of this stream or another of the same model.
   *
   * @param values the array
   * @throws IllegalArgumentException if there are not {@link #stateSize} values
   */
  void restore(float[] values);

  /** {@return a new stream that goes on from this one's state, apart from it} */
  Stream fork();

  /**
   * Frees its memory; closing again does nothing, and every other call is then an {@link
   * IllegalStateException}.
   */
  @Override
  void close();
}
