package dev.lanewise.engine.backend.cpu.weights;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Halves;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.Panels;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A matrix of weights, [rows, padded columns], with what training needs beside it: a gradient a
 * shard and call, and the optimizer's slots, unless it is left as it is, and transposed copies for
 * backward passes. The update works on blocks of rows, which threads take as they come.
 */
public final class CpuParameter {
  /** A block's transposed columns fill whole cache lines, so that no two blocks share one. */
  private static final int BLOCK_ROWS = Kernels.LANES;

  private final TensorArena arena;
  private final String label;
  private final Tensor values;
  private final Matrix all;
  private final @Nullable Tensor gradients;
  private final List<Tensor> slots = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final int rows;
  private final int columns;
  private final int stride;
  private final int shards;
  private final int calls;
  private final List<RowSum> rowSums = new ArrayList<>();
  private final List<Copy> copies = new ArrayList<>();
  private final List<HalfCopy> halves = new ArrayList<>();
  private final boolean inPanels;
  private @Nullable Panels panels;
  private @Nullable TokenGradients tokens;

  /** The rows that one task updates, and where their transposes go. */
  private static final class Block {
    final int firstRow;
    final int rows;
    final List<Matrix> sources = new ArrayList<>();
    final List<Matrix> transposes = new ArrayList<>();

    Block(int firstRow, int rows) {
      this.firstRow = firstRow;
      this.rows = rows;
    }
  }

  /** The transpose of some rows, which all who ask for these share. */
  private record Copy(int firstRow, int count, RightOperand values) {}

  /** Some columns in bfloat16. */
  private record HalfCopy(int column, Matrix values, Halves copy) {}

  /** The sum of a first row and others. */
  private record RowSum(Matrix first, Matrix others, Matrix sum) {}

  /**
   * Takes the memory.
   *
   * @param shards the most shards of a batch, 0 without training
   * @param calls how often a pass uses the weights: each has a gradient of its own in each shard
   * @param panelsFrom how many elements it has where products read copies in {@link Panels}
   */
  public CpuParameter(
      TensorArena arena,
      String label,
      int rows,
      int columns,
      int shards,
      int calls,
      List<String> slotNames,
      long panelsFrom) {
    this.arena = arena;
    this.label = label;
    this.rows = rows;
    this.columns = columns;
    stride = Kernels.stride(columns);
    inPanels = (long) rows * columns >= panelsFrom;
    Shape shape = Shape.of(rows, columns);
    values = arena.tensor(label, shape, stride);
    all = values.matrix();
    gradients =
        shards == 0
            ? null
            : arena.tensor("gradient of " + label, Shape.of(shards * calls, rows, columns), stride);
    this.shards = shards;
    this.calls = calls;
    for (String slot : slotNames) {
      slots.add(arena.tensor(slot + " of " + label, shape, stride));
    }
    for (int row = 0; row < rows; row += BLOCK_ROWS) {
      blocks.add(new Block(row, Math.min(BLOCK_ROWS, rows - row)));
    }
  }

  /** Returns all weights. */
  public Matrix matrix() {
    return all;
  }

  /** Returns each shard's gradients, one a call; none of what will not be trained. */
  public Matrix[] shardGradients() {
    return shardGradients(0, rows, 0, columns);
  }

  /** Returns some rows and columns of each shard's gradients. */
  public Matrix[] shardGradients(int firstRow, int count, int column, int width) {
    Matrix[] each = new Matrix[shards * calls];
    for (int i = 0; i < each.length; i++) {
      each[i] = gradients().matrix((long) i * rows + firstRow, count, column, width);
    }
    return each;
  }

  public Tensor values() {
    return values;
  }

  Tensor gradients() {
    return Objects.requireNonNull(gradients, "what is not trained has no gradients");
  }

  /** Returns whether updates change it. */
  public boolean isTrained() {
    return gradients != null;
  }

  List<Tensor> slots() {
    return slots;
  }

  public int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /** Returns some rows and columns, the first at a whole vector, for products of rows with them. */
  public RightOperand operand(int firstRow, int count, int column, int width) {
    if (!inPanels || stride == Kernels.LANES) { // which is one panel as it is
      return new RightOperand.Whole(values.matrix(firstRow, count, column, width));
    }
    if (panels == null) {
      panels = Panels.of(arena, label + " in panels", rows, columns);
    }
    return new RightOperand.InPanels(panels.part(firstRow, count, column, width));
  }

