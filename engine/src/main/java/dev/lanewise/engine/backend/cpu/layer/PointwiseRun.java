package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Pointwise.Operation;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Pointwise} at work, in plain loops: an element is read from memory once and takes an
 * operation or two, and inputs may be repeated along either size.
 */
public final class PointwiseRun implements LayerRun {
  private final Operation operation;
  private final MergedValues inputs;
  private final MergedMasks masks;
  private final boolean heedsMasks;
  private final @Nullable StepMask mask;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  public PointwiseRun(Pointwise layer, Shape output, RunContext context, List<LayerRun> below) {
    operation = layer.operation();
    inputs = new MergedValues(below);
    int positions = output.positions();
    masks = new MergedMasks(layer.rule(), below);
    heedsMasks = layer.heedsMasks() && masks.any();
    mask = masks.meet() ? new StepMask(positions, context.rows()) : null;
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

  /** Returns what an input has for an element: a size of 1 is repeated. */
  private float at(int input, int position, int row, int column) {
    Matrix[] x = inputs.of(input);
    Matrix of = x[x.length == 1 ? 0 : position];
    return of.get(row, of.columns() == 1 ? 0 : column);
  }

  @Override
  public void forward(Pass pass) {
    if (mask != null) {
      masks.unite(mask, pass.rows());
    }
    for (int p = 0; p < outputs.length; p++) {
      Matrix y = outputs[p];
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < y.columns(); c++) {
          y.set(r, c, heedsMasks ? underMasks(p, r, c) : merged(p, r, c));
        }
      }
    }
  }

  private float merged(int p, int r, int c) {
    float y = at(0, p, r, c);
    for (int i = 1; i < inputs.count(); i++) {
      float x = at(i, p, r, c);
      y =
          switch (operation) {
            case ADD, AVERAGE -> y + x;
            case SUBTRACT -> y - x;
            case MULTIPLY -> y * x;
            case MAXIMUM -> Math.max(y, x);
            case MINIMUM -> Math.min(y, x);
          };
    }
    return operation == Operation.AVERAGE ? y / inputs.count() : y;
  }

  /**
   * What is masked is no factor, and no largest or smallest; a product of nothing is 0, and of
   * nothing the first is the largest.
   */
  private float underMasks(int p, int r, int c) {
    if (operation != Operation.MULTIPLY) {
      int input = extreme(p, r, c);
      return at(input, p, r, c);
    }
    return mask != null && !mask.uses(p, r) ? 0 : product(-1, p, r, c);
  }

  /**
   * Returns the first input with the largest or smallest element of those that count; the very
   * first if none does.
   */
  private int extreme(int p, int r, int c) {
    int best = 0;
    boolean nothing = !masks.uses(0, p, r);
    for (int i = 1; i < inputs.count(); i++) {
      if (masks.uses(i, p, r)) {
        best = nothing || isBeyond(at(i, p, r, c), at(best, p, r, c)) ? i : best;
        nothing = false;
      }
    }
    return best;
  }

  private boolean isBeyond(float x, float y) {
    return Float.isNaN(x) || (operation == Operation.MAXIMUM ? x > y : x < y);
  }

  @Override
  public void backward(Pass pass) {
    for (int i = 0; i < inputs.count(); i++) {
      Matrix[] dx = inputs.gradients(i);
      if (dx.length > 0) {
        clear(dx, pass.rows());
        for (int p = 0; p < outputs.length; p++) {
          add(i, p, pass.rows(), dx[dx.length == 1 ? 0 : p]);
        }
      }
    }
  }

  private static void clear(Matrix[] gradients, int rows) {
    for (Matrix dx : gradients) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < dx.columns(); c++) {
          dx.set(r, c, 0);
        }
      }
    }
  }

  private void add(int input, int p, int rows, Matrix dx) {
    Matrix dy = outputGradients[p];
    boolean repeated = dx.columns() == 1;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < dy.columns(); c++) {
        int to = repeated ? 0 : c;
        dx.set(r, to, dx.get(r, to) + dy.get(r, c) * slope(input, p, r, c));
      }
    }
  }

  /** Returns the derivative of an element by what an input has for it. */
  private float slope(int input, int p, int r, int c) {
    return switch (operation) {
      case ADD -> 1;
      case AVERAGE -> 1f / inputs.count();
      case SUBTRACT -> input == 0 ? 1 : -1;
      case MULTIPLY -> uses(input, p, r) ? product(input, p, r, c) : 0;
      case MAXIMUM, MINIMUM ->
          (heedsMasks ? extreme(p, r, c) : first(outputs[p].get(r, c), p, r, c)) == input ? 1 : 0;
    };
  }

  private float product(int without, int p, int r, int c) {
    float product = 1;
    for (int i = 0; i < inputs.count(); i++) {
      product *= i == without || !uses(i, p, r) ? 1 : at(i, p, r, c);
    }
    return product;
  }

  private boolean uses(int input, int p, int r) {
    return !heedsMasks || masks.uses(input, p, r);
  }

  private int first(float value, int p, int r, int c) {
    int input = 0;
    while (input < inputs.count() - 1 && at(input, p, r, c) != value) {
      input++;
    }
    return input;
  }
}
