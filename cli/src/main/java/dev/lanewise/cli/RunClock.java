package dev.lanewise.cli;

import java.time.Instant;

/** Time since the first JVM of the run began, a launcher that started this one included. */
final class RunClock {
  private static final String STARTED = "lanewise.started";

  private RunClock() {}

  /** Returns seconds since the run's start, to about 10 ms, the resolution of a process's start. */
  static double seconds() {
    return (System.currentTimeMillis() - startMillis()) * 1e-3;
  }

  private static long startMillis() {
    Long launcher = Long.getLong(STARTED);
    if (launcher != null) {
      return launcher;
    }
    // The process table is asked and not the JVM's management bean, whose loading takes longer than
    // asking.
    Instant start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    return start.toEpochMilli();
  }
}
