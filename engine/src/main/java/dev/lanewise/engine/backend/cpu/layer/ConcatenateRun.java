package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link dev.lanewise.engine.layer.Concatenate} at work. */
public final class ConcatenateRun implements LayerRun {
  private final CheckedKernels kernels;
  private final MergedValues inputs;
  private final MergedMasks masks;
  private final @Nullable StepMask mask;
  private final boolean features;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /**
   * Takes the memory.
   *
   * @param features whether inputs go side by side, or else their steps one after another
   */
  public ConcatenateRun(boolean features, Shape output, RunContext context, List<LayerRun> below) {
    this.features = features;
    kernels = context.kernels();
    inputs = new MergedValues(below);
    int positions = output.rank() == 1 ? 1 : output.size(0);
    masks = new MergedMasks(below);
    boolean masked = features ? masks.all() : masks.any();
    mask = masked ? new StepMask(positions, context.rows()) : null;
    outputs = context.signals("outputs", positions, output.size(-1));
    outputGradients = context.gradientSignals(positions, output.size(-1));
  }

  @Override
  public Matrix[] inputs() {
    return inputs.of(0);
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
  public @Nullable StepMask mask() {
    return mask;
  }

  @Override
  public void forward(Pass pass) {
    if (mask != null && features) {
      masks.unite(mask, pass.rows());
    } else if (mask != null) {
      masks.join(mask, pass.rows());
    }
    int position = 0;
    int column = 0;
    for (int i = 0; i < inputs.count(); i++) {
      Matrix[] x = inputs.of(i);
      for (int p = 0; p < x.length; p++) {
        kernels.copy(pass.rows(), x[p], 0, outputs[position + p], column, inputs.width(i));
      }
      position += features ? 0 : x.length;
      column += features ? inputs.width(i) : 0;
    }
  }

  @Override
  public void backward(Pass pass) {
    int position = 0;
    int column = 0;
    for (int i = 0; i < inputs.count(); i++) {
      Matrix[] dx = inputs.gradients(i);
      for (int p = 0; p < dx.length; p++) {
        Matrix dy = outputGradients[position + p];
        kernels.copy(pass.rows(), dy, column, dx[p], 0, inputs.width(i));
      }
      position += features ? 0 : inputs.of(i).length;
      column += features ? inputs.width(i) : 0;
    }
  }
}
