package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A causal convolution that takes one step of one sequence at a time. The steps that windows to
 * come will see lie in a ring, in which the step at hand takes the oldest one's place: nothing
 * moves. Each sum is the chain of {@link ConvolutionRun}, over the steps that there are.
 */
final class StreamedConv1D implements LayerRun {
  private static final int NEXT = 0;
  private static final int SEEN = 1;

  private final CpuConvolution layer;
  private final CheckedKernels kernels;
  private final Matrix[] inputs;
  private final Matrix[] ring;

  /**
   * The place in the ring of the next step, and how many steps there have been, at most all of the
   * ring: values of the state like others, all zero before the first step. Both are exact.
   */
  private final Matrix position;

  private final Matrix[] outputs;
  private final SumFunction function;

  StreamedConv1D(CpuConvolution layer, RunContext context, Signals signals) {
    this.layer = layer;
    kernels = context.kernels();
    inputs = signals.inputs();
    int span = Math.addExact(Math.multiplyExact(layer.taps.places().size() - 1, layer.dilation), 1);
    Tensor rows = context.matrix("last steps", span, signals.width());
    ring = new Matrix[span];
    for (int i = 0; i < span; i++) {
      ring[i] = rows.matrix(i, 1, 0, signals.width());
    }
    position = context.matrix("place in the ring", 1, 2).matrix();
    outputs = context.signals("outputs", 1, layer.filters);
    function = new SumFunction(layer.activation, context, outputs, layer.filters);
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
    return new Matrix[0];
  }

  @Override
  public List<Matrix> state() {
    List<Matrix> state = new ArrayList<>(List.of(ring));
    state.add(position);
    return state;
  }

  @Override
  public void forward(Pass pass) {
    int at = (int) position.get(0, NEXT);
    int seen = (int) position.get(0, SEEN);
    if (at < 0 || at >= ring.length || seen < 0 || seen > ring.length) {
      throw new IllegalStateException(
          "stream: the state that was restored is none that a stream of this model gave");
    }
    kernels.copy(1, inputs[0], ring[at]);
    Matrix sums = outputs[0];
    Matrix begun = layer.start;
    int last = layer.taps.places().size() - 1;
    for (int tap = 0; tap <= last; tap++) {
      int back = (last - tap) * layer.dilation;
      if (back <= seen) {
        int place = at >= back ? at - back : at - back + ring.length;
        layer.taps.tap(tap).multiply(kernels, 0, 1, ring[place], 0, begun, sums);
        begun = sums;
      }
    }
    function.apply(0, 0, 1);
    function.finish(0, 1);
    position.set(0, NEXT, at + 1 == ring.length ? 0 : at + 1);
    position.set(0, SEEN, Math.min(seen + 1, ring.length));
  }

  @Override
  public void backward(Pass pass) {
    throw new IllegalStateException("backward: the run was made without a backward pass");
  }
}
