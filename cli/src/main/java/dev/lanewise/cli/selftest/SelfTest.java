package dev.lanewise.cli.selftest;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Trains every kind of model for a few batches on a backend, twice, and on the CPU, and prints how
 * far they are apart: a table to send back, with the device's name above it.
 */
public final class SelfTest {
  /**
   * A relative error that sums in another order may have: of a loss and of weights after three
   * updates. A product of k terms errs by about sqrt(k) 2^-24, a gradient of 4,200 by 4e-6, and the
   * weights by less, since an update is a small part of them.
   */
  private static final double TOLERANCE = 1e-5;

  private static final String PATH = "lanewise.cuda.path";

  private final Backend backend;
  private final PrintStream out;

  /** Prepares the test of an available backend. */
  public SelfTest(Backend backend, PrintStream out) {
    this.backend = backend;
    this.out = out;
  }

  /** Runs it; returns whether everything agreed. */
  public boolean run() {
    Backend cpu = Backends.named("cpu");
    out.println("device: " + backend.probe().description());
    out.printf(
        Locale.ROOT,
        "%-24s %-9s %9s %9s %9s %-10s %s%n",
        "model",
        "kernels",
        "loss",
        "weights",
        "outputs",
        "two runs",
        "verdict");
    boolean good = true;
    for (TestCase test : TestCase.all()) {
      good &= compare(test, cpu);
    }
    out.println(
        good
            ? "all agree with the CPU within " + TOLERANCE + ", and two runs have the same bits"
            : "NOT everything agrees: please report this table");
    return good;
  }

  private boolean compare(TestCase test, Backend cpu) {
    String before = System.getProperty(PATH);
    if (test.general()) {
      System.setProperty(PATH, "general");
    }
    try {
      Outcome expected = Outcome.of(test, cpu);
      Outcome found = Outcome.of(test, backend);
      boolean same = found.sameBits(Outcome.of(test, backend));
      double worst =
          Math.max(
              found.lossError(expected),
              Math.max(found.weightError(expected), found.outputError(expected)));
      boolean good = same && worst <= TOLERANCE; // false where anything is no number
      out.printf(
          Locale.ROOT,
          "%-24s %-9s %9.1e %9.1e %9.1e %-10s %s%n",
          test.name(),
          backend.pathOf(test.spec()).replaceFirst(":.*", ""),
          found.lossError(expected),
          found.weightError(expected),
          found.outputError(expected),
          same ? "same bits" : "DIFFER",
          good ? "ok" : "FAILED");
      return good;
    } finally {
      if (before == null) {
        System.clearProperty(PATH);
      } else {
        System.setProperty(PATH, before);
      }
    }
  }
}
