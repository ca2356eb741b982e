package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer at work on a single sample, forward only. With one row a step's product does
 * two operations a weight, so that reading the weights is what takes the time: the inputs' part of
 * many steps is one product, which reads the kernel once, and each step then adds the recurrent
 * part alone. The chain of additions is that of {@link ManyRows}, and so are the bits.
 *
 * <p>Steps go by blocks of {@value #BLOCK}, two of which take turns since a block begins with the
 * last state of the one before; a layer that returns sequences keeps all.
 */
final class OneRow implements LayerRun {
  private static final int BLOCK = 32;

  private final CpuRecurrent layer;
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final @Nullable LayerRun below;
  private final Cell cell;
  private final Operands[] operands;
  private final Matrix[] x;
  private final Matrix[] inputs;
  private final Matrix[] blockX;
  private final Matrix[] blockSums;
  private final Matrix[] outputs;
  private final @Nullable BlankSteps blank;
  private final Operands[] afterBlank;
  private boolean blankStatesKnown;

  OneRow(CpuRecurrent layer, RunContext context, @Nullable LayerRun below) {
    this.layer = layer;
    this.below = below;
    weights = layer.weights;
    kernels = context.kernels();
    int steps = layer.steps;
    int kept = layer.sequences ? steps : Math.min(steps, 2 * BLOCK);
    Tensor xs = context.matrix("inputs", steps, weights.features);
    Tensor hs = context.matrix("states", kept, weights.units);
    x = new Matrix[steps];
    inputs = new Matrix[steps];
    operands = new Operands[steps];
    Matrix[] h = new Matrix[steps];
    for (int t = 0; t < steps; t++) {
      x[t] = xs.matrix(t, 1, 0, weights.features);
      h[t] = hs.matrix(t % kept, 1, 0, weights.units);
      inputs[layer.inputStep(t)] = x[t];
      operands[t] = t == 0 ? Operands.ofNothing(h[0]) : Operands.ofState(h[t - 1], h[t]);
    }
    cell = layer.cell(kernels, h, new Matrix[0]);
    blockX = new Matrix[Math.ceilDiv(steps, BLOCK)];
    blockSums = new Matrix[blockX.length];
    for (int b = 0; b < blockX.length; b++) {
      int first = b * BLOCK;
      int count = Math.min(BLOCK, steps - first);
      blockX[b] = xs.matrix(first, count, 0, weights.features);
      blockSums[b] = hs.matrix(first % kept, count, 0, weights.units);
    }
    outputs = layer.sequences ? h : new Matrix[] {h[steps - 1]};
    blank = below == null && layer.passesOverBlankLead() ? new BlankSteps(layer, context) : null;
    afterBlank = new Operands[blank == null ? 0 : steps];
    for (int t = 1; blank != null && t < steps; t++) {
      afterBlank[t] = Operands.ofState(blank.state(t), h[t]);
    }
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
      weights.sumInputs(kernels, block, blockSums[b]);
      for (int t = Math.max(first, begin); t < first + block.rows(); t++) {
        cell.forward(t, 1, t == begin && t > 0 ? afterBlank(t) : operands[t]);
      }
    }
  }

  /** The weights are frozen, and so are the states after any number of blank steps. */
  private Operands afterBlank(int lead) {
    if (!blankStatesKnown && blank != null) {
      blank.forward(layer.steps - 1);
      blankStatesKnown = true;
    }
    return afterBlank[lead];
  }

  @Override
  public void backward(int rows, int shard) {
    throw new IllegalStateException("backward: the run was made without a backward pass");
  }
}
