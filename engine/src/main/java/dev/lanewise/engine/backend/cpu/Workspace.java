package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One worker's room for some rows of a batch on their way through a whole model and back. It is the
 * worker's, not the shard's, so that it stays in the worker's cache from shard to shard.
 */
final class Workspace {
  private final LayerRun[] runs;
  private final Matrix maxAndSum;
  private final BatchRow row;

  /** Takes the memory. */
  Workspace(CpuStack stack, RunContext context) {
    List<LayerRun> made = new ArrayList<>();
    @Nullable LayerRun below = null;
    for (CpuLayer layer : stack.layers()) {
      below = layer.run(context, below);
      made.add(below);
    }
    runs = made.toArray(LayerRun[]::new); // an array: a list's iterator would be an allocation
    maxAndSum = context.softmaxRows();
    row = new BatchRow(maxAndSum);
  }

  /** Makes shards of {@code rows} rows, at most the context's, the ones that suit it best. */
  void layOut(int rows) {
    for (LayerRun run : runs) {
      run.layOut(rows);
    }
  }

  /** Returns where the samples go: one matrix a time step. */
  Matrix[] inputs() {
    return runs[0].inputs();
  }

  /** Returns the last layer's outputs. */
  Matrix[] outputs() {
    return runs[runs.length - 1].outputs();
  }

  /** Returns where the loss leaves the gradient by the outputs. */
  Matrix[] outputGradients() {
    return runs[runs.length - 1].outputGradients();
  }

  /** Returns each row's maximum and sum of a softmax that is left to the loss. */
  Matrix maxAndSum() {
    return maxAndSum;
  }

  /** Returns what the loss moves along the outputs. */
  BatchRow row() {
    return row;
  }

  /**
   * Computes the outputs of rows that have been gathered.
   *
   * @param lead time steps that are blank at the beginning of all of them, 0 where it is not asked
   */
  void forward(int rows, int lead) {
    for (int i = 0; i < runs.length; i++) {
      runs[i].forward(rows, i == 0 ? lead : 0);
    }
  }

  /** Computes a shard's weight gradients after the gradients by the outputs have been set. */
  void backward(int rows, int shard) {
    for (int i = runs.length - 1; i >= 0; i--) {
      runs[i].backward(rows, shard);
    }
  }
}
