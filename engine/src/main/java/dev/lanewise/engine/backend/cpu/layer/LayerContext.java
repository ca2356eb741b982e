package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.List;

/**
 * What a layer's weights are made with.
 *
 * @param arena takes their memory
 * @param shards the most shards of a training batch, 0 for a model that will not be trained
 * @param rows the most samples of a shard
 * @param calls how many nodes call the layer
 * @param parameters what the layer has made already
 * @param slots the optimizer's names of the arrays that it keeps a parameter
 * @param zeros a row of zeros, as wide as the widest matrix of the model
 * @param lowest whether nothing below is trained, so that nobody asks for the gradient by the
 *     inputs
 * @param number tells what the layer draws from what others do
 * @param trainable whether updates change the weights
 * @param halves whether kernels are bfloat16
 * @param panelsFrom how many elements weights have that products read from copies in panels
 */
public record LayerContext(
    TensorArena arena,
    int shards,
    int rows,
    int calls,
    LayerParameters parameters,
    List<String> slots,
    Tensor zeros,
    boolean lowest,
    int number,
    boolean trainable,
    boolean halves,
    long panelsFrom) {
  /** Of a layer's number, those that count layers; the rest counts cells. */
  private static final int CELL_BITS = 16;

  /** Returns a parameter of this model: that of the first call of the layer. */
  public CpuParameter parameter(String label, int parameterRows, int columns) {
    return made(label, parameterRows, columns, shards, calls);
  }

  /** Returns a parameter whose gradient is one for all shards, of the tokens that name its rows. */
  CpuParameter table(String label, int tableRows, int columns) {
    return made(label, tableRows, columns, training() ? 1 : 0, 1);
  }

  private CpuParameter made(
      String label, int parameterRows, int columns, int ofShards, int ofCalls) {
    return parameters.next(
        () ->
            trainable
                ? new CpuParameter(
                    arena, label, parameterRows, columns, ofShards, ofCalls, slots, panelsFrom)
                : new CpuParameter(
                    arena, label, parameterRows, columns, 0, 1, List.of(), panelsFrom));
  }

  /** Returns rows that begin as zeros, one for each place in the largest batch. */
  public Tensor ofBatch(String label, int width) {
    return parameters.nextKept(
        () -> arena.tensor(label, Shape.of(shards * rows, width), Kernels.stride(width)));
  }

  /** Returns the context of a second layer in this one's place. */
  public LayerContext second() {
    return with(rows, lowest, ~number, trainable);
  }

  /**
   * Returns the context of a cell upon others in this one's place.
   *
   * @param cells how many are below
   */
  public LayerContext upon(int cells) {
    boolean aboveNothing = lowest && !trainable; // or else the cell below asks
    return with(rows, aboveNothing, number ^ (cells << CELL_BITS), trainable);
  }

  /** Returns the context of a layer for which each sample is so many. */
  LayerContext times(int samples) {
    return with(Math.multiplyExact(rows, samples), lowest, number, trainable);
  }

  /** Returns the context of a layer whose weights stay as they are. */
  public LayerContext frozen() {
    return with(rows, lowest, number, false);
  }

  private LayerContext with(
      int otherRows, boolean otherLowest, int otherNumber, boolean otherTrainable) {
    return new LayerContext(
        arena,
        shards,
        otherRows,
        calls,
        parameters,
        slots,
        zeros,
        otherLowest,
        otherNumber,
        otherTrainable,
        halves,
        panelsFrom);
  }

  /** Returns what the layer drops at this rate. */
  public DropRate drops(double rate) {
    return DropRate.of(number, rate);
  }

  /** Returns whether the model will be trained. */
  public boolean training() {
    return shards > 0;
  }

  /** Returns a row of zeros of this width. */
  public Matrix zeroRow(int width) {
    return zeros.matrix(0, 1, 0, width);
  }
}
