package dev.lanewise.spark;

/** Where the time of a task's steps goes. */
final class StepTimes {
  private long steps;
  private long computing; // nanoseconds, as the others
  private long exchanging;
  private long applying;

  void add(long compute, long exchange, long apply) {
    steps++;
    computing += compute;
    exchanging += exchange;
    applying += apply;
  }

  long steps() {
    return steps;
  }

  /** Returns the seconds in all that gradients took. */
  double computing() {
    return computing * 1e-9;
  }

  /** Returns the seconds in all that the exchange took, waiting for slower tasks included. */
  double exchanging() {
    return exchanging * 1e-9;
  }

  /** Returns the seconds in all that updates took. */
  double applying() {
    return applying * 1e-9;
  }
}
