package dev.lanewise.cuda.kernel;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.KernelModule;
import dev.lanewise.cuda.driver.KernelModule.Grid;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.engine.layer.Activation;

/**
 * The kernels' signatures and grids in Java: one method a kernel, in the order of the sources in
 * {@code src/main/cuda}, where each is described. Addresses are 0 for none.
 */
public final class KernelCalls {
  private static final int TILE_M = 32;
  private static final int TILE_N = 64;
  private static final int GATES = 4; // columns of a thread
  private static final int GEMM_THREADS = 128;
  private static final int ROW_THREADS = 128;
  private static final int ROWS_OF_A_BLOCK = 4;
  private static final int ELEMENT_THREADS = 256;
  private static final int QUARTERS = 4;
  private static final int WALK_THREADS = 256;
  private static final int WALK_ROWS = 2;

  private final KernelModule kernels;

  public KernelCalls(KernelModule kernels) {
    this.kernels = kernels;
  }

  public void feedSamples(
      long batch,
      long input,
      int stride,
      int rows,
      int positions,
      int width,
      int states,
      boolean reversed,
      int values,
      int first) {
    kernels.launch(
        "feed_samples",
        positions(positions, rows, width),
        ROW_THREADS,
        new Arguments()
            .pointer(batch)
            .pointer(input)
            .integer(stride)
            .integer(rows)
            .integer(positions)
            .integer(width)
            .integer(states)
            .integer(reversed ? 1 : 0)
            .integer(values)
            .integer(first));
  }

  public void feedOutputs(
      Signal outputs,
      long input,
      int stride,
      int rows,
      int positions,
      int width,
      int states,
      boolean reversed) {
    kernels.launch(
        "feed_outputs",
        positions(positions, rows, width),
        ROW_THREADS,
        new Arguments()
            .pointer(outputs.address())
            .integer(outputs.stride())
            .pointer(input)
            .integer(stride)
            .integer(rows)
            .integer(positions)
            .integer(width)
            .integer(states)
            .integer(reversed ? 1 : 0));
  }

  public void collectOutputs(
      Signal outputs, long to, int rows, int positions, int units, int values, int first) {
    kernels.launch(
        "collect_outputs",
        positions(positions, rows, units),
        ROW_THREADS,
        new Arguments()
            .pointer(outputs.address())
            .integer(outputs.stride())
            .pointer(to)
            .integer(rows)
            .integer(positions)
            .integer(units)
            .integer(values)
            .integer(first));
  }

  /** A kernel of one block. */
  public void inOneBlock(String kernel, Arguments arguments) {
    kernels.launch(kernel, Grid.of(1), ELEMENT_THREADS, arguments);
  }

  /** A kernel whose warps take a row each. */
  public void rows(String kernel, int rows, Arguments arguments) {
    kernels.launch(kernel, rowBlocks(rows), ROW_THREADS, arguments);
  }

  /** A kernel whose threads take a column of a slice each. */
  public void columns(String kernel, int columns, int slices, Arguments arguments) {
    Grid grid = new Grid(Math.ceilDiv(columns, ROW_THREADS), slices, 1);
    kernels.launch(kernel, grid, ROW_THREADS, arguments);
  }

  /** A kernel whose threads take an element each. */
  public void elements(String kernel, int count, Arguments arguments) {
    kernels.launch(kernel, elements(count), ELEMENT_THREADS, arguments);
  }

  /** A kernel of a single block, for sums over all elements. */
  public void oneBlock(String kernel, Arguments arguments) {
    kernels.launch(kernel, Grid.of(1), ELEMENT_THREADS, arguments);
  }

  /** C = f(A * B + bias). */
  public void gemmForward(
      Signal a, long b, long bias, Signal c, int m, int n, int k, Activation f) {
    kernels.launch(
        "gemm_forward",
        tiles(m, n, 1),
        GEMM_THREADS,
        new Arguments()
            .pointer(a.address())
            .integer(a.stride())
            .pointer(b)
            .pointer(bias)
            .pointer(c.address())
            .integer(c.stride())
            .integer(m)
            .integer(n)
            .integer(k)
            .integer(ActivationCode.of(f)));
  }