  /** Returns the transpose of some rows, [columns, count], as a copy that every update renews. */
  public RightOperand transposed(int firstRow, int count) {
    for (Copy made : copies) {
      if (made.firstRow == firstRow && made.count == count) {
        return made.values;
      }
    }
    RightOperand copy =
        inPanels && count > Kernels.LANES
            ? transposedInPanels(firstRow, count)
            : transposedWhole(firstRow, count);
    copies.add(new Copy(firstRow, count, copy));
    return copy;
  }

  private RightOperand transposedWhole(int firstRow, int count) {
    Tensor copy =
        arena.tensor("transpose of " + label, Shape.of(columns, count), Kernels.stride(count));
    for (Block block : blocks) {
      int from = Math.max(block.firstRow, firstRow);
      int to = Math.min(block.firstRow + block.rows, firstRow + count);
      if (from < to) {
        block.sources.add(values.matrix(from, to - from, 0, columns));
        block.transposes.add(copy.matrix(0, columns, from - firstRow, to - from));
      }
    }
    return new RightOperand.Whole(copy.matrix());
  }

  /** Rows of one block are columns of one or two panels. */
  private RightOperand transposedInPanels(int firstRow, int count) {
    Panels copy = Panels.of(arena, "transpose of " + label + " in panels", columns, count);
    for (Block block : blocks) {
      int from = Math.max(block.firstRow, firstRow);
      int to = Math.min(block.firstRow + block.rows, firstRow + count);
      while (from < to) {
        int column = from - firstRow;
        int width = Math.min(to - from, Kernels.LANES - column % Kernels.LANES);
        block.sources.add(values.matrix(from, width, 0, columns));
        block.transposes.add(copy.inOne(column, width));
        from += width;
      }
    }
    return new RightOperand.InPanels(copy);
  }

  /**
   * Returns some columns in bfloat16, to which all weights are then rounded whenever they are set:
   * products of one row read these, others the weights themselves, to the same bits.
   */
  public Halves halves(int column, int width) {
    for (HalfCopy made : halves) {
      if (made.column == column && made.copy.columns() == width) {
        return made.copy;
      }
    }
    Matrix from = values.matrix(0, rows, column, width);
    Halves copy = new Halves(arena, "halves of " + label, rows, width);
    halves.add(new HalfCopy(column, from, copy));
    return copy;
  }

  /** Returns the sum of all rows, of which there is one block, [1, columns]; updates renew it. */
  public Matrix rowSum() {
    if (!rowSums.isEmpty()) {
      return rowSums.getFirst().sum;
    }
    Matrix sum = arena.tensor("sum of " + label, Shape.of(1, columns), stride).matrix();
    rowSums.add(
        new RowSum(values.matrix(0, 1, 0, columns), values.matrix(1, rows - 1, 0, columns), sum));
    return sum;
  }

  /** Has the gradient be summed of what tokens of all calls give to the rows that they name. */
  public TokenGradients ofTokens(
      int ofShards, int ofCalls, int shardRows, int mostSteps, boolean whole) {
    if (tokens == null) {
      tokens =
          new TokenGradients(
              arena, label, gradients(), ofShards, ofCalls, shardRows, mostSteps, whole);
    }
    return tokens;
  }

  @Nullable TokenGradients tokens() {
    return tokens;
  }

  int blockCount() {
    return blocks.size();
  }

  /** Adds up one block's gradients of the first {@code ofShards} shards, if each has one. */
  void sum(int index, int ofShards, CheckedKernels kernels) {
    Block block = blocks.get(index);
    kernels
        .unchecked()
        .sumInto(
            (long) block.rows * stride,
            Math.min(ofShards, shards) * calls,
            gradientOf(block.firstRow),
            (long) rows * stride);
  }

  /** Returns the elements of a gradient, padding included. */
  long gradientSize() {
    return (long) rows * stride;
  }

  /** Returns whether each of so many shards has a gradient of its own here. */
  boolean hasGradients(int ofShards) {
    return shards >= ofShards;
  }

  /**
   * Adds gradients of some shards, in their order, to the sum of those before, which the shard
   * before the first has room for.
   *
   * @param from the first element
   * @param sum of the elements from there on; of shard 0 on, it is only written
   */
  void addTo(MemorySegment sum, long from, int first, int end, CheckedKernels kernels) {
    long size = gradientSize();
    int terms = (end - first) * calls + (first == 0 ? 0 : 1);
    long begin = (first == 0 ? 0 : first * (long) calls - 1) * size + from;
    if (first > 0) {
      gradients().copyFrom(begin, sum);
    }
    long count = sum.byteSize() / Float.BYTES;
    kernels.unchecked().sumInto(count, terms, gradients().address() + begin * Float.BYTES, size);
    gradients().copyTo(begin, sum);
  }

