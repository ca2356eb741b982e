package dev.lanewise.engine.backend.cpu.weights;

import dev.lanewise.engine.kernel.CheckedKernels;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The gradients of all weights that are trained, as one row of floats: the matrices as they lie,
 * one after another. Shards are added to a sum in their order, whoever has computed them, so that
 * the sum has the bits of one machine's.
 */
public final class GradientSums {
  private final CheckedKernels kernels;
  private final CpuParameter[] parameters;
  private final long[] firsts;

  /** Lays the gradients of a model's weights out. */
  public GradientSums(Weights weights, CheckedKernels kernels) {
    this.kernels = kernels;
    List<CpuParameter> trained =
        weights.parameters().stream().filter(CpuParameter::isTrained).toList();
    parameters = trained.toArray(CpuParameter[]::new);
    firsts = new long[parameters.length + 1];
    for (int i = 0; i < parameters.length; i++) {
      firsts[i + 1] = firsts[i] + parameters[i].gradientSize();
    }
  }

  /** Returns the floats of a sum. */
  public long size() {
    return firsts[parameters.length];
  }

  /** Returns whether each of so many shards has a gradient of its own for all weights. */
  public boolean areOfShards(int shards) {
    for (CpuParameter parameter : parameters) {
      if (!parameter.hasGradients(shards)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Adds the gradients of some shards to a part of a sum.
   *
   * @param sum of the shards before the first; only written if that is shard 0
   * @param from which float is its first
   * @param first the first shard
   * @param end the one after the last
   */
  public void add(MemorySegment sum, long from, int first, int end) {
    for (int i = 0; i < parameters.length; i++) {
      long begin = Math.max(from, firsts[i]);
      MemorySegment part = part(sum, from, i);
      if (part.byteSize() > 0) {
        parameters[i].addTo(part, begin - firsts[i], first, end, kernels);
      }
    }
  }

  /** Sets a part of the sum of all shards, by which the next update is. */
  public void set(MemorySegment sum, long from) {
    for (int i = 0; i < parameters.length; i++) {
      MemorySegment part = part(sum, from, i);
      if (part.byteSize() > 0) {
        parameters[i].setSum(Math.max(from, firsts[i]) - firsts[i], part);
      }
    }
  }

  /** Returns what of a part of the whole row is a parameter's. */
  private MemorySegment part(MemorySegment sum, long from, int parameter) {
    long begin = Math.max(from, firsts[parameter]);
    long end = Math.min(from + sum.byteSize() / Float.BYTES, firsts[parameter + 1]);
    return sum.asSlice(
        Math.min((begin - from) * Float.BYTES, sum.byteSize()),
        Math.max(0, end - begin) * Float.BYTES);
  }
}