  /** C = A * B' + D, D of address 0 for none: the gradient by a layer's inputs. */
  public void inputGradients(long a, long b, long d, long c, int m, int n, int k) {
    inputGradients(new Signal(a, k), new Signal(b, k), d, c, m, n, k);
  }

  /** The same of the first {@code k} columns of rows that are longer. */
  public void inputGradients(Signal a, Signal b, long d, long c, int m, int n, int k) {
    kernels.launch(
        "gemm_backward",
        tiles(m, n, 1),
        GEMM_THREADS,
        new Arguments()
            .pointer(a.address())
            .integer(a.stride())
            .pointer(b.address())
            .integer(b.stride())
            .pointer(d)
            .pointer(c)
            .integer(m)
            .integer(n)
            .integer(k));
  }

  /** The slices' parts of A' * B, and of the columns' sums of B in row {@code bias} unless 0. */
  public void gemmWeights(
      Signal a,
      Signal b,
      long partial,
      int m,
      int n,
      int k,
      int bias,
      int width,
      int count,
      int slices) {
    kernels.launch(
        "gemm_weights",
        tiles(bias > 0 ? m + 1 : m, n, slices),
        GEMM_THREADS,
        new Arguments()
            .pointer(a.address())
            .integer(a.stride())
            .pointer(b.address())
            .integer(b.stride())
            .pointer(partial)
            .integer(m)
            .integer(n)
            .integer(k)
            .integer(bias)
            .integer(width)
            .integer(count));
  }

  /**
   * Products of so many matrices, [m][n] each; see products.cu.
   *
   * @param matrices samples times heads
   */
  public void sampleProducts(Struct products, int matrices, int m, int n) {
    int down = Math.multiplyExact(Math.ceilDiv(m, TILE_M), matrices);
    Grid grid = new Grid(down, Math.ceilDiv(n, TILE_N), 1);
    kernels.launch("sample_products", grid, GEMM_THREADS, new Arguments().struct(products));
  }

  public void sumSlices(long partial, long gradient, int count, int slices) {
    kernels.launch(
        "sum_slices",
        elements(count),
        ELEMENT_THREADS,
        new Arguments().pointer(partial).pointer(gradient).integer(count).integer(slices));
  }

  public void softmaxRows(Signal from, long to, int rows, int units) {
    kernels.launch(
        "softmax_rows",
        rowBlocks(rows),
        ROW_THREADS,
        new Arguments()
            .pointer(from.address())
            .integer(from.stride())
            .pointer(to)
            .integer(rows)
            .integer(units));
  }

  public void softmaxBackward(long gradient, long y, long to, int rows, int units) {
    kernels.launch(
        "softmax_backward",
        rowBlocks(rows),
        ROW_THREADS,
        new Arguments().pointer(gradient).pointer(y).pointer(to).integer(rows).integer(units));
  }

  public void lossRows(
      long batch,
      Signal outputs,
      long gradient,
      int rows,
      int positions,
      int units,
      Struct judged,
      Struct rule) {
    kernels.launch(
        "loss_rows",
        rowBlocks(rows),
        ROW_THREADS,
        new Arguments()
            .pointer(batch)
            .pointer(outputs.address())
            .pointer(gradient)
            .integer(outputs.stride())
            .integer(rows)
            .integer(positions)
            .integer(units)
            .struct(judged)
            .struct(rule));
  }

  /** One of the kernels of metrics.cu, which have the same arguments but for the last. */
  public void metricRows(
      String kernel, long batch, Signal outputs, int rows, int positions, int units, Struct rule) {
    rows(
        kernel,
        rows,
        new Arguments()
            .pointer(batch)
            .pointer(outputs.address())
            .integer(outputs.stride())
            .integer(rows)
            .integer(positions)
            .integer(units)
            .struct(rule));
  }

  /** A kernel whose blocks are not cut by rows or columns. */
  public void blocks(String kernel, int blocks, int threads, Arguments arguments) {
    kernels.launch(kernel, Grid.of(blocks), threads, arguments);
  }

