package dev.lanewise.cuda;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer, one product a step. A row of {@code steps} is x_t and h_{t-1} side by side, so
 * that a step is [x_t, h_{t-1}] * [kernel; recurrent kernel], and h_t is written where the next
 * step reads it; after the last, every row of all steps is there for the weights' gradient.
 */
final class CudaSimpleRnn implements CudaLayer {
  private final Activation f;
  private final boolean sequences;
  private final boolean backwards;
  private final int positions;
  private final int features;
  private final int units;
  private final int stride;
  private final @Nullable CudaLayer below;
  private final long weights;
  private final long bias;
  private final long steps;
  private final long dz;
  private final long outputGradients;
  private final long reversed;
  private final WeightGradient weightGradient;

  CudaSimpleRnn(LayerMemory memory, SimpleRnn layer, Shape input, @Nullable CudaLayer below) {
    f = layer.activation();
    sequences = layer.returnSequences();
    backwards = layer.goBackwards();
    positions = input.size(0);
    features = input.size(1);
    units = layer.units();
    stride = features + units;
    this.below = below;
    weights = memory.weights();
    bias = layer.useBias() ? weights + (long) stride * units * Float.BYTES : 0;
    long rows = memory.maximumRows();
    steps = memory.floats("inputs and states of a recurrent layer", (positions + 1) * rows, stride);
    dz = memory.trainingFloats("gradients by a recurrent layer's sums", positions * rows, units);
    outputGradients =
        memory.trainingFloats(
            "gradients by a recurrent layer's outputs", (sequences ? positions : 1) * rows, units);
    reversed =
        backwards && below != null
            ? memory.trainingFloats("gradients in reverse", positions * rows, features)
            : 0;
    weightGradient =
        new WeightGradient(memory, "a recurrent layer", positions, stride, units, layer.useBias());
  }

  /** Returns where row 0 of step {@code t} is. */
  private long step(int t, int rows) {
    return steps + (long) t * rows * stride * Float.BYTES;
  }

  /** Returns h_t, which lies beside x_{t+1}. */
  private Signal state(int t, int rows) {
    return new Signal(step(t + 1, rows) + (long) features * Float.BYTES, stride);
  }

  private long dz(int t, int rows) {
    return dz + (long) t * rows * units * Float.BYTES;
  }

  @Override
  public Signal outputs(int rows) {
    return state(sequences ? 0 : positions - 1, rows);
  }

  @Override
  public long outputGradients() {
    return outputGradients;
  }

  @Override
  public void feed(KernelCalls calls, long batch, int rows) {
    if (below == null) {
      calls.feedSamples(batch, steps, stride, rows, positions, features, units, backwards);
    } else {
      calls.feedOutputs(
          below.outputs(rows), steps, stride, rows, positions, features, units, backwards);
    }
  }

  @Override
  public void forward(KernelCalls calls, int rows) {
    for (int t = 0; t < positions; t++) {
      int inner = t == 0 ? features : stride; // h_{-1} is zero
      Signal inputs = new Signal(step(t, rows), stride);
      calls.gemmForward(inputs, weights, bias, state(t, rows), rows, units, inner, f);
    }
  }

  @Override
  public void backward(KernelCalls calls, int rows) {
    long recurrent = weights + (long) features * units * Float.BYTES;
    for (int t = positions - 1; t >= 0; t--) {
      boolean last = t == positions - 1;
      long fromAbove = 0;
      if (sequences) {
        fromAbove = outputGradients + (long) t * rows * units * Float.BYTES;
      } else if (last) {
        fromAbove = outputGradients;
      }
      long next = last ? 0 : dz(t + 1, rows);
      int inner = last ? 0 : units;
      calls.gemmBackward(
          next, recurrent, units, fromAbove, state(t, rows), dz(t, rows), rows, units, inner, f);
    }
    if (below != null) {
      long target = backwards ? reversed : below.outputGradients();
      calls.gemmBackward(
          dz,
          weights,
          units,
          0,
          NONE,
          target,
          Math.multiplyExact(positions, rows),
          features,
          units,
          f);
      if (backwards) {
        calls.reversePositions(reversed, below.outputGradients(), rows, positions, features);
      }
    }
  }

  @Override
  public void weightGradients(KernelCalls calls, int rows) {
    weightGradient.compute(
        calls, new Signal(steps, stride), dz, Math.multiplyExact(positions, rows));
  }

  long steps() {
    return steps;
  }

  long dz() {
    return dz;
  }

  long bias() {
    return bias;
  }
}
