package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.KernelCalls;

/**
 * The kernel of a convolution of groups, or of a transposed one, as a dense one that has zeros
 * where features and filters are of different groups: products of whole tiles take them along,
 * which only where groups are many costs more than it saves.
 */
final class CudaSpreadKernel {
  private final LayerMemory memory;
  private final LayerMemory dense;
  private final Struct kernel;
  private final int count;

  /**
   * Takes the memory.
   *
   * @param turned whether filters come before features
   * @param biases 1 if there is a bias, else 0
   */
  CudaSpreadKernel(
      LayerMemory memory,
      int taps,
      int features,
      int filters,
      int groups,
      boolean turned,
      int biases) {
    this.memory = memory;
    count =
        Math.addExact(
            Math.multiplyExact(Math.multiplyExact(taps, features / groups), filters),
            biases * filters);
    long all = Math.addExact(Math.multiplyExact((long) taps, features), biases) * filters;
    long weights = memory.arena().zeros("a kernel", all);
    long gradient = memory.learns() ? memory.arena().allocate("gradients of a kernel", all) : 0;
    dense = memory.at(weights, gradient);
    kernel =
        new Struct()
            .integer(taps)
            .integer(features)
            .integer(filters)
            .integer(groups)
            .integer(turned ? 1 : 0);
  }

  /** Returns where the dense kernel and its gradient are. */
  LayerMemory dense() {
    return dense;
  }

  /** Launches what writes the weights into the dense kernel. */
  void spread(KernelCalls calls) {
    launch(calls, "spread_kernel", memory.weights(), dense.weights());
  }

  /** Launches what takes their gradients from its own. */
  void collect(KernelCalls calls) {
    if (memory.learns()) {
      launch(calls, "collect_kernel", dense.gradient(), memory.gradient());
    }
  }

  private void launch(KernelCalls calls, String name, long from, long to) {
    calls.elements(
        name, count, new Arguments().pointer(from).pointer(to).integer(count).struct(kernel));
  }
}
