package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** An embedding at work: rows of its table forward, the gradients by them to their sums back. */
final class EmbeddingRun implements LayerRun {
  private final CpuEmbedding layer;
  private final CheckedKernels kernels;
  private final @Nullable StepMask mask;
  private final Matrix[] inputs;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /** Of the rows at hand, step after step in each. */
  private final int[] ids;

  EmbeddingRun(CpuEmbedding layer, RunContext context, @Nullable LayerRun below) {
    this.layer = layer;
    kernels = context.kernels();
    Shape ids = layer.input;
    inputs =
        below == null
            ? context.signals("token ids", ids.positions(), ids.size(-1))
            : below.outputs();
    mask = layer.maskZero ? new StepMask(layer.steps, context.rows()) : null;
    outputs = context.signals("outputs", layer.steps, layer.width);
    outputGradients = context.gradientSignals(layer.steps, layer.width);
    this.ids = new int[context.rows() * layer.steps];
  }

  @Override
  public void layOut(int rows) {
    Positions.join(outputs, rows);
    Positions.join(outputGradients, rows);
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
  public @Nullable StepMask mask() {
    return mask;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public void forward(Pass pass) {
    int steps = layer.steps;
    if (mask != null) {
      mask.begin(pass.rows());
    }
    for (int r = 0; r < pass.rows(); r++) {
      for (int p = 0; p < steps; p++) {
        int width = inputs[0].columns();
        int id = (int) inputs[p / width].get(r, p % width);
        ids[r * steps + p] = id;
        if (mask != null && id != 0) {
          mask.use(p, r);
        }
        kernels.copyRows(
            1, layer.table, id, outputs[p], r); // which refuses a row that is not there
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    if (layer.gradients != null) {
      layer.gradients.take(kernels, pass.shard(), pass.rows(), ids, outputGradients);
    }
  }
}
