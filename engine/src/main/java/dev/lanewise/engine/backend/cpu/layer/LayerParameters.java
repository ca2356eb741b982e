package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The weights of a layer that may be called more than once: the first call makes them, the others,
 * which may be for inputs of another length, are given the same ones in the same order.
 */
public final class LayerParameters {
  private final List<CpuParameter> made = new ArrayList<>();
  private final List<Tensor> kept = new ArrayList<>();
  private int next;
  private int nextKept;

  private final int longest;

  /**
   * Creates it without any.
   *
   * @param longest the most numbers, or steps, of the inputs of any call
   */
  public LayerParameters(int longest) {
    this.longest = longest;
  }

  /** Returns the most numbers, or steps, of the inputs of any call. */
  int longest() {
    return longest;
  }

  /** Begins anew, for another call. */
  public void rewind() {
    next = 0;
    nextKept = 0;
  }

  /** Returns what a layer keeps from batch to batch, which is made once too. */
  Tensor nextKept(Supplier<Tensor> maker) {
    if (nextKept == kept.size()) {
      kept.add(maker.get());
    }
    return kept.get(nextKept++);
  }

  CpuParameter next(Supplier<CpuParameter> maker) {
    if (next == made.size()) {
      made.add(maker.get());
    }
    return made.get(next++);
  }
}
