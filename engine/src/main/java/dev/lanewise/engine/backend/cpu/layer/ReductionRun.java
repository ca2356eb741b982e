package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedElements;
import dev.lanewise.engine.kernel.Polynomials;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;

/** {@link Reduction} at work: each element of the input goes, in order, to one of the output. */
final class ReductionRun implements LayerRun {
  private final Kind kind;

  /** Which element of the output the first of each position's goes to. */
  private final int[] targets;

  /** How far apart neighbours go: 0 where the last size is gone over, too. */
  private final int stride;

  /** How many go to each. */
  private final int together;

  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /** Beside the outputs: means; how many are alike. */
  private final Matrix[] notes;

  private final CheckedElements elements;
  private final float[] row;

  ReductionRun(Reduction layer, Shape output, RunContext context, Signals signals) {
    kind = layer.kind();
    Shape input = signals.shape();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", output.positions(), output.size(-1));
    outputGradients = context.gradientSignals(output.positions(), output.size(-1));
    notes = context.signals("notes", output.positions(), output.size(-1));
    elements = context.kernels().elements();
    row = new float[signals.width()];
    stride = layer.isOver(input.rank() - 1) ? 0 : 1;
    together = Math.toIntExact(input.elementCount() / output.elementCount());
    targets = new int[input.positions()];
    for (int p = 0; p < targets.length; p++) {
      targets[p] = target(layer, input, p);
    }
  }

  private static int target(Reduction layer, Shape input, int position) {
    int last = input.rank() - 1;
    int stride = layer.isOver(last) ? 1 : input.size(last);
    int rest = position;
    int target = 0;
    for (int size = last - 1; size >= 0; size--) {
      if (!layer.isOver(size)) {
        target += rest % input.size(size) * stride;
        stride *= input.size(size);
      }
      rest /= input.size(size);
    }
    return target;
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
    return outputGradients;
  }

  private static float get(Matrix[] values, int row, int element) {
    int width = values[0].columns();
    return values[element / width].get(row, element % width);
  }

  private static void set(Matrix[] values, int row, int element, float value) {
    int width = values[0].columns();
    values[element / width].set(row, element % width, value);
  }

