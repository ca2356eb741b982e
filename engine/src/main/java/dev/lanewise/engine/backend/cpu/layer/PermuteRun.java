package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.tensor.Shape;

/**
 * {@link Permute} at work. Element by element: what is a column in one matrix each is a row of them
 * there.
 */
public final class PermuteRun extends BetweenRun {

  /** Which element of a sample's input each of its output is. */
  private final int[] sources;

  private final float[] sample;
  private final float[] permuted;

  public PermuteRun(Permute layer, RunContext context, Signals signals) {
    super(context, signals, layer.outputShape(signals.shape()));
    Shape input = signals.shape();
    Shape output = layer.outputShape(input);
    sources = new int[Math.toIntExact(output.elementCount())];
    sample = new float[sources.length];
    permuted = new float[sources.length];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = source(layer, input, output, i);
    }
  }

  private static int source(Permute layer, Shape input, Shape output, int element) {
    int[] at = new int[input.rank()];
    int rest = element;
    for (int i = output.rank() - 1; i >= 0; i--) {
      at[layer.dims().get(i) - 1] = rest % output.size(i);
      rest /= output.size(i);
    }
    int source = 0;
    for (int i = 0; i < at.length; i++) {
      source = source * input.size(i) + at[i];
    }
    return source;
  }

  /** A sample at a time, so that what it is made of stays in the first cache. */
  @Override
  public void forward(Pass pass) {
    for (int r = 0; r < pass.rows(); r++) {
      RowArrays.readAll(inputs, r, sample);
      for (int i = 0; i < sources.length; i++) {
        permuted[i] = sample[sources[i]];
      }
      RowArrays.writeAll(permuted, outputs, r);
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int r = 0; inputGradients.length > 0 && r < pass.rows(); r++) {
      RowArrays.readAll(outputGradients, r, permuted);
      for (int i = 0; i < sources.length; i++) {
        sample[sources[i]] = permuted[i];
      }
      RowArrays.writeAll(sample, inputGradients, r);
    }
  }
}
