package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedElements;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Pointwise.Operation;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@link Pointwise} at work: sums and products of whole rows by kernels, the rest a row at a time,
 * by {@link PointwiseRows}. Inputs may be repeated along either size.
 */
public final class PointwiseRun implements LayerRun {
  private final Operation operation;
  private final CheckedKernels kernels;
  private final MergedValues inputs;
  private final MergedMasks masks;
  private final @Nullable StepMask mask;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final PointwiseRows rows;

  /** Whether kernels know the way there, and the way back. */
  private final boolean byKernels;

  private final boolean backByKernels;

  public PointwiseRun(Pointwise layer, Shape output, RunContext context, List<LayerRun> below) {
    operation = layer.operation();
    kernels = context.kernels();
    inputs = new MergedValues(below);
    int positions = output.positions();
    int width = output.size(-1);
    masks = new MergedMasks(layer.rule(), below);
    mask = masks.meet() ? new StepMask(positions, context.rows()) : null;
    outputs = context.signals("outputs", positions, width);
    outputGradients = context.gradientSignals(positions, width);
    boolean heedsMasks = layer.heedsMasks() && masks.any();
    rows = new PointwiseRows(operation, inputs, heedsMasks ? masks : null, mask, width);
    byKernels =
        (operation == Operation.ADD || (operation == Operation.MULTIPLY && !heedsMasks))
            && IntStream.range(0, inputs.count()).allMatch(i -> inputs.width(i) == width);
    backByKernels = byKernels && (operation == Operation.ADD || inputs.count() == 2);
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

  /** Returns what of a value belongs to a position: its only one is repeated. */
  private static Matrix at(Matrix[] value, int position) {
    return value[value.length == 1 ? 0 : position];
  }

  @Override
  public void forward(Pass pass) {
    if (mask != null) {
      masks.unite(mask, pass.rows());
    }
    for (int p = 0; p < outputs.length; p++) {
      if (byKernels) {
        merge(p, pass.rows());
        continue;
      }
      for (int r = 0; r < pass.rows(); r++) {
        rows.merge(p, r, outputs[p]);
      }
    }
  }

  private void merge(int p, int count) {
    Matrix y = outputs[p];
    kernels.copy(count, at(inputs.of(0), p), y);
    for (int i = 1; i < inputs.count(); i++) {
      Matrix x = at(inputs.of(i), p);
      if (operation == Operation.ADD) {
        kernels.elements().add(count, x, y);
      } else {
        kernels.elements().multiply(0, count, x, y, y);
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int i = 0; i < inputs.count(); i++) {
      Matrix[] dx = inputs.gradients(i);
      if (dx.length > 0) {
        goBack(i, dx, pass.rows());
      }
    }
  }

  private void goBack(int input, Matrix[] gradients, int count) {
    // One of one position, which may be repeated, gets the sum of all.
    for (int p = 0; p < outputs.length; p++) {
      Matrix dx = at(gradients, p);
      boolean adds = p > 0 && gradients.length == 1;
      if (backByKernels) {
        goBack(input, p, count, adds, dx);
        continue;
      }
      for (int r = 0; r < count; r++) {
        rows.goBack(input, p, r, adds, outputs[p], outputGradients[p], dx);
      }
    }
  }

  private void goBack(int input, int p, int count, boolean adds, Matrix dx) {
    CheckedElements elements = kernels.elements();
    Matrix dy = outputGradients[p];
    if (operation == Operation.MULTIPLY) {
      Matrix factor = at(inputs.of(1 - input), p);
      if (adds) {
        elements.multiplyAdd(0, count, dy, factor, dx);
      } else {
        elements.multiply(0, count, dy, factor, dx);
      }
    } else if (adds) {
      elements.add(count, dy, dx);
    } else {
      kernels.copy(count, dy, dx);
    }
  }
}
