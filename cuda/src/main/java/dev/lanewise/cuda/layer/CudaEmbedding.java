package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.tensor.Shape;

/** {@link Embedding}: rows of its table, and the sums of what comes to them; see embedding.cu. */
public final class CudaEmbedding extends CudaValues implements MaskSource {
  private final LayerMemory memory;
  private final int rowsOfTable;
  private final int idPositions;
  private final int idWidth;
  private final long mask;
  private final long named;
  private final boolean whole;

  public CudaEmbedding(LayerMemory memory, Embedding layer, Shape input, CudaSource below) {
    super(memory, "vectors of tokens", layer.outputShape(input), below);
    this.memory = memory;
    rowsOfTable = layer.inputDim();
    idPositions = input.positions();
    idWidth = input.size(-1);
    whole = !layer.rule().regularizer().equals(Regularizer.NONE);
    named = memory.learns() ? memory.floats("ids of tokens", positions, 1) : 0;
    mask = layer.maskZero() ? memory.floats("a mask", positions, 1) : 0;
  }

  @Override
  public long mask() {
    return mask;
  }

  /** Returns {@code struct Tokens} of embedding.cu. */
  private Struct tokens(int rows) {
    Signal ids = below.outputs(rows);
    return new Struct()
        .pointer(ids.address())
        .integer(ids.stride())
        .integer(rows)
        .integer(idPositions)
        .integer(idWidth);
  }

  @Override
  public void forward(CudaPass pass) {
    pass.calls()
        .rows(
            "embed_tokens",
            pass.rows(positions),
            new Arguments()
                .struct(tokens(pass.rows()))
                .pointer(memory.weights())
                .pointer(outputs)
                .pointer(mask)
                .pointer(named)
                .integer(width));
  }

  private void clear(KernelCalls calls, long rows) {
    calls.rows(
        "clear_rows",
        rowsOfTable,
        new Arguments().pointer(rows).integer(rowsOfTable).integer(width));
  }

  @Override
  public void backward(CudaPass pass) {
    if (!memory.learns()) {
      return;
    }
    KernelCalls calls = pass.calls();
    long table = memory.gradient();
    long roots = whole ? 0 : table + memory.tokens().behind();
    if (memory.isLastCall()) { // which goes back first
      clear(calls, table);
      if (!whole) {
        clear(calls, roots);
      }
    }
    boolean alone = memory.isFirstCall() && memory.isLastCall();
    calls.rows(
        "sum_tokens",
        pass.rows(positions),
        new Arguments()
            .struct(
                new Struct()
                    .pointer(named)
                    .pointer(gradients)
                    .pointer(table)
                    .pointer(roots)
                    .integer(pass.rows())
                    .integer(positions)
                    .integer(width)
                    .integer(alone ? 1 : 0)
                    .real(whole ? 0 : memory.tokens().limit())));
    if (!whole && !alone && memory.isFirstCall()) {
      CudaNumberFunction.squareRoots(calls, roots, rowsOfTable, width);
    }
  }
}
