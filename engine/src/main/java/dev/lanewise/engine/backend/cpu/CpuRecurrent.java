package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link Recurrent} layer on the CPU: its weights, its cell, and how it walks over time. */
final class CpuRecurrent implements CpuLayer {
  final RecurrentWeights weights;
  final boolean sequences;
  final boolean backwards;
  final int steps;

  private final Recurrent layer;

  /** Takes the weights' memory. */
  CpuRecurrent(LayerContext context, Recurrent layer, Shape input) {
    this.layer = layer;
    sequences = layer.returnSequences();
    backwards = layer.goBackwards();
    steps = input.size(0);
    weights = new RecurrentWeights(context, input.size(1), layer.units(), layer.useBias());
  }

  /** Returns a cell for one walk of one worker, which keeps its states and gradients there. */
  Cell cell(CheckedKernels kernels, Matrix[] states, Matrix[] gradients) {
    return switch (layer) {
      case SimpleRnn rnn ->
          new SimpleCell(
              weights, kernels, RunContext.elementwise(rnn.activation()), states, gradients);
    };
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return context.rows() == 1 && !context.training()
        ? new OneRow(this, context, below)
        : new ManyRows(this, context, below);
  }

  /** A first layer whose states are nobody's outputs but the last; steps of zeros come first. */
  @Override
  public boolean passesOverBlankLead() {
    return !sequences && !backwards && steps > 1;
  }

  /** Returns the step of the input that step {@code t} of the walk reads. */
  int inputStep(int t) {
    return backwards ? steps - 1 - t : t;
  }

  @Override
  public List<CpuParameter> parameters() {
    return weights.parameters();
  }

  @Override
  public List<ParameterView> views() {
    return weights.views();
  }
}
