package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
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
  private final JointProducts products;
  private final Cell cell;
  private final Operands[] operands;
  private final Matrix[] x;
  private final Matrix[] h;
  private final Matrix[] inputs;
  private final Matrix[] blockX;
  private final Operands[] blockInputs;
  private final GateSums[] blockSums;
  private final Matrix[] outputs;
  private final @Nullable BlankSteps blank;
  private boolean blankStatesKnown;
  private final @Nullable StepMask mask;
  private final WalkRows used;
  private final @Nullable GapOutputs zeroed;

  OneRow(CpuRecurrent layer, RunContext context, @Nullable LayerRun below) {
    this.layer = layer;
    this.below = below;
    weights = layer.weights;
    kernels = context.kernels();
    int steps = layer.steps;
    int kept = layer.sequences ? steps : Math.min(steps, 2 * BLOCK);
    Tensor xs = context.matrix("inputs", steps, weights.features);
    Tensor hs = context.matrix("states", kept, weights.units);
    StepValues values = layer.values(context, "gates", Math.min(steps, 2 * BLOCK), 1);
    x = new Matrix[steps];
    inputs = new Matrix[steps];
    operands = new Operands[steps];
    h = new Matrix[steps];
    for (int t = 0; t < steps; t++) {
      x[t] = xs.matrix(t, 1, 0, weights.features);
      h[t] = hs.matrix(t % kept, 1, 0, weights.units);
      inputs[layer.inputStep(t)] = x[t];
      operands[t] = t == 0 ? Operands.ofNothing(true) : Operands.ofState(h[t - 1], true);
    }
    products = new JointProducts(weights, context, steps, 1, null);
    cell = layer.cell(new CellRoom(context, 1, products, h, values, null));
    blockX = new Matrix[Math.ceilDiv(steps, BLOCK)];
    blockInputs = new Operands[blockX.length];
    blockSums = new GateSums[blockX.length];
    for (int b = 0; b < blockX.length; b++) {
      int first = b * BLOCK;
      int count = Math.min(BLOCK, steps - first);
      blockX[b] = xs.matrix(first, count, 0, weights.features);
      blockInputs[b] = Operands.ofInputs(blockX[b]);
      blockSums[b] =
          values == null || layer.sumsInState()
              ? GateSums.of(hs.matrix(first % kept, count, 0, weights.units))
              : GateSums.at((t, g, n) -> values.of(t, count, g, n), weights.gates, first);
    }
    mask = below == null ? null : below.mask();
    used = new WalkRows(layer, mask);
    zeroed = used.masked() && layer.zeroOutput ? new GapOutputs(layer, context, used) : null;
    Matrix[] states = layer.sequences ? h : new Matrix[] {h[steps - 1]};
    outputs = zeroed == null ? states : context.signals("outputs", states.length, weights.units);
    blank = below == null && layer.passesOverBlanks() ? new BlankSteps(layer, context) : null;
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
  public @Nullable StepMask mask() {
    return layer.sequences ? mask : null;
  }

  @Override
  public void forward(Pass pass) {
    used.begin(1);
    int begin = blank == null ? 0 : pass.lead(0);
    for (int b = begin / BLOCK; b < blockX.length; b++) {
      Matrix block = blockX[b];
      int first = b * BLOCK;
      if (below != null) {
        for (int t = first; t < first + block.rows(); t++) {
          kernels.copy(1, below.outputs()[layer.inputStep(t)], x[t]);
        }
      }
      if (used.firstStep(first) < first + block.rows()) {
        products.sumInputs(block.rows(), blockInputs[b], blockSums[b]);
      }
      if (first <= begin && begin > 0) {
        followBlank(begin);
      }
      for (int t = Math.max(first, begin); t < first + block.rows(); t++) {
        step(t);
      }
    }
    if (zeroed != null) {
      zeroed.set(pass, h, outputs);
    }
  }

  private void step(int t) {
    if (used.next(t, 0) == 0) {
      cell.forward(t, 0, 1, operands[t]);
    } else {
      kernels.start(1, t == 0 ? weights.zeroUnits : h[t - 1], h[t]);
      cell.carry(t, t - 1, 0, 1);
    }
  }

  /** The weights are frozen, and so are the states after any number of blank steps. */
  private void followBlank(int lead) {
    if (blank == null) {
      return;
    }
    if (!blankStatesKnown) {
      blank.forward(layer.steps - 1);
      blankStatesKnown = true;
    }
    kernels.copy(1, blank.state(lead), h[lead - 1]);
    cell.follow(lead, 0, 1, blank.cell());
  }

  @Override
  public void backward(Pass pass) {
    throw new IllegalStateException("backward: the run was made without a backward pass");
  }
}
