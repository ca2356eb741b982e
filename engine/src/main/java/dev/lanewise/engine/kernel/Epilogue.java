package dev.lanewise.engine.kernel;

/** What is done to a strip of a product's rows as soon as they are summed. */
@FunctionalInterface
public interface Epilogue {
  /**
   * Goes over rows {@code first} to {@code first + count - 1}, which are in the first cache still.
   */
  void rows(int first, int count);
}