  /** Sets elements of the sum of all shards' gradients, from one of them on. */
  void setSum(long from, MemorySegment sum) {
    gradients().copyFrom(from, sum);
  }

  /** Updates one block by its summed gradient. */
  void update(int index, CheckedKernels kernels, CpuOptimizer optimizer) {
    Block block = blocks.get(index);
    long offset = (long) block.firstRow * stride * Float.BYTES;
    long count = (long) block.rows * stride;
    long gradient = gradientOf(block.firstRow);
    long squared = squaredOf(block.firstRow);
    optimizer.update(kernels.unchecked(), count, offset, values, gradient, squared, slots);
    renewCopies(block, kernels);
  }

  /** Writes the sum of squares of each row of one block's gradient. */
  void squares(int index, CheckedKernels kernels, double[] ofRows) {
    Block block = blocks.get(index);
    for (int row = block.firstRow; row < block.firstRow + block.rows; row++) {
      ofRows[row] = kernels.unchecked().sumOfSquares(columns, squaredOf(row));
    }
  }

  /** Writes the sums of magnitudes and of squares of each row of weights that has a rule. */
  void measure(
      int index,
      CheckedKernels kernels,
      @Nullable Regularizer[] ofRows,
      double[] magnitudes,
      double[] squares) {
    Block block = blocks.get(index);
    for (int row = block.firstRow; row < block.firstRow + block.rows; row++) {
      if (ofRows[row] != null) {
        magnitudes[row] = kernels.unchecked().sumOfMagnitudes(columns, weightsOf(row));
        squares[row] = kernels.unchecked().sumOfSquares(columns, weightsOf(row));
      }
    }
  }

  /** Adds the gradients of the rows' penalties to one block's summed gradient. */
  void penalize(int index, CheckedKernels kernels, @Nullable Regularizer[] ofRows) {
    Block block = blocks.get(index);
    for (int row = block.firstRow; row < block.firstRow + block.rows; row++) {
      Regularizer rule = ofRows[row];
      if (rule != null) {
        float l1 = (float) rule.l1();
        float slope = (float) (2 * rule.l2());
        kernels.unchecked().penalize(stride, weightsOf(row), gradientOf(row), l1, slope);
      }
    }
  }

  private long weightsOf(int row) {
    return values.address() + (long) row * stride * Float.BYTES;
  }

  /** Multiplies each row of one block's summed gradient. */
  void scale(int index, CheckedKernels kernels, float[] ofRows) {
    Block block = blocks.get(index);
    for (int row = block.firstRow; row < block.firstRow + block.rows; row++) {
      if (ofRows[row] != 1) {
        kernels.unchecked().multiply(stride, gradientOf(row), ofRows[row]);
        if (squaredOf(row) != gradientOf(row)) {
          kernels.unchecked().multiply(stride, squaredOf(row), ofRows[row]);
        }
      }
    }
  }

  private long gradientOf(int row) {
    return gradients().address() + (long) row * stride * Float.BYTES;
  }

  /** Returns where there is what an optimizer squares: the gradient, unless tokens' are apart. */
  private long squaredOf(int row) {
    return tokens == null ? gradientOf(row) : tokens.squared(row);
  }

  /** Renews what copies have of one block. */
  void renewCopies(int index, CheckedKernels kernels) {
    renewCopies(blocks.get(index), kernels);
  }

  /** Renews the copies after the weights were set from outside. */
  void renewCopies(CheckedKernels kernels) {
    if (!halves.isEmpty()) {
      round();
      halves.forEach(half -> half.copy.set(half.values));
    }
    for (Block block : blocks) {
      renewCopies(block, kernels);
    }
  }

  private void round() {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        all.set(row, column, Halves.rounded(all.get(row, column)));
      }
    }
  }

  private void renewCopies(Block block, CheckedKernels kernels) {
    if (panels != null) {
      kernels.pack(block.rows, all, block.firstRow, 0, columns, panels, block.firstRow);
    }
    for (int i = 0; i < block.sources.size(); i++) {
      kernels.transpose(block.sources.get(i), block.transposes.get(i));
    }
    for (int i = 0; i < rowSums.size(); i++) { // an iterator would be allocated
      RowSum rowSum = rowSums.get(i);
      kernels.start(1, rowSum.first, rowSum.sum);
      kernels.columnSums(rows - 1, rowSum.others, rowSum.sum);
    }
  }
}
