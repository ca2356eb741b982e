package dev.lanewise.engine.kernel;

/** Some of a matrix's rows at a time: their product, and what is made of it while it is at hand. */
@FunctionalInterface
public interface Strip {
  /** Goes over rows {@code first} to {@code first + count - 1}. */
  void rows(int first, int count);
}
