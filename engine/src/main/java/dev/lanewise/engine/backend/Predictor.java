package dev.lanewise.engine.backend;

/**
 * A model compiled for answering: a frozen copy of its weights that any number of threads may use
 * at once. A sample's answer has the same bits whoever asks, and whatever else is asked with it.
 *
 * <p>Each sample begins with states of zero: no call leaves any, even where layers are stateful.
 *
 * <p>Calls take as many samples as their arrays hold. Once the JIT has done its work, a call
 * allocates nothing on the heap unless it has to wait for another.
 */
public interface Predictor extends AutoCloseable {
  /** {@return the off-heap bytes that it holds} */
  long bytes();

  /** {@return the values of one sample's input} */
  int inputSize();

  /** {@return the values of one sample's output} */
  int outputSize();

  /**
   * Computes outputs. Inputs are taken as they are: one that is NaN or infinite may make the answer
   * of its own sample NaN, and concerns no other sample and no later call.
   *
   * @param inputs samples one after the other, each row-major in the model's input shape
   * @param outputs takes the outputs, row-major, one sample after the other
   * @throws IllegalArgumentException if {@code inputs} is not whole samples, at least one, or
   *     {@code outputs} has another length than samples times {@link #outputSize}; or if layers are
   *     stateful and there are more samples than in one of their batches
   * @throws IllegalStateException if it is closed
   */
  void predict(float[] inputs, float[] outputs);

  /**
   * Computes outputs of inputs that are bytes, taken as 0 to 255 and divided by 255; otherwise as
   * the other.
   *
   * @param inputs samples one after the other, each row-major in the model's input shape
   * @param outputs takes the outputs, row-major, one sample after the other
   */
  void predict(byte[] inputs, float[] outputs);

  /**
   * {@return a new sequence that goes through the model step by step, to be closed before this
   * predictor} There may be thousands.
   *
   * @throws UnsupportedOperationException if a layer needs more than the steps so far, such as
   *     Bidirectional, or the backend has no streams
   * @throws IllegalStateException if it is closed
   */
  default Stream stream() {
    throw new UnsupportedOperationException(
        "stream: this backend answers whole sequences alone; take the CPU's");
  }

  /**
   * Frees all memory; closing again does nothing, and every other call is then an {@link
   * IllegalStateException}.
   *
   * @throws IllegalStateException if a call is running or a stream is open
   */
  @Override
  void close();
}
