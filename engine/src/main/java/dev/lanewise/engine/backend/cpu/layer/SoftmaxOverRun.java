package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.Polynomials;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.tensor.Shape;

/**
 * {@link SoftmaxOver} at work: the sum in double along the axis and one division an element, as the
 * kernel of softmax over features has it.
 */
final class SoftmaxOverRun extends BetweenRun {
  /** How many elements share a sum, and how many positions apart they are. */
  private final int size;

  private final int apart;
  private final float[] sample;
  private final float[] gradient;

  SoftmaxOverRun(SoftmaxOver layer, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    Shape shape = signals.shape();
    size = shape.size(layer.axis() - 1);
    int inner = 1;
    for (int i = layer.axis(); i < shape.rank() - 1; i++) {
      inner *= shape.size(i);
    }
    apart = inner;
    sample = new float[Math.toIntExact(shape.elementCount())];
    gradient = new float[sample.length];
  }

  /** Returns the elements of a sample from one that is summed to the next. */
  private int step() {
    return apart * inputs[0].columns();
  }

  @Override
  public void forward(Pass pass) {
    for (int r = 0; r < pass.rows(); r++) {
      RowArrays.readAll(inputs, r, sample);
      for (int from = 0; from < sample.length; from += size * step()) {
        for (int i = from; i < from + step(); i++) {
          share(i);
        }
      }
      RowArrays.writeAll(sample, outputs, r);
    }
  }

  private void share(int first) {
    int step = step();
    int end = first + size * step;
    float most = Float.NEGATIVE_INFINITY;
    for (int i = first; i < end; i += step) {
      most = Math.max(most, sample[i]);
    }
    double sum = 0;
    for (int i = first; i < end; i += step) {
      sample[i] = Polynomials.exp(sample[i] - most);
      sum += sample[i];
    }
    for (int i = first; i < end; i += step) {
      sample[i] /= (float) sum;
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int r = 0; inputGradients.length > 0 && r < pass.rows(); r++) {
      RowArrays.readAll(outputs, r, sample);
      RowArrays.readAll(outputGradients, r, gradient);
      for (int from = 0; from < sample.length; from += size * step()) {
        for (int i = from; i < from + step(); i++) {
          goBack(i);
        }
      }
      RowArrays.writeAll(gradient, inputGradients, r);
    }
  }

  private void goBack(int first) {
    int step = step();
    int end = first + size * step;
    double along = 0;
    for (int i = first; i < end; i += step) {
      along += (double) gradient[i] * sample[i];
    }
    for (int i = first; i < end; i += step) {
      gradient[i] = (float) (sample[i] * (gradient[i] - along));
    }
  }
}
