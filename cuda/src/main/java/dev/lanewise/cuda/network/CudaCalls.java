package dev.lanewise.cuda.network;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.LayerMemory;

/**
 * The calls of a layer that has several: each draws for itself and leaves gradients of the weights
 * in a place of its own, and when the first, which goes back last, is done they are added up, first
 * to last.
 */
final class CudaCalls implements CudaLayer {
  private final LayerMemory memory;
  private final int count;
  private final int calls;
  private final long each;
  private int next;

  /**
   * Takes room.
   *
   * @param memory that of the layer
   * @param count the values of its arrays that are trained
   */
  CudaCalls(LayerMemory memory, int count, int calls) {
    this.memory = memory;
    this.count = count;
    this.calls = calls;
    long values = memory.learns() ? Math.multiplyExact((long) calls, count) : 0;
    each = memory.arena().allocate("gradients of calls", values);
  }

  /** Returns what the next call is to build itself with. */
  LayerMemory next() {
    int call = next++;
    return memory.ofCall(each + (long) count * call * Float.BYTES, call);
  }

  @Override
  public void forward(CudaPass pass) {}

  @Override
  public void backward(CudaPass pass) {
    if (memory.learns()) {
      pass.calls().sumSlices(each, memory.gradient(), count, calls);
    }
  }

  @Override
  public Signal outputs(int rows) {
    throw new IllegalStateException("gradients of calls are no value");
  }

  @Override
  public long outputGradients() {
    return 0;
  }
}
