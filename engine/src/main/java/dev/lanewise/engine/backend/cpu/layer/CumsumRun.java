package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.layer.Cumsum;
import dev.lanewise.engine.tensor.Shape;

/** {@link Cumsum} at work, a sample at a time; gradients are sums of what comes after. */
final class CumsumRun extends BetweenRun {
  /** How many elements are summed to the last, and how many apart they lie in a sample. */
  private final int size;

  private final int apart;
  private final float[] sample;

  CumsumRun(Cumsum layer, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    Shape shape = signals.shape();
    size = shape.size(layer.axis() - 1);
    int inner = 1;
    for (int i = layer.axis(); i < shape.rank(); i++) {
      inner *= shape.size(i);
    }
    apart = inner;
    sample = new float[Math.toIntExact(shape.elementCount())];
  }

  @Override
  public void forward(Pass pass) {
    for (int r = 0; r < pass.rows(); r++) {
      RowArrays.readAll(inputs, r, sample);
      for (int i = 0; i < sample.length; i++) {
        sample[i] += isFirst(i) ? 0 : sample[i - apart];
      }
      RowArrays.writeAll(sample, outputs, r);
    }
  }

  private boolean isFirst(int element) {
    return element / apart % size == 0;
  }

  @Override
  public void backward(Pass pass) {
    for (int r = 0; inputGradients.length > 0 && r < pass.rows(); r++) {
      RowArrays.readAll(outputGradients, r, sample);
      for (int i = sample.length - 1; i >= 0; i--) {
        if (!isFirst(i)) {
          sample[i - apart] += sample[i];
        }
      }
      RowArrays.writeAll(sample, inputGradients, r);
    }
  }
}
