package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer at work on a single sample, forward only. With one row a step's product does
 * two operations a weight, so that reading the weights is what takes the time: the inputs' part of
 * many steps is one product, which reads the kernel once, and each step then adds the recurrent
 * part alone. The chain of additions is that of {@link SimpleRnnRun}, and so are the bits.
 *
 * <p>Steps go by blocks of {@value #BLOCK}, two of which take turns since a block begins with the
 * last state of the one before; a layer that returns sequences keeps all.
 */
final class SingleRnnRun implements LayerRun {
  private static final int BLOCK = 32;

  private final CpuSimpleRnn layer;
  private final CheckedKernels kernels;
  private final @Nullable LayerRun below;
  private final Matrix[] x;
  private final Matrix[] inputs;
  private final Matrix[] blockX;
  private final Matrix[] blockH;
  private final Matrix[] h;
  private final Matrix[] outputs;
  private final @Nullable BlankRun blank;
  private boolean blankStatesKnown;

  SingleRnnRun(CpuSimpleRnn layer, RunContext context, @Nullable LayerRun below) {
    this.layer = layer;
    this.below = below;
    kernels = context.kernels();
    int steps = layer.steps;
    Tensor xs = context.matrix("inputs", steps, layer.features);
    Tensor hs =
        context.matrix("states", layer.sequences ? steps : Math.min(steps, 2 * BLOCK), layer.units);
    x = new Matrix[steps];
    h = new Matrix[steps];
    inputs = new Matrix[steps];
    for (int t = 0; t < steps; t++) {
      x[t] = xs.matrix(t, 1, 0, layer.features);
      h[t] = hs.matrix(place(t), 1, 0, layer.units);
      inputs[layer.inputStep(t)] = x[t];
    }
    int blocks = Math.ceilDiv(steps, BLOCK);
    blockX = new Matrix[blocks];
    blockH = new Matrix[blocks];
    for (int b = 0; b < blocks; b++) {
      int first = b * BLOCK;
      int count = Math.min(BLOCK, steps - first);
      blockX[b] = xs.matrix(first, count, 0, layer.features);
      blockH[b] = hs.matrix(place(first), count, 0, layer.units);
    }
    blank = below == null && layer.passesOverBlankLead() ? new BlankRun(layer, context) : null;
    if (layer.sequences) {
      outputs = new Matrix[steps];
      System.arraycopy(h, 0, outputs, 0, steps);
    } else {
      outputs = new Matrix[] {h[steps - 1]};
    }
  }

  private int place(int t) {
    return layer.sequences ? t : t % (2 * BLOCK);
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
  public void forward(int rows, int lead) {
    int begin = blank == null ? 0 : lead;
    for (int b = begin / BLOCK; b < blockX.length; b++) {
      Matrix block = blockX[b];
      int first = b * BLOCK;
      if (below != null) {
        for (int t = first; t < first + block.rows(); t++) {
          kernels.copy(1, below.outputs()[layer.inputStep(t)], x[t]);
        }
      }
      kernels.gemm(block.rows(), block, layer.kernel, layer.start, blockH[b]);
      for (int t = Math.max(first, begin); t < first + block.rows(); t++) {
        if (t == 0) { // h_0 is zero: its product is left out
          kernels.activation(1, h[0], layer.f);
        } else {
          Matrix before = t == begin ? blankState(t) : h[t - 1];
          kernels.gemmActivation(1, before, layer.recurrentKernel, h[t], h[t], layer.f);
        }
      }
    }
  }

  /** The weights are frozen, and so are the states after any number of blank steps. */
  private Matrix blankState(int lead) {
    BlankRun frozen = Objects.requireNonNull(blank, "there is no lead without it");
    if (!blankStatesKnown) {
      frozen.forward(layer.steps - 1);
      blankStatesKnown = true;
    }
    return frozen.state(lead);
  }

  @Override
  public void backward(int rows, int shard) {
    throw new IllegalStateException("backward: the run was made without a backward pass");
  }
}
