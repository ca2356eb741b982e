package dev.lanewise.engine.backend.cpu.weights;

import dev.lanewise.engine.backend.Updates;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.OptimizerKernels;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Adamax;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Tensor;
import java.util.List;

/** Applies an {@link Optimizer} with the kernels; counts the updates. */
public final class CpuOptimizer {
  private final Updates updates;
  private float stepSize;
  private float decay;

  // Of the weights' running means.
  private float averageKept;
  private boolean overwrites;

  // Nadam's own factors, which take a while to compute.
  private float meanFactor;
  private float gradientFactor;
  private float squareFactor;

  CpuOptimizer(Optimizer rule) {
    updates = new Updates(rule);
  }

  public Updates updates() {
    return updates;
  }

  /** Begins the next update, which all blocks of all parameters then share. */
  void beginUpdate() {
    Optimizer rule = updates.rule();
    float learningRate = (float) updates.learningRate();
    updates.advance();
    long t = updates.done();
    stepSize = rule.stepSize(t);
    decay = (float) rule.weightDecay() * learningRate;
    averageKept = rule.average().keptAt(t);
    overwrites = rule.average().overwritesAt(t);
    if (rule instanceof Nadam nadam) {
      meanFactor = nadam.meanFactor(t);
      gradientFactor = nadam.gradientFactor(t);
      squareFactor = nadam.squareFactor(t);
    }
  }

  /**
   * Updates some elements.
   *
   * @param count elements, a multiple of {@link Kernels#LANES}
   * @param offset bytes from a tensor's start to the first of them
   * @param gradient the address of the first of their gradients
   * @param squared the address of what is squared in place of the first, mostly the same
   * @param slots the rule's own, then the weights' means if they are kept
   */
  void update(
      Kernels kernels,
      long count,
      long offset,
      Tensor values,
      long gradient,
      long squared,
      List<Tensor> slots) {
    Optimizer rule = updates.rule();
    OptimizerKernels steps = kernels.optimizers();
    long weights = values.address() + offset;
    boolean clipped = squared != gradient; // token by token, as their squares are
    if (rule.clipping().kind() == GradientClipping.Kind.VALUE && !clipped) {
      kernels.clip(count, gradient, (float) rule.clipping().limit());
    }
    if (rule.clipping().kind() == GradientClipping.Kind.GLOBAL_NORM) {
      squared = gradient; // Keras on TensorFlow has summed a row's tokens by then
    }
    if (decay != 0) {
      steps.decay(count, weights, decay);
    }
    long first = slots.isEmpty() ? 0 : slots.get(0).address() + offset;
    long second = slots.size() < 2 ? 0 : slots.get(1).address() + offset;
    long third = slots.size() < 3 ? 0 : slots.get(2).address() + offset;
    switch (rule) { // exhaustive: a rule without its kernel does not compile
      case Adam adam -> adam(steps, adam, count, weights, gradient, squared, first, second, third);
      case AdamW adamW ->
          adam(steps, adamW.adam(), count, weights, gradient, squared, first, second, third);
      case Adamax adamax ->
          steps.adamax(
              count,
              weights,
              gradient,
              first,
              second,
              stepSize,
              (float) (1 - adamax.beta1()),
              (float) adamax.beta2(),
              (float) adamax.epsilon());
      case Sgd sgd -> {
        if (sgd.momentum() == 0) {
          steps.sgd(count, weights, gradient, stepSize);
        } else {
          float momentum = (float) sgd.momentum();
          steps.sgdMomentum(count, weights, gradient, first, stepSize, momentum, sgd.nesterov());
        }
      }
      case RmsProp rms ->
          steps.rmsProp(
              count,
              weights,
              gradient,
              squared,
              first,
              rms.momentum() == 0 ? 0 : second,
              !rms.centered() ? 0 : rms.momentum() == 0 ? second : third,
              stepSize,
              (float) rms.rho(),
              (float) (1 - rms.rho()),
              (float) rms.momentum(),
              (float) rms.epsilon());
      case Nadam nadam ->
          steps.nadam(
              count,
              weights,
              gradient,
              squared,
              first,
              second,
              stepSize,
              (float) (1 - nadam.beta1()),
              (float) (1 - nadam.beta2()),
              meanFactor,
              gradientFactor,
              squareFactor,
              (float) nadam.epsilon());
      case Adagrad adagrad ->
          steps.adagrad(
              count, weights, gradient, squared, first, stepSize, (float) adagrad.epsilon());
      case Adadelta adadelta ->
          steps.adadelta(
              count,
              weights,
              gradient,
              squared,
              first,
              second,
              stepSize,
              (float) adadelta.rho(),
              (float) (1 - adadelta.rho()),
              (float) adadelta.epsilon());
      case Lion lion ->
          steps.lion(
              count,
              weights,
              gradient,
              first,
              stepSize,
              (float) lion.beta1(),
              (float) (1 - lion.beta1()),
              (float) lion.beta2(),
              (float) (1 - lion.beta2()));
    }
    if (rule.average().kept()) {
      long means = slots.getLast().address() + offset;
      steps.average(count, weights, means, averageKept, 1 - averageKept, overwrites);
    }
  }

  private void adam(
      OptimizerKernels steps,
      Adam adam,
      long count,
      long weights,
      long gradient,
      long squared,
      long momentum,
      long velocity,
      long largest) {
    float rate1 = (float) (1 - adam.beta1());
    float rate2 = (float) (1 - adam.beta2());
    float epsilon = (float) adam.epsilon();
    if (adam.amsgrad()) {
      steps.amsgrad(
          count, weights, gradient, squared, momentum, velocity, largest, stepSize, rate1, rate2,
          epsilon);
    } else {
      steps.adam(
          count, weights, gradient, squared, momentum, velocity, stepSize, rate1, rate2, epsilon);
    }
  }
}
