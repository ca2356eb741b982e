package dev.lanewise.bench;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The machine's peak of single-precision arithmetic, the line every kernel is measured against.
 *
 * <p>Fused multiply-adds on registers only, no memory. The column {@code gflops} is GFLOP/s:
 *
 * <pre>
 *   2 * lanes * ACCUMULATORS * STEPS * calls / seconds / 1e9
 * </pre>
 *
 * <p>(a multiply and an add each count as one). On all threads the column is their sum.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class FmaPeakBenchmark {

  /** The width of the kernels beside it: a second one in the same JVM would slow down both. */
  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(
          float.class,
          VectorShape.forBitSize(
              Integer.getInteger(
                  "lanewise.vectorBits", FloatVector.SPECIES_PREFERRED.vectorBitSize())));

  /**
   * Two FMA units with a latency of 4 or 5 cycles need 8 to 10 independent chains to stay busy; 12
   * and the two operands still fit the 16 registers of AVX2, 16 and more would spill there.
   */
  private static final int ACCUMULATORS = 12;

  private static final int STEPS = 1000;

  /** Their product and its sums are exact. */
  private float left = 0.5f;

  private float right = 1.0f;

  /** Made by JMH, once a thread. */
  public FmaPeakBenchmark() {}

  /** A peak from wrong arithmetic would be no peak. */
  @Setup
  public void check() {
    float starts = ACCUMULATORS * (ACCUMULATORS + 1) / 2;
    float expected = starts + ACCUMULATORS * STEPS * left * right;
    float found = fma(new Work());
    if (found != expected) {
      throw new IllegalStateException("fma: expected " + expected + ", found " + found);
    }
  }

  /**
   * Twelve chains of {@code x = x + left * right}, on every processor. The chain runs through the
   * addend, as in a product of matrices: the instruction overwrites that operand, and a chain
   * through a factor would copy the addend each time.
   *
   * @param work where the operations are counted
   * @return lane 0 of the sum of all chains, so that none is dead code
   */
  @Benchmark
  @Threads(Threads.MAX)
  public float fmaOnAll(Work work) {
    return fma(work);
  }

  /**
   * The same on one.
   *
   * @param work where the operations are counted
   * @return lane 0 of the sum of all chains, so that none is dead code
   */
  @Benchmark
  public float fma(Work work) {
    FloatVector a = FloatVector.broadcast(SPECIES, left);
    FloatVector b = FloatVector.broadcast(SPECIES, right);
    FloatVector x0 = b;
    FloatVector x1 = b.add(1.0f);
    FloatVector x2 = b.add(2.0f);
    FloatVector x3 = b.add(3.0f);
    FloatVector x4 = b.add(4.0f);
    FloatVector x5 = b.add(5.0f);
    FloatVector x6 = b.add(6.0f);
    FloatVector x7 = b.add(7.0f);
    FloatVector x8 = b.add(8.0f);
    FloatVector x9 = b.add(9.0f);
    FloatVector x10 = b.add(10.0f);
    FloatVector x11 = b.add(11.0f);
    for (int step = 0; step < STEPS; step++) {
      x0 = a.fma(b, x0);
      x1 = a.fma(b, x1);
      x2 = a.fma(b, x2);
      x3 = a.fma(b, x3);
      x4 = a.fma(b, x4);
      x5 = a.fma(b, x5);
      x6 = a.fma(b, x6);
      x7 = a.fma(b, x7);
      x8 = a.fma(b, x8);
      x9 = a.fma(b, x9);
      x10 = a.fma(b, x10);
      x11 = a.fma(b, x11);
    }
    work.gflops += 2e-9 * SPECIES.length() * ACCUMULATORS * STEPS;
    FloatVector low = x0.add(x1).add(x2).add(x3).add(x4).add(x5);
    FloatVector high = x6.add(x7).add(x8).add(x9).add(x10).add(x11);
    return low.add(high).lane(0);
  }
}