  private static void fill(Matrix[] values, int rows, float value) {
    for (Matrix each : values) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < each.columns(); c++) {
          each.set(r, c, value);
        }
      }
    }
  }

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    switch (kind) {
      case SUM -> sum(outputs, rows, false);
      case MEAN -> {
        sum(outputs, rows, false);
        divide(outputs, rows);
      }
      case MAX, MIN -> {
        fill(outputs, rows, kind == Kind.MIN ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY);
        extremes(rows);
      }
      case VAR, STD -> {
        sum(notes, rows, false);
        divide(notes, rows);
        sum(outputs, rows, true);
        divide(outputs, rows);
        for (int p = 0; kind == Kind.STD && p < outputs.length; p++) {
          root(outputs[p], rows);
        }
      }
      case PROD -> product(rows);
      case LOGSUMEXP -> {
        fill(outputs, rows, Float.NEGATIVE_INFINITY);
        extremes(rows);
        sumOfExponentials(rows);
      }
    }
  }

  /** Adds up elements, or the squares of what they differ from their means. */
  private void sum(Matrix[] sums, int rows, boolean squares) {
    fill(sums, rows, 0);
    if (stride == 1 && !squares) {
      for (int p = 0; p < inputs.length; p++) {
        elements.add(rows, inputs[p], sums[targets[p] / row.length]);
      }
      return;
    }
    for (int p = 0; p < inputs.length; p++) {
      Matrix x = inputs[p];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < x.columns(); c++) {
          int to = targets[p] + c * stride;
          float d = squares ? x.get(r, c) - get(notes, r, to) : x.get(r, c);
          set(sums, r, to, get(sums, r, to) + (squares ? d * d : d));
        }
      }
    }
  }

  private void divide(Matrix[] sums, int rows) {
    for (Matrix each : sums) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < each.columns(); c++) {
          each.set(r, c, each.get(r, c) / together);
        }
      }
    }
  }

  private static void root(Matrix squares, int rows) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < squares.columns(); c++) {
        squares.set(r, c, (float) Math.sqrt(squares.get(r, c)));
      }
    }
  }

  private void extremes(int rows) {
    for (int p = 0; p < inputs.length; p++) {
      Matrix x = inputs[p];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < x.columns(); c++) {
          int to = targets[p] + c * stride;
          float best = get(outputs, r, to);
          float y = kind == Kind.MIN ? Math.min(best, x.get(r, c)) : Math.max(best, x.get(r, c));
          set(outputs, r, to, y);
        }
      }
    }
  }

  private void product(int rows) {
    fill(outputs, rows, 1);
    for (int p = 0; p < inputs.length; p++) {
      Matrix x = inputs[p];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < x.columns(); c++) {
          int to = targets[p] + c * stride;
          set(outputs, r, to, get(outputs, r, to) * x.get(r, c));
        }
      }
    }
  }

  /** The outputs are the largest before. */
  private void sumOfExponentials(int rows) {
    fill(notes, rows, 0);
    for (int p = 0; p < inputs.length; p++) {
      Matrix x = inputs[p];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < x.columns(); c++) {
          int to = targets[p] + c * stride;
          float e = Polynomials.exp(x.get(r, c) - get(outputs, r, to));
          set(notes, r, to, get(notes, r, to) + e);
        }
      }
    }
    for (int p = 0; p < outputs.length; p++) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < outputs[p].columns(); c++) {
          double log = StrictMath.log(notes[p].get(r, c));
          outputs[p].set(r, c, (float) (outputs[p].get(r, c) + log));
        }
      }
    }
  }

  /** Returns the product of what goes to an element but for one: there may be zeros. */
  private float productOfOthers(int position, int row, int column, int to) {
    float product = 1;
    for (int p = 0; p < inputs.length; p++) {
      for (int c = 0; c < inputs[p].columns(); c++) {
        boolean other = p != position || c != column;
        if (other && targets[p] + c * stride == to) {
          product *= inputs[p].get(row, c);
        }
      }
    }
    return product;
  }

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length == 0) {
      return;
    }
    int rows = pass.rows();
    if (kind == Kind.MAX || kind == Kind.MIN) {
      countAlike(rows);
    }
    if (stride == 1 && (kind == Kind.SUM || kind == Kind.MEAN)) {
      share(rows, kind == Kind.SUM ? 1 : 1f / together);
      return;
    }
    for (int p = 0; p < inputs.length; p++) {
      Matrix x = inputs[p];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < x.columns(); c++) {
          int from = targets[p] + c * stride;
          float dy = get(outputGradients, r, from);
          float slope =
              kind == Kind.PROD ? productOfOthers(p, r, c, from) : slope(x.get(r, c), r, from);
          inputGradients[p].set(r, c, dy * slope);
        }
      }
    }
  }

  /** Gives each of what became one its share of the gradient. */
  private void share(int rows, float factor) {
    for (int p = 0; p < inputs.length; p++) {
      for (int r = 0; r < rows; r++) {
        outputGradients[targets[p] / row.length].copyRow(r, row);
        RowArrays.multiply(factor, row);
        inputGradients[p].setRow(r, row);
      }
    }
  }

  private void countAlike(int rows) {
    fill(notes, rows, 0);
    for (int p = 0; p < inputs.length; p++) {
      Matrix x = inputs[p];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < x.columns(); c++) {
          int to = targets[p] + c * stride;
          float alike = x.get(r, c) == get(outputs, r, to) ? 1 : 0;
          set(notes, r, to, get(notes, r, to) + alike);
        }
      }
    }
  }

  private float slope(float x, int row, int to) {
    return switch (kind) {
      case SUM -> 1;
      case MEAN -> 1f / together;
      case MAX, MIN -> x == get(outputs, row, to) ? 1 / get(notes, row, to) : 0;
      case VAR -> 2 * (x - get(notes, row, to)) / together;
      case STD -> (x - get(notes, row, to)) / (together * get(outputs, row, to));
      case LOGSUMEXP -> Polynomials.exp(x - get(outputs, row, to));
      case PROD -> throw new IllegalStateException("is the product of the others");
    };
  }
}
