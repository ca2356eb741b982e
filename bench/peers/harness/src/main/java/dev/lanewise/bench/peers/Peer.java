package dev.lanewise.bench.peers;

/**
 * A library with the founding benchmark's model in it, or with another {@link Cell} in that: 28
 * steps of 28 pixels, SimpleRNN(150, tanh), Dense(10, softmax), crossentropy, Adam (1e-3, 0.9,
 * 0.999, 1e-7).
 */
public interface Peer extends AutoCloseable {
  /** Samples of a batch. */
  int BATCH = 150;

  /** Values of a sample: 28 x 28 pixels, in [0, 1]. */
  int PIXELS = 784;

  /** Values of an answer. */
  int CLASSES = 10;

  /**
   * Trains on whole batches.
   *
   * @param digits the samples
   * @param order which of them, in this order; a multiple of {@link #BATCH}
   */
  void train(Digits digits, int[] order);

  /**
   * Answers.
   *
   * @param images samples one after the other, [count, 28, 28]
   * @param count how many
   * @param scores takes the probabilities, [count, 10]
   */
  void predict(float[] images, int count, float[] scores);

  @Override
  void close();
}
