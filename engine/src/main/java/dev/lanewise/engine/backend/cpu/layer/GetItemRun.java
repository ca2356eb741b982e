package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.stream.IntStream;

/** {@link GetItem} at work: each element is one of the inputs', taken at most once. */
public final class GetItemRun extends BetweenRun {
  private final CheckedKernels kernels;
  private final Matrix zeros;

  /** The positions of the input that are taken, in order. */
  private final int[] positions;

  private final GetItem.Places features;

  /** How many positions become the features of one; 1 where features are a size of their own. */
  private final int together;

  /** Takes the memory. */
  public GetItemRun(GetItem layer, RunContext context, Signals signals) {
    super(context, signals, layer.outputShape(signals.shape()));
    kernels = context.kernels();
    Shape input = signals.shape();
    int last = input.rank() - 1;
    int[] taken = {0};
    for (int size = 0; size < last; size++) {
      int[] outer = taken;
      GetItem.Places places = layer.places(size, input);
      int count = input.size(size);
      taken =
          IntStream.range(0, outer.length * places.count())
              .map(i -> outer[i / places.count()] * count + places.at(i % places.count()))
              .toArray();
    }
    positions = taken;
    features = layer.places(last, input);
    Shape output = layer.outputShape(input);
    together = layer.part(last) instanceof GetItem.Index ? output.size(-1) : 1;
    zeros = context.matrix("zeros", 1, signals.width()).matrix();
  }

  @Override
  public void forward(Pass pass) {
    move(pass.rows(), false);
  }

  /** Copies what is taken, or the gradients by it back to where it is from. */
  private void move(int rows, boolean back) {
    int count = features.step() == 1 ? features.count() : 1; // how many lie side by side
    for (int p = 0; p < positions.length; p++) {
      for (int f = 0; f < features.count(); f += count) {
        int position = p / together;
        int column = together == 1 ? f : p % together;
        if (back) {
          Matrix dx = inputGradients[positions[p]];
          kernels.copy(rows, outputGradients[position], column, dx, features.at(f), count);
        } else {
          Matrix x = inputs[positions[p]];
          kernels.copy(rows, x, features.at(f), outputs[position], column, count);
        }
      }
    }
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
