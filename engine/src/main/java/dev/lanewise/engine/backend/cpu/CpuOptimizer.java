package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Tensor;
import java.util.List;

/** Applies an {@link Optimizer} with the kernels; counts the updates. */
final class CpuOptimizer {
  private final Optimizer rule;
  private long iterations;
  private float stepSize;

  CpuOptimizer(Optimizer rule) {
    this.rule = rule;
  }

  /** Returns the names of its slots. */
  List<String> slots() {
    return rule.slots();
  }

  long iterations() {
    return iterations;
  }

  void setIterations(long count) {
    iterations = count;
  }

  /** Begins the next update, which all blocks of all parameters then share. */
  void beginUpdate() {
    iterations++;
    stepSize = rule.stepSize(iterations);
  }

  /**
   * Updates some elements.
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   * @param offset bytes from a tensor's start to the first of them
   * @param gradient the address of the first of their gradients
   */
  void update(
      Kernels kernels, long count, long offset, Tensor values, long gradient, List<Tensor> slots) {
    long weights = values.address() + offset;
    if (rule.clipping().kind() == GradientClipping.Kind.VALUE) {
      kernels.clip(count, gradient, (float) rule.clipping().limit());
    }
    switch (rule) { // exhaustive: a rule without its kernel does not compile
      case Adam adam ->
          kernels.adam(
              count,
              weights,
              gradient,
              slots.get(0).address() + offset,
              slots.get(1).address() + offset,
              stepSize,
              (float) (1 - adam.beta1()),
              (float) (1 - adam.beta2()),
              (float) adam.epsilon());
      case Sgd sgd -> {
        if (sgd.momentum() == 0) {
          kernels.sgd(count, weights, gradient, stepSize);
        } else {
          kernels.sgdMomentum(
              count,
              weights,
              gradient,
              slots.get(0).address() + offset,
              stepSize,
              (float) sgd.momentum(),
              sgd.nesterov());
        }
      }
    }
  }
}
