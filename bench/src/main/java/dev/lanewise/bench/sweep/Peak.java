package dev.lanewise.bench.sweep;

import dev.lanewise.bench.FmaPeakBenchmark;
import dev.lanewise.bench.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The peak of fused multiply-adds, measured for a few hundredths of a second when asked. */
final class Peak implements AutoCloseable {
  private static final long WARM_UP_NANOS = 1_000_000_000;
  private static final long NANOS = 30_000_000;
  private static final int CALLS = 100; // between two looks at the clock

  private final ExecutorService threads = Executors.newCachedThreadPool();

  Peak() {
    run(WARM_UP_NANOS);
  }

  /** Returns GFLOP/s, the sum over as many threads. */
  double gflops(int count) {
    List<Future<Double>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      running.add(threads.submit(() -> run(NANOS)));
    }
    double sum = 0;
    try {
      for (Future<Double> each : running) {
        sum += each.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the peak cannot be measured", e);
    }
    return sum;
  }

  private static double run(long nanos) {
    FmaPeakBenchmark peak = new FmaPeakBenchmark();
    Work work = new Work();
    float sink = 0;
    long begin = System.nanoTime();
    long now = begin;
    while (now - begin < nanos) {
      for (int i = 0; i < CALLS; i++) {
        sink += peak.fma(work);
      }
      now = System.nanoTime();
    }
    if (!Float.isFinite(sink)) {
      throw new IllegalStateException("wrong arithmetic");
    }
    return work.gflops / ((now - begin) * 1e-9);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
