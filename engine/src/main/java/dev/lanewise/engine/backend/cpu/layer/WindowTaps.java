package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.RightOperand;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.WindowPlaces;
import dev.lanewise.engine.tensor.Matrix;

/**
 * The kernel of a window that slides over positions, one matrix [size * features, columns]. Each
 * position of the window has some of its rows, a tap, as a Dense layer's kernel of its own, whose
 * products are added up: nothing is copied to lie side by side, and each sum is one chain in
 * ascending positions and features, as if it were.
 *
 * <p>Positions are matrices [rows, features], places [rows, columns], a row being a sample's.
 */
public final class WindowTaps {
  private final WindowPlaces places;
  private final CpuParameter kernel;
  private final Matrix zeroColumns;

  /** A matrix a position of the window: [features, columns]. */
  private final RightOperand[] taps;

  /** The same for the way back; none where nobody asks for the gradient by the positions. */
  private final RightOperand[] transposed;

  /** By shard, then by position of the window; none where the kernel stays as it is. */
  private final Matrix[][] gradients;

  /**
   * Takes the kernel's memory.
   *
   * @param features the width of a position
   * @param columns the width of a place
   * @param back whether somebody will ask for the gradient by the positions
   */
  public WindowTaps(
      LayerContext context,
      String label,
      WindowPlaces places,
      int features,
      int columns,
      boolean back) {
    this.places = places;
    int size = places.size();
    kernel = context.parameter(label, Math.multiplyExact(size, features), columns);
    zeroColumns = context.zeroRow(columns);
    transposed = new RightOperand[back ? size : 0];
    for (int tap = 0; tap < transposed.length; tap++) {
      transposed[tap] = kernel.transposed(tap * features, features);
    }
    taps = new RightOperand[size];
    gradients = new Matrix[kernel.shardGradients().length][size];
    look(0, columns);
  }

  private WindowTaps(WindowTaps all, int column, int columns) {
    places = all.places;
    kernel = all.kernel;
    zeroColumns = all.zeroColumns.tensor().matrix(0, 1, 0, columns);
    transposed = new RightOperand[all.transposed.length];
    for (int tap = 0; tap < transposed.length; tap++) {
      transposed[tap] = all.transposed[tap].rows(column, columns);
    }
    taps = new RightOperand[all.taps.length];
    gradients = new Matrix[all.gradients.length][taps.length];
    look(column, columns);
  }

  private void look(int column, int columns) {
    int features = kernel.rows() / taps.length;
    for (int tap = 0; tap < taps.length; tap++) {
      int row = tap * features;
      taps[tap] = kernel.operand(row, features, column, columns);
      Matrix[] ofShards = kernel.shardGradients(row, features, column, columns);
      for (int shard = 0; shard < ofShards.length; shard++) {
        gradients[shard][tap] = ofShards[shard];
      }
    }
  }

  /** Returns some columns, the first at a whole vector, as a kernel of their own. */
  public WindowTaps columns(int first, int count) {
    return new WindowTaps(this, first, count);
  }

  /** Returns where it slides. */
  public WindowPlaces places() {
    return places;
  }

  /** Returns the kernel. */
  public CpuParameter kernel() {
    return kernel;
  }

  /** Returns the kernel's elements. */
  public long elements() {
    return (long) kernel.rows() * zeroColumns.columns();
  }

  /** Returns whether it can tell the gradient by the positions. */
  public boolean goesBack() {
    return transposed.length > 0;
  }

  /** Returns the weights of one position of the window. */
  RightOperand tap(int number) {
    return taps[number];
  }

  /**
   * Adds up what the window sees at a place, for {@code count} rows from row {@code first} on.
   *
   * @param of the positions
   * @param begun what the sums begin with: themselves, or a row that is repeated
   * @return {@code sums}, or, where the window sees nothing, {@code begun}
   */
  public Matrix sum(
      CheckedKernels kernels,
      int place,
      int first,
      int count,
      Matrix[] of,
      Matrix begun,
      Matrix sums) {
    Matrix start = begun;
    for (int tap = 0; tap < taps.length; tap++) {
      int position = places.step(place, tap);
      if (position != WindowPlaces.NONE) {
        taps[tap].multiply(kernels, first, count, of[position], 0, start, sums);
        start = sums;
      }
    }
    return start;
  }