  /** All steps of a walk, whose blocks take two rows each. */
  public void walk(String kernel, int rows, int shared, Arguments arguments) {
    Grid grid = Grid.of(Math.ceilDiv(rows, WALK_ROWS));
    kernels.launch(kernel, grid, WALK_THREADS, shared, arguments);
  }

  /** Y = f(X). */
  public void applyFunction(Signal x, long y, int rows, int width, Activation f) {
    kernels.launch(
        "apply_function",
        rowBlocks(rows),
        ROW_THREADS,
        new Arguments()
            .pointer(x.address())
            .integer(x.stride())
            .pointer(y)
            .integer(rows)
            .integer(width)
            .integer(ActivationCode.of(f)));
  }

  /** DX = DY . f'(X). */
  public void functionBackward(
      long dy, Signal x, long y, long dx, int rows, int width, Activation f) {
    kernels.launch(
        "function_backward",
        rowBlocks(rows),
        ROW_THREADS,
        new Arguments()
            .pointer(dy)
            .pointer(x.address())
            .integer(x.stride())
            .pointer(y)
            .pointer(dx)
            .integer(rows)
            .integer(width)
            .integer(ActivationCode.of(f)));
  }

  /** A step of a cell whose threads have states, 64 of them a block. */
  public void stepOfStates(String kernel, Struct step, int rows, int units) {
    kernels.launch(kernel, tiles(rows, units, 1), GEMM_THREADS, new Arguments().struct(step));
  }

  /** A step of a cell whose threads have the gates of a unit, 16 units a block. */
  public void stepOfUnits(String kernel, Struct step, int rows, int units) {
    stepOfStates(kernel, step, rows, Math.multiplyExact(units, GATES));
  }

  /** Products of a step, or of all, of which each gate has its own. */
  public void productsOfGates(String kernel, Struct products, int rows, int units, int gates) {
    Arguments arguments = new Arguments().struct(products);
    kernels.launch(kernel, tiles(rows, units, gates), GEMM_THREADS, arguments);
  }

  public void squareSums(long gradient, long roots, long ends, long squares, int segments) {
    kernels.launch(
        "square_sums",
        Grid.of(segments),
        ELEMENT_THREADS,
        new Arguments().pointer(gradient).pointer(roots).pointer(ends).pointer(squares));
  }

  public void update(long batch, Struct rule, long ends, long squares, Struct arrays, int count) {
    kernels.launch(
        "update",
        elements(count),
        ELEMENT_THREADS,
        new Arguments()
            .pointer(batch)
            .struct(rule)
            .pointer(ends)
            .pointer(squares)
            .struct(arrays)
            .integer(count));
  }

  /** A kernel that adds up parts of gradients, four threads a weight, see update_fused.cu. */
  public void weightsOfParts(String kernel, int count, Arguments arguments) {
    kernels.launch(
        kernel,
        Grid.of(Math.ceilDiv(count, ELEMENT_THREADS / QUARTERS)),
        ELEMENT_THREADS,
        arguments);
  }

  public void packWeights(long weights, int count, Struct packing) {
    kernels.launch(
        "pack_weights",
        elements(count),
        ELEMENT_THREADS,
        new Arguments().pointer(weights).integer(count).struct(packing));
  }

  public void advance(long batch, int rows) {
    kernels.launch("advance", Grid.of(1), 1, new Arguments().pointer(batch).integer(rows));
  }

  /**
   * Blocks for rows of so many values, see {@code feed.cu}. Along x, where a grid may have 2^31
   * blocks and not 65,535.
   */
  private static Grid positions(int positions, int rows, int width) {
    int each = Math.max(1, ROW_THREADS / width);
    return Grid.of(Math.ceilDiv(Math.multiplyExact(positions, rows), each));
  }

  private static Grid tiles(int m, int n, int slices) {
    return new Grid(Math.ceilDiv(m, TILE_M), Math.ceilDiv(n, TILE_N), slices);
  }

  private static Grid rowBlocks(int rows) {
    return Grid.of(Math.ceilDiv(rows, ROWS_OF_A_BLOCK));
  }

  private static Grid elements(int count) {
    return Grid.of(Math.ceilDiv(count, ELEMENT_THREADS));
  }
}
