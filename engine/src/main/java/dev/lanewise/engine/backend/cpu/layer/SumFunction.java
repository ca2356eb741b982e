package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.tensor.Matrix;

/** The activation of a layer that sums products: applied where the sums are, and taken back. */
final class SumFunction {
  private final CheckedKernels kernels;
  private final boolean softmax;
  private final Elementwise f;
  private final boolean inPlace;
  private final Matrix[] outputs;

  /** Where f's derivative is taken: the outputs, or copies of the sums that they were. */
  private final Matrix[] derivativePoints;

  private final Matrix maxAndSum;
  private final SoftmaxJacobian jacobian;

  /**
   * Takes memory.
   *
   * @param outputs where the sums are, one matrix a position
   * @param width the columns of each
   */
  SumFunction(Activation activation, RunContext context, Matrix[] outputs, int width) {
    kernels = context.kernels();
    softmax = activation == Activation.SOFTMAX;
    f = softmax ? Elementwise.LINEAR : RunContext.elementwise(activation);
    inPlace = !softmax && !(context.training() && f.derivativeNeedsSums());
    this.outputs = outputs;
    derivativePoints = context.derivativePoints(f, outputs, width);
    maxAndSum = context.softmaxRows();
    jacobian = new SoftmaxJacobian(width);
  }

  /** Applies what acts on each element alone to a strip of sums, while it is in the first cache. */
  void apply(int position, int first, int count) {
    Matrix sums = outputs[position];
    if (derivativePoints[position] != sums) {
      kernels.copy(first, count, sums, derivativePoints[position]);
    }
    kernels.elements().activation(first, count, sums, f);
  }

  /** Returns whether it acts on each element alone, and nothing of the sums is kept. */
  boolean staysInPlace() {
    return inPlace;
  }

  /** Applies what {@link #staysInPlace} to rows of several positions. */
  void apply(Matrix sums, int first, int count) {
    kernels.elements().activation(first, count, sums, f);
  }

  /** Applies what acts on whole rows, after all strips. */
  void finish(int position, int rows) {
    if (softmax) {
      kernels.elements().softmax(rows, outputs[position], outputs[position], maxAndSum);
    }
  }

  /** Turns the gradient by the outputs into that by the sums, in place. */
  void goBack(int position, int rows, Matrix gradient) {
    if (softmax) {
      jacobian.multiply(rows, gradient, outputs[position]);
    } else {
      kernels.elements().derivative(0, rows, gradient, f, derivativePoints[position]);
    }
  }
}
