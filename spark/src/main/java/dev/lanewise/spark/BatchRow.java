package dev.lanewise.spark;

import dev.lanewise.engine.backend.ShardedPlan;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What tasks exchange of a batch: the sum of its gradients, and behind it what its samples leave
 * for the sums of loss and metrics.
 */
final class BatchRow implements AllReduce.Contribution {
  private final ShardedPlan plan;
  private final long gradientBytes;
  private double[] results = {};

  BatchRow(ShardedPlan plan) {
    this.plan = plan;
    gradientBytes = plan.gradientSize() * Float.BYTES;
  }

  /** Begins with the batch that the plan has taken, and its shards that were accumulated. */
  void begin() {
    int numbers = Math.multiplyExact(plan.batchSamples(), plan.numbersOfSample());
    if (results.length != numbers) {
      results = new double[numbers];
    }
  }

  @Override
  public long bytes() {
    return gradientBytes + (long) results.length * Double.BYTES;
  }

  @Override
  public void add(MemorySegment part, long from) {
    MemorySegment gradients = gradients(part, from);
    if (gradients.byteSize() > 0) {
      plan.addGradients(gradients, from / Float.BYTES);
    }
    MemorySegment rest = part.asSlice(gradients.byteSize());
    if (rest.byteSize() > 0) {
      int first = firstResult(from, gradients);
      readResults(rest, first);
      plan.readResults(results);
      int count = count(rest);
      MemorySegment.copy(results, first, rest, ValueLayout.JAVA_DOUBLE, 0, count);
    }
  }

  @Override
  public void take(MemorySegment part, long from) {
    MemorySegment gradients = gradients(part, from);
    if (gradients.byteSize() > 0) {
      plan.setGradients(gradients, from / Float.BYTES);
    }
    MemorySegment rest = part.asSlice(gradients.byteSize());
    if (rest.byteSize() > 0) {
      readResults(rest, firstResult(from, gradients));
    }
  }

  /** Has the plan know what all samples have left, after the whole row was taken. */
  void finish() {
    plan.setResults(results);
  }

  private void readResults(MemorySegment rest, int first) {
    MemorySegment.copy(rest, ValueLayout.JAVA_DOUBLE, 0, results, first, count(rest));
  }

  private MemorySegment gradients(MemorySegment part, long from) {
    long left = Math.max(0, gradientBytes - from);
    return part.asSlice(0, Math.min(left, part.byteSize()));
  }

  private int firstResult(long from, MemorySegment gradients) {
    return Math.toIntExact((from + gradients.byteSize() - gradientBytes) / Double.BYTES);
  }

  private static int count(MemorySegment rest) {
    return Math.toIntExact(rest.byteSize() / Double.BYTES);
  }
}
