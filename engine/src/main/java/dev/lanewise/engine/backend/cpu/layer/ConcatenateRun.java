package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Concatenate} at work. */
public final class ConcatenateRun implements LayerRun {
  private final CheckedKernels kernels;
  private final MergedValues inputs;
  private final MergedMasks masks;
  private final @Nullable StepMask mask;
  private final boolean features;

  /** How often the inputs take turns, and the positions that each gives at a turn. */
  private final int turns;

  private final int[] each;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /**
   * Takes the memory.
   *
   * @param shapes of its inputs
   */
  public ConcatenateRun(
      Concatenate layer,
      List<Shape> shapes,
      Shape output,
      RunContext context,
      List<LayerRun> below) {
    int place = layer.place(output.rank());
    features = place == output.rank() - 1;
    kernels = context.kernels();
    inputs = new MergedValues(below);
    int count = 1;
    for (int i = 0; i < place && !features; i++) {
      count *= output.size(i);
    }
    turns = count;
    each = shapes.stream().mapToInt(shape -> shape.positions() / turns).toArray();
    masks = new MergedMasks(layer.rule(), below);
    boolean masked = features ? masks.meet() : masks.any();
    mask = masked ? new StepMask(output.positions(), context.rows()) : null;
    outputs = context.signals("outputs", output.positions(), output.size(-1));
    outputGradients = context.gradientSignals(output.positions(), output.size(-1));
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
    for (int turn = 0; turn < turns; turn++) {
      int column = 0;
      for (int i = 0; i < inputs.count(); i++) {
        Matrix[] x = inputs.of(i);
        for (int p = 0; p < each[i]; p++) {
          Matrix y = outputs[position + p];
          kernels.copy(pass.rows(), x[turn * each[i] + p], 0, y, column, inputs.width(i));
        }
        position += features ? 0 : each[i];
        column += features ? inputs.width(i) : 0;
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    int position = 0;
    for (int turn = 0; turn < turns; turn++) {
      int column = 0;
      for (int i = 0; i < inputs.count(); i++) {
        Matrix[] dx = inputs.gradients(i);
        for (int p = 0; dx.length > 0 && p < each[i]; p++) {
          Matrix dy = outputGradients[position + p];
          kernels.copy(pass.rows(), dy, column, dx[turn * each[i] + p], 0, inputs.width(i));
        }
        position += features ? 0 : each[i];
        column += features ? inputs.width(i) : 0;
      }
    }
  }
}
