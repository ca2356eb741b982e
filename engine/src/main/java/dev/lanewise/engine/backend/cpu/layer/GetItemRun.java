package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;

/** {@link GetItem} at work: each element is one of the inputs', taken at most once. */
public final class GetItemRun implements LayerRun {
  private final CheckedKernels kernels;
  private final Matrix zeros;
  private final int[] steps;
  private final int[] features;
  private final boolean sequence;
  private final boolean stepsAreFeatures;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /** Takes the memory. */
  public GetItemRun(GetItem layer, RunContext context, Signals signals) {
    kernels = context.kernels();
    Shape input = signals.shape();
    int last = input.rank() - 1;
    steps = last == 0 ? new int[] {0} : layer.places(0, input);
    features = layer.places(last, input);
    Shape output = layer.outputShape(input);
    sequence = output.rank() == 2;
    stepsAreFeatures = layer.part(last) instanceof GetItem.Index;
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    zeros = context.matrix("zeros", 1, signals.width()).matrix();
    int positions = sequence ? output.size(0) : 1;
    outputs = context.signals("outputs", positions, output.size(-1));
    outputGradients = context.gradientSignals(positions, output.size(-1));
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
    move(pass.rows(), false);
  }

  /** Copies what is taken, or the gradients by it back to where it is from. */
  private void move(int rows, boolean back) {
    for (int s = 0; s < steps.length; s++) {
      for (int f = 0; f < features.length; ) {
        int count = neighbours(f);
        int position = sequence ? s : 0;
        int column = stepsAreFeatures ? s : f;
        if (back) {
          Matrix dx = inputGradients[steps[s]];
          kernels.copy(rows, outputGradients[position], column, dx, features[f], count);
        } else {
          Matrix x = inputs[steps[s]];
          kernels.copy(rows, x, features[f], outputs[position], column, count);
        }
        f += count;
      }
    }
  }

  /** Returns how many features from the {@code from}th on lie side by side. */
  private int neighbours(int from) {
    int end = from + 1;
    while (end < features.length && features[end] == features[end - 1] + 1) {
      end++;
    }
    return end - from;
  }

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length == 0) {
      return;
    }
    for (Matrix dx : inputGradients) {
      kernels.start(pass.rows(), zeros, dx);
    }
    move(pass.rows(), true);
  }
}
