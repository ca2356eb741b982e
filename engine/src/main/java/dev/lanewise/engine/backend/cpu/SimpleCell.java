package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Epilogue;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Matrix;

/**
 * The cell of {@link SimpleRnn}: h_t = f(z_t), so that the sums become the state where they are,
 * and dz_t = (dy_t + dz_{t+1} * recurrentKernel') . f'(h_t).
 */
final class SimpleCell implements Cell {
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final Elementwise f;
  private final Matrix[] states;
  private final Matrix[] gradients;
  private final Epilogue activate = this::activate;
  private final Epilogue differentiate = this::differentiate;
  private Matrix state;
  private Matrix gradient;

  /**
   * Creates a cell.
   *
   * @param states the state that each step leaves, [rows, units]
   * @param gradients the gradient by the sums of each step, [rows, units]; none without a way back
   */
  SimpleCell(
      RecurrentWeights weights,
      CheckedKernels kernels,
      Elementwise f,
      Matrix[] states,
      Matrix[] gradients) {
    this.weights = weights;
    this.kernels = kernels;
    this.f = f;
    this.states = states;
    this.gradients = gradients;
    state = weights.zeroUnits;
    gradient = weights.zeroUnits;
  }

  @Override
  public void forward(int t, int rows, Operands operands) {
    state = states[t];
    weights.sum(kernels, rows, operands, state, activate);
  }

  private void activate(int first, int count) {
    kernels.activation(first, count, state, f);
  }

  @Override
  public void backwardLast(int t, int rows, Matrix dy) {
    state = states[t];
    gradient = gradients[t];
    kernels.start(rows, dy, gradient);
    differentiate(0, rows);
  }

  @Override
  public void backward(int t, int rows, Matrix dy) {
    state = states[t];
    gradient = gradients[t];
    weights.stateGradient(kernels, rows, gradients[t + 1], dy, gradient, differentiate);
  }

  private void differentiate(int first, int count) {
    kernels.derivative(first, count, gradient, f, state);
  }
}
