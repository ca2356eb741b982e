package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** An activation by itself at work: y = f(x) at each position. */
public final class ActivationRun extends BetweenRun {
  private final CheckedKernels kernels;
  private final boolean softmax;
  private final Elementwise f;
  private final @Nullable StepMask mask;
  private final Matrix maxAndSum;
  private final SoftmaxJacobian jacobian;

  public ActivationRun(Activation activation, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    kernels = context.kernels();
    softmax = activation == Activation.SOFTMAX;
    f = softmax ? Elementwise.LINEAR : RunContext.elementwise(activation);
    mask = signals.mask();
    maxAndSum = context.softmaxRows();
    jacobian = new SoftmaxJacobian(signals.width());
  }

  @Override
  public void layOut(int rows) {
    Positions.join(outputs, rows);
    Positions.join(outputGradients, rows);
  }

  @Override
  public @Nullable StepMask mask() {
    return mask;
  }

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      if (softmax) {
        kernels.elements().softmax(rows, inputs[p], outputs[p], maxAndSum);
      } else {
        kernels.copy(rows, inputs[p], outputs[p]);
        kernels.elements().activation(0, rows, outputs[p], f);
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    int rows = pass.rows();
    for (int p = 0; p < inputGradients.length; p++) {
      Matrix dy = outputGradients[p];
      if (softmax) {
        jacobian.multiply(rows, dy, outputs[p]);
      } else {
        kernels
            .elements()
            .derivative(0, rows, dy, f, f.derivativeNeedsSums() ? inputs[p] : outputs[p]);
      }
      kernels.copy(rows, dy, inputGradients[p]);
    }
  }
}
