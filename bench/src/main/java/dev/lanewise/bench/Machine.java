package dev.lanewise.bench;

/**
 * Where a benchmark runs, as {@code -p backend=} names it: {@code cpu} on one thread, {@code cpu:4}
 * on four, {@code cuda}.
 *
 * @param backend the backend's name
 * @param threads the CPU's threads, the caller among them; 0 of another backend
 */
record Machine(String backend, int threads) {
  private static final String CPU = "cpu";

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if there is no such
   */
  static Machine of(String name) {
    if (name.startsWith(CPU + ":") && name.substring(CPU.length() + 1).matches("[1-9]\\d{0,3}")) {
      return new Machine(CPU, Integer.parseInt(name.substring(CPU.length() + 1)));
    }
    if (name.contains(":")) {
      throw new IllegalArgumentException(
          "backend must be cpu, cpu:THREADS or another's name, found " + name);
    }
    return new Machine(name, name.equals(CPU) ? 1 : 0);
  }

  /** Returns the threads that a plan or predictor is asked to work with. */
  int planThreads() {
    return Math.max(1, threads);
  }
}