  /**
   * Computes the gradient by a position, for {@code count} rows from row {@code first} on.
   *
   * @param dz the gradients by the sums, by place
   * @param begun what it begins with, a row that is repeated
   */
  public void gradient(
      CheckedKernels kernels,
      int position,
      int first,
      int count,
      Matrix[] dz,
      Matrix begun,
      Matrix dx) {
    Matrix start = begun;
    for (int tap = 0; tap < transposed.length; tap++) {
      int place = places.place(position, tap);
      if (place != WindowPlaces.NONE) {
        transposed[tap].multiply(kernels, first, count, dz[place], 0, start, dx);
        start = dx;
      }
    }
    if (start != dx) {
      kernels.start(first, count, start, dx);
    }
  }

  /**
   * Adds what the window sees at some places to sums that have begun.
   *
   * @param rows the rows in use
   */
  void addSums(CheckedKernels kernels, WindowRuns seen, int rows, Positions of, Positions sums) {
    add(kernels, taps, seen, rows, of, sums);
  }

  /** Adds what places give to gradients by the positions that they see. */
  void addGradients(
      CheckedKernels kernels, WindowRuns seeing, int rows, Positions dz, Positions dx) {
    add(kernels, transposed, seeing, rows, dz, dx);
  }

  private static void add(
      CheckedKernels kernels,
      RightOperand[] operands,
      WindowRuns met,
      int rows,
      Positions from,
      Positions to) {
    boolean joined = from.join(rows) && to.join(rows);
    for (int run = 0; run < met.count(); run++) {
      RightOperand operand = operands[met.tap(run)];
      int at = met.to(run);
      int by = met.from(run);
      int count = met.length(run);
      if (joined) {
        operand.add(kernels, count * rows, from.all(), by * rows, to.all(), at * rows);
      }
      for (int n = 0; n < count && !joined; n++) {
        operand.add(kernels, rows, from.at(by + n), 0, to.at(at + n), 0);
      }
    }
  }

  /** Adds what the window sees at some places to a shard's gradient by the kernel. */
  void addGradientSeen(
      CheckedKernels kernels, WindowRuns seen, int rows, Positions of, Positions dz, int shard) {
    boolean joined = of.join(rows) && dz.join(rows);
    for (int run = 0; run < seen.count(); run++) {
      Matrix gradient = gradients[shard][seen.tap(run)];
      int count = seen.length(run);
      addProducts(kernels, joined, rows, count, of, seen.from(run), dz, seen.to(run), gradient);
    }
  }

  /** Adds what places say of some positions to a shard's gradient by the kernel. */
  void addGradientSeeing(
      CheckedKernels kernels, WindowRuns seeing, int rows, Positions of, Positions dz, int shard) {
    boolean joined = of.join(rows) && dz.join(rows);
    for (int run = 0; run < seeing.count(); run++) {
      Matrix gradient = gradients[shard][seeing.tap(run)];
      int count = seeing.length(run);
      addProducts(kernels, joined, rows, count, of, seeing.to(run), dz, seeing.from(run), gradient);
    }
  }

  private static void addProducts(
      CheckedKernels kernels,
      boolean joined,
      int rows,
      int count,
      Positions of,
      int by,
      Positions dz,
      int at,
      Matrix gradient) {
    if (joined) {
      kernels
          .products()
          .addTransposed(count * rows, of.all(), by * rows, dz.all(), at * rows, gradient);
      return;
    }
    for (int n = 0; n < count; n++) {
      kernels.products().addTransposed(rows, of.at(by + n), 0, dz.at(at + n), 0, gradient);
    }
  }

  /** Returns whether there is a gradient by the kernel. */
  public boolean isTrained() {
    return gradients.length > 0;
  }

  /** Begins a shard's gradient by the kernel. */
  public void beginGradient(CheckedKernels kernels, int shard) {
    for (Matrix gradient : gradients[shard]) {
      kernels.start(gradient.rows(), zeroColumns, gradient);
    }
  }

  /**
   * Adds what the window sees at a place to a shard's gradient by the kernel.
   *
   * @param of the positions
   * @param dz the gradient by the sums there
   */
  public void addGradient(
      CheckedKernels kernels, int place, int rows, Matrix[] of, Matrix dz, int shard) {
    for (int tap = 0; tap < taps.length; tap++) {
      int position = places.step(place, tap);
      if (position != WindowPlaces.NONE) {
        Matrix gradient = gradients[shard][tap];
        kernels.gemmTransposedA(rows, of[position], dz, gradient, gradient);
      }
    }
  }
}
