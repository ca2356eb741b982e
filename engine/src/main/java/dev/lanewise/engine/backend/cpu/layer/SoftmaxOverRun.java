package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.Polynomials;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;

/**
 * {@link SoftmaxOver} at work: the sum in double along the axis and one division an element, as the
 * kernel of softmax over features has it.
 */
final class SoftmaxOverRun implements LayerRun {
  /** How many elements share a sum, and how many positions apart they are. */
  private final int size;

  private final int apart;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  SoftmaxOverRun(SoftmaxOver layer, RunContext context, Signals signals) {
    Shape shape = signals.shape();
    size = shape.size(layer.axis() - 1);
    int inner = 1;
    for (int i = layer.axis(); i < shape.rank() - 1; i++) {
      inner *= shape.size(i);
    }
    apart = inner;
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", signals.positions(), signals.width());
    outputGradients = context.gradientSignals(signals.positions(), signals.width());
  }

  @Override
  public Matrix[] inputs() {
    return inputs;
  }

  @Override
  public Matrix[] outputs() {
    return outputs;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  /** Returns whether a position is the first of those that share sums. */
  private boolean begins(int position) {
    return position / apart % size == 0;
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < inputs.length; p++) {
      for (int r = 0; begins(p) && r < pass.rows(); r++) {
        for (int c = 0; c < inputs[p].columns(); c++) {
          share(p, r, c);
        }
      }
    }
  }

  private void share(int first, int r, int c) {
    float most = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      most = Math.max(most, inputs[first + i * apart].get(r, c));
    }
    double sum = 0;
    for (int i = 0; i < size; i++) {
      float e = Polynomials.exp(inputs[first + i * apart].get(r, c) - most);
      outputs[first + i * apart].set(r, c, e);
      sum += e;
    }
    for (int i = 0; i < size; i++) {
      Matrix y = outputs[first + i * apart];
      y.set(r, c, y.get(r, c) / (float) sum);
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      for (int r = 0; begins(p) && r < pass.rows(); r++) {
        for (int c = 0; c < inputs[p].columns(); c++) {
          double along = 0;
          for (int i = 0; i < size; i++) {
            int at = p + i * apart;
            along += (double) outputGradients[at].get(r, c) * outputs[at].get(r, c);
          }
          for (int i = 0; i < size; i++) {
            int at = p + i * apart;
            double across = outputGradients[at].get(r, c) - along;
            inputGradients[at].set(r, c, (float) (outputs[at].get(r, c) * across));
          }
        }
      }
    }
  }
}
