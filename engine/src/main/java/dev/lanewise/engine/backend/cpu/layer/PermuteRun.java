package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;

/**
 * {@link Permute} at work. Element by element: what is a column in one matrix each is a row of them
 * there.
 */
public final class PermuteRun implements LayerRun {
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /** Which element of a sample's input each of its output is. */
  private final int[] sources;

  public PermuteRun(Permute layer, RunContext context, Signals signals) {
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    Shape input = signals.shape();
    Shape output = layer.outputShape(input);
    outputs = context.signals("outputs", output.positions(), output.size(-1));
    outputGradients = context.gradientSignals(output.positions(), output.size(-1));
    sources = new int[Math.toIntExact(output.elementCount())];
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

  @Override
  public void forward(Pass pass) {
    int from = inputs[0].columns();
    int to = outputs[0].columns();
    for (int i = 0; i < sources.length; i++) {
      Matrix x = inputs[sources[i] / from];
      for (int r = 0; r < pass.rows(); r++) {
        outputs[i / to].set(r, i % to, x.get(r, sources[i] % from));
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    int from = inputs[0].columns();
    int to = outputs[0].columns();
    for (int i = 0; inputGradients.length > 0 && i < sources.length; i++) {
      Matrix dx = inputGradients[sources[i] / from];
      for (int r = 0; r < pass.rows(); r++) {
        dx.set(r, sources[i] % from, outputGradients[i / to].get(r, i % to));
      }
    }
  }
}
