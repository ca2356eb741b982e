package dev.lanewise.engine.backend.cpu.weights;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.ElementKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The gradient by a table of which a batch uses a few rows. Shards leave here what each token gives
 * its row; when all have, the rows that were used are summed, each over its tokens in the order of
 * the batch. So the time goes with the batch's tokens, whatever the size of the table and the
 * number of shards, and the bits depend on the batch alone.
 */
public final class TokenGradients {
  private static final int NONE = -1;
  private static final int ROWS_OF_TASK = 16;

  private final Tensor gradient;

  /** The roots of the sums of tokens' squares; absent where the sum is squared. */
  private final @Nullable Tensor roots;

  private final Matrix gradientRows;
  private final @Nullable Matrix rootRows;
  private final Tensor tokens;
  private final Matrix allTokens;
  private final int columns;
  private final int stride;
  private final int calls;
  private final int mostSteps;
  private final int shardRows;
  private final int[] ids;
  private final int[] filled;
  private final int[] filledSteps;

  /** By row of the table: its first token. */
  private final int[] first;

  /** By token: the next of the same row. */
  private final int[] next;

  private int[] used;
  private int usedCount;

  /** Rows that hold what is not of this batch. */
  private int[] stale;

  private int staleCount;

  /**
   * Takes the memory.
   *
   * @param gradient takes the sums, [rows, columns]
   * @param shards how many shards a batch has
   * @param calls how often a pass looks into the table, each time for a shard of its own here
   * @param shardRows how many samples each of them
   * @param mostSteps how many tokens each of these, at most
   * @param whole whether the gradient counts as one of all rows, to which others add
   */
  TokenGradients(
      TensorArena arena,
      String label,
      Tensor gradient,
      int shards,
      int calls,
      int shardRows,
      int mostSteps,
      boolean whole) {
    this.gradient = gradient;
    this.calls = calls;
    this.mostSteps = mostSteps;
    this.shardRows = shardRows;
    gradientRows = gradient.matrix(0, gradient.shape().size(1), 0, gradient.shape().size(2));
    int rows = gradientRows.rows();
    columns = gradientRows.columns();
    stride = Kernels.stride(columns);
    roots = whole ? null : arena.tensor("squares of " + label, Shape.of(rows, columns), stride);
    rootRows = roots == null ? null : roots.matrix();
    int count = count((long) shards * calls * shardRows, mostSteps);
    Shape shape = Shape.of(count + 1, columns); // the last row stays zeros
    tokens = arena.tensor("tokens' gradients of " + label, shape, stride);
    allTokens = tokens.matrix();
    ids = new int[count];
    next = new int[count];
    filled = new int[shards * calls];
    filledSteps = new int[shards * calls];
    first = new int[rows];
    Arrays.fill(first, NONE);
    used = new int[whole ? rows : Math.min(count, rows)];
    stale = new int[used.length];
  }

  private static int count(long samples, int steps) {
    long count = samples * steps;
    if (count >= Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Embedding: a batch of "
              + samples
              + " samples of "
              + steps
              + " tokens has more than 2^31; take smaller batches");
    }
    return (int) count;
  }

  /** Returns the address of what an optimizer squares in a row. */
  long squared(int row) {
    return (roots == null ? gradient : roots).address() + (long) row * stride * Float.BYTES;
  }

  /**
   * Takes a shard's gradients.
   *
   * @param rows its samples
   * @param ofRows the ids of their tokens, step after step in each
   * @param steps the gradients by the rows of the table that they name, a matrix a step
   */
  public void take(CheckedKernels kernels, int shard, int rows, int[] ofRows, Matrix[] steps) {
    filled[shard] = rows;
    filledSteps[shard] = steps.length;
    for (int p = 0; p < steps.length; p++) {
      int at = token(shard, 0, p);
      kernels.copyRows(rows, steps[p], 0, allTokens, at);
      for (int r = 0; r < rows; r++) {
        ids[at + r] = ofRows[r * steps.length + p];
      }
    }
  }

  private int token(int shard, int row, int step) {
    return (shard * mostSteps + step) * shardRows + row;
  }

  /**
   * Finds the tokens of each row, and the rows that had some in the batch before and have none.
   *
   * @param shards those that have been taken
   * @return how many tasks {@link #sum} has
   */
  int sort(int shards) {
    begin();
    for (int shard = shards * calls - 1;
        shard >= 0;
        shard--) { // from the last, which each list ends with
      for (int row = filled[shard] - 1; row >= 0; row--) {
        for (int step = filledSteps[shard] - 1; step >= 0; step--) {
          int token = token(shard, row, step);
          int id = ids[token];
          if (first[id] == NONE) {
            used[usedCount++] = id;
          }
          next[token] = first[id];
          first[id] = token;
        }
      }
    }
    findStale();
    return Math.ceilDiv(usedCount + staleCount, ROWS_OF_TASK);
  }

  private void begin() {
    int[] before = used;
    used = stale;
    stale = before;
    staleCount = usedCount;
    usedCount = 0;
    for (int i = 0; i < staleCount; i++) {
      first[stale[i]] = NONE;
    }
  }

  private void findStale() {
    int candidates = roots == null ? first.length : staleCount; // others have added to all rows
    staleCount = 0;
    for (int i = 0; i < candidates; i++) {
      int row = roots == null ? i : stale[i];
      if (first[row] == NONE) {
        stale[staleCount++] = row;
      }
    }
  }

  /**
   * Sums some rows, or clears them.
   *
   * @param limit what each element of a token's gradient is clipped to; 0 for none
   */
  void sum(int task, CheckedKernels kernels, float limit) {
    int end = Math.min(usedCount + staleCount, (task + 1) * ROWS_OF_TASK);
    for (int i = task * ROWS_OF_TASK; i < end; i++) {
      if (i < usedCount) {
        sumRow(used[i], kernels, roots == null ? 0 : limit);
      } else {
        clear(stale[i - usedCount], kernels);
      }
    }
  }

  private void clear(int row, CheckedKernels kernels) {
    kernels.copyRows(1, allTokens, ids.length, gradientRows, row);
    if (rootRows != null) {
      kernels.copyRows(1, allTokens, ids.length, rootRows, row);
    }
  }

  private void sumRow(int row, CheckedKernels kernels, float limit) {
    Kernels plain = kernels.unchecked();
    ElementKernels elements = plain.elements();
    long sum = gradient.address() + (long) row * stride * Float.BYTES;
    long square = squared(row);
    boolean several = next[first[row]] != NONE;
    clear(row, kernels);
    for (int token = first[row]; token != NONE; token = next[token]) {
      long of = tokens.address() + (long) token * stride * Float.BYTES;
      if (limit > 0) {
        plain.clip(stride, of, limit);
      }
      plain.columnSums(1, columns, of, stride, sum);
      if (roots != null && several) {
        elements.multiplyAdd(1, columns, of, stride, of, stride, square, stride);
      }
    }
    if (roots != null && several) {
      plain.squareRoots(stride, square);
    } else if (rootRows != null) {
      kernels.copyRows(1, gradientRows, row, rootRows, row);
    }
  }
}
