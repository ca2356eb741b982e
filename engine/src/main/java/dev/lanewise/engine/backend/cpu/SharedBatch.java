package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ShardedPlan;
import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.backend.cpu.loss.CpuLosses;
import dev.lanewise.engine.backend.cpu.team.Shards;
import dev.lanewise.engine.backend.cpu.weights.GradientSums;
import java.lang.foreign.MemorySegment;

/**
 * A batch some shards of which are computed here and the others elsewhere: what goes from one
 * process to the next, and what comes back.
 */
final class SharedBatch {
  private static final int NONE = 0;

  private final GradientSums sums;
  private final CpuLosses losses;
  private final Batch batch;
  private Shards shards = Shards.of(1);
  private int count = NONE;
  private int first;
  private int end;

  SharedBatch(GradientSums sums, CpuLosses losses, Batch batch) {
    this.sums = sums;
    this.losses = losses;
    this.batch = batch;
  }

  /** Refuses what {@link ShardedPlan#requireApart} says. */
  static void requireApart(CpuStack stack, boolean windowed, GradientSums sums, int maximumBatch) {
    String why = null;
    if (!stack.meetings().isEmpty()) {
      int node = stack.meetings().getFirst();
      int layer = stack.graph().nodes().get(node).layer();
      why = stack.graph().layers().get(layer) + " measures the whole batch";
    } else if (windowed) {
      why = "windows of sequences hand states on";
    } else if (!stack.keptStates().isEmpty()) {
      why = "stateful layers keep states of the whole batch";
    } else if (!sums.areOfShards(Shards.mostShards(maximumBatch))) {
      why = "an Embedding that is trained sums the tokens of the whole batch";
    }
    if (why != null) {
      throw new IllegalArgumentException(
          "a batch's shards cannot be computed apart: " + why + "; train on one machine");
    }
  }

  GradientSums sums() {
    return sums;
  }

  /** Begins with the batch at hand; returns how many shards it has. */
  int begin(int ofShards, Shards cut) {
    count = ofShards;
    shards = cut;
    first = 0;
    end = 0;
    return ofShards;
  }

  /** Is done with the batch. */
  void end() {
    count = NONE;
  }

  int samples() {
    requireTaken();
    return batch.size();
  }

  private void requireTaken() {
    if (count == NONE) {
      throw new IllegalStateException("no batch has been taken, or it is done; take one first");
    }
  }

  /** Says which shards are computed here. */
  void setShards(int newFirst, int newEnd) {
    requireTaken();
    if (newFirst < 0 || newFirst > newEnd || newEnd > count) {
      throw new IllegalArgumentException(
          "shards [" + newFirst + ", " + newEnd + ") are none of the batch, which has " + count);
    }
    first = newFirst;
    end = newEnd;
  }

  void add(MemorySegment sum, long from) {
    requireTaken();
    requirePart(sum, from);
    if (first < end) {
      sums.add(sum, from, first, end);
    }
  }

  void set(MemorySegment sum, long from) {
    requireTaken();
    requirePart(sum, from);
    sums.set(sum, from);
  }

  private void requirePart(MemorySegment sum, long from) {
    long grain = (long) ShardedPlan.GRAIN * Float.BYTES;
    long bytes = sum.byteSize();
    if (!sum.isNative()
        || from < 0
        || from % ShardedPlan.GRAIN != 0
        || bytes % grain != 0
        || from + bytes / Float.BYTES > sums.size()) {
      throw new IllegalArgumentException(
          "a part of a sum of gradients is native memory of whole "
              + ShardedPlan.GRAIN
              + " floats within its "
              + sums.size()
              + ", found "
              + bytes
              + " bytes from float "
              + from);
    }
  }

  /** Copies the results of the shards that are computed here to their places. */
  void readResults(double[] all) {
    requireResults(all);
    int numbers = losses.numbersOfSample();
    int beyond = Math.min(shards.firstRow(end), batch.size());
    for (int row = shards.firstRow(first); row < beyond; row++) {
      int place = batch.place(row);
      losses.read(place, all, place * numbers);
    }
  }

  void setResults(double[] all) {
    requireResults(all);
    int numbers = losses.numbersOfSample();
    for (int place = 0; place < batch.size(); place++) {
      losses.write(place, all, place * numbers);
    }
  }

  private void requireResults(double[] all) {
    requireTaken();
    int wanted = Math.multiplyExact(batch.size(), losses.numbersOfSample());
    if (all.length < wanted) {
      throw new IllegalArgumentException(
          "the results of a batch are " + wanted + " numbers, found room for " + all.length);
    }
  }
}
