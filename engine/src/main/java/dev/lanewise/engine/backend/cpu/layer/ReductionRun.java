package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedElements;
import dev.lanewise.engine.kernel.Polynomials;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;

/** {@link Reduction} at work: each element of the input goes, in order, to one of the output. */
final class ReductionRun extends BetweenRun {
  private final Kind kind;

  /** Which element of the output the first of each position's goes to. */
  private final int[] targets;

  /** How far apart neighbours go: 0 where the last size is gone over, too. */
  private final int stride;

  /** How many go to each. */
  private final int together;

  /** Beside the outputs: means; how many are alike. */
  private final Matrix[] notes;

  private final CheckedElements elements;

  /** A sample, or the gradient by it; what it becomes, with what is noted; the gradient by that. */
  private final float[] x;

  private final float[] y;
  private final float[] note;
  private final float[] dy;

  /** A product's factors; how many have been gone over on the way to a place. */
  private final float[] factors;

  ReductionRun(Reduction layer, Shape output, RunContext context, Signals signals) {
    super(context, signals, output);
    kind = layer.kind();
    Shape input = signals.shape();
    notes = context.signals("notes", output.positions(), output.size(-1));
    elements = context.kernels().elements();
    x = new float[Math.toIntExact(input.elementCount())];
    y = new float[Math.toIntExact(output.elementCount())];
    note = new float[y.length];
    dy = new float[y.length];
    factors =
        switch (kind) {
          case PROD -> new float[x.length];
          case ARGMAX, ARGMIN -> new float[y.length];
          default -> new float[0]; // needs none
        };
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

  /** Returns whether what is added up are whole rows of positions. */
  private boolean addsRows() {
    return stride == 1 && (kind == Kind.SUM || kind == Kind.MEAN);
  }

  @Override
  public void forward(Pass pass) {
    if (addsRows()) {
      addRows(pass.rows());
      return;
    }
    for (int r = 0; r < pass.rows(); r++) {
      RowArrays.readAll(inputs, r, x);
      reduce();
      RowArrays.writeAll(y, outputs, r);
      RowArrays.writeAll(note, notes, r);
    }
  }

  private void addRows(int rows) {
    Arrays.fill(y, 0);
    for (int r = 0; r < rows; r++) {
      RowArrays.writeAll(y, outputs, r);
    }
    int width = outputs[0].columns();
    for (int p = 0; p < inputs.length; p++) {
      elements.add(rows, inputs[p], outputs[targets[p] / width]);
    }
    for (int r = 0; kind == Kind.MEAN && r < rows; r++) {
      RowArrays.readAll(outputs, r, y);
      RowArrays.divide(together, y);
      RowArrays.writeAll(y, outputs, r);
    }
  }

  private int target(int element) {
    int width = inputs[0].columns();
    return targets[element / width] + element % width * stride;
  }

  private void reduce() {
    switch (kind) {
      case SUM -> sum(y);
      case MEAN -> mean(y);
      case MAX, MIN -> extremes();
      case VAR, STD -> {
        mean(note);
        squares();
      }
      case PROD -> product();
      case ANY, ALL -> truths();
      case ARGMAX, ARGMIN -> places();
      case LOGSUMEXP -> {
        extremes();
        sumOfExponentials();
      }
    }
  }

  private void sum(float[] sums) {
    Arrays.fill(sums, 0);
    int width = inputs[0].columns();
    for (int p = 0, i = 0; p < inputs.length; p++) {
      for (int c = 0; c < width; c++, i++) {
        sums[targets[p] + c * stride] += x[i];
      }
    }
  }

  private void mean(float[] means) {
    sum(means);
    RowArrays.divide(together, means);
  }

  private void squares() {
    Arrays.fill(y, 0);
    int width = inputs[0].columns();
    for (int p = 0, i = 0; p < inputs.length; p++) {
      for (int c = 0; c < width; c++, i++) {
        int to = targets[p] + c * stride;
        float apart = x[i] - note[to];
        y[to] += apart * apart;
      }
    }
    RowArrays.divide(together, y);
    for (int to = 0; kind == Kind.STD && to < y.length; to++) {
      y[to] = (float) Math.sqrt(y[to]);
    }
  }

  private void extremes() {
    boolean least = kind == Kind.MIN;
    Arrays.fill(y, least ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY);
    int width = inputs[0].columns();
    for (int p = 0, i = 0; p < inputs.length; p++) {
      for (int c = 0; c < width; c++, i++) {
        int to = targets[p] + c * stride;
        y[to] = least ? Math.min(y[to], x[i]) : Math.max(y[to], x[i]);
      }
    }
  }

  private void product() {
    Arrays.fill(y, 1);
    for (int i = 0; i < x.length; i++) {
      y[target(i)] *= x[i];
    }
  }

  private void truths() {
    boolean all = kind == Kind.ALL;
    Arrays.fill(y, all ? 1 : 0);
    for (int i = 0; i < x.length; i++) {
      if ((x[i] != 0) != all) {
        y[target(i)] = all ? 0 : 1;
      }
    }
  }

  /** What is noted is the largest so far, or the smallest. */
  private void places() {
    boolean least = kind == Kind.ARGMIN;
    Arrays.fill(note, least ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY);
    Arrays.fill(y, 0);
    Arrays.fill(factors, 0);
    for (int i = 0; i < x.length; i++) {
      int to = target(i);
      if (least ? x[i] < note[to] : x[i] > note[to]) {
        note[to] = x[i];
        y[to] = factors[to];
      }
      factors[to]++; // are gone over
    }
  }

  /** What there is are the largest before. */
  private void sumOfExponentials() {
    Arrays.fill(note, 0);
    for (int i = 0; i < x.length; i++) {
      int to = target(i);
      note[to] += Polynomials.exp(x[i] - y[to]);
    }
    for (int to = 0; to < y.length; to++) {
      y[to] = (float) (y[to] + StrictMath.log(note[to]));
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int r = 0; inputGradients.length > 0 && r < pass.rows(); r++) {
      RowArrays.readAll(outputGradients, r, dy);
      if (!addsRows()) {
        RowArrays.readAll(inputs, r, x);
        RowArrays.readAll(outputs, r, y);
        RowArrays.readAll(notes, r, note);
      }
      goBack();
      RowArrays.writeAll(x, inputGradients, r);
    }
  }

  /** Turns a sample into the gradient by it. */
  private void goBack() {
    if (kind == Kind.PROD) {
      multiplyOthers();
      return;
    }
    if (kind == Kind.MAX || kind == Kind.MIN) {
      countAlike();
    }
    int width = inputs[0].columns();
    for (int p = 0, i = 0; p < inputs.length; p++) {
      for (int c = 0; c < width; c++, i++) {
        int from = targets[p] + c * stride;
        x[i] = dy[from] * slope(x[i], from);
      }
    }
  }

  private void countAlike() {
    Arrays.fill(note, 0);
    for (int i = 0; i < x.length; i++) {
      int to = target(i);
      note[to] += x[i] == y[to] ? 1 : 0;
    }
  }

  private float slope(float value, int from) {
    return switch (kind) {
      case SUM -> 1;
      case MEAN -> 1f / together;
      case MAX, MIN -> value == y[from] ? 1 / note[from] : 0;
      case VAR -> 2 * (value - note[from]) / together;
      case STD -> (value - note[from]) / (together * y[from]);
      case LOGSUMEXP -> Polynomials.exp(value - y[from]);
      case ANY, ALL, ARGMAX, ARGMIN -> 0;
      case PROD -> throw new IllegalStateException("is the product of the others");
    };
  }

  /** Multiplies what goes to the same element but for one: there may be zeros. */
  private void multiplyOthers() {
    System.arraycopy(x, 0, factors, 0, x.length);
    for (int i = 0; i < factors.length; i++) {
      int to = target(i);
      float product = 1;
      for (int j = 0; j < factors.length; j++) {
        product *= j != i && target(j) == to ? factors[j] : 1;
      }
      x[i] = dy[to] * product;
    }
  }
}
