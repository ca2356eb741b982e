package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer at work on some rows of a batch. All memory is taken when it is made; workers with runs
 * of their own never meet here.
 *
 * <p>Values between layers are one matrix [rows, width] a position: a single one, or one a time
 * step. A layer reads the outputs of the layer below, and writes the gradient of the loss by them
 * into the layer below's {@link #outputGradients}.
 */
public interface LayerRun {
  /**
   * Says how many rows there will be at a time, so that what belongs together lies together. Values
   * are lost; the arrays of matrices stay, with other matrices in them.
   *
   * @param rows at most those that the run was made for
   */
  default void layOut(int rows) {}

  /** Returns where the first layer of a stack wants its samples: one matrix a time step. */
  Matrix[] inputs();

  /** Returns the outputs. */
  Matrix[] outputs();

  /**
   * Returns one of the values that the layer gives, as a run whose outputs it is.
   *
   * @param index which, the outputs being 0
   */
  default LayerRun output(int index) {
    if (index != 0) {
      throw new IllegalStateException("a layer of one value has no value " + index);
    }
    return this;
  }

  /**
   * Returns where the layer above, or the loss, leaves the gradient by the outputs; none in a run
   * without a backward pass.
   */
  Matrix[] outputGradients();

  /**
   * Returns what a run of one sequence's steps keeps from step to step, rows of values that are all
   * zero before the first; empty in others.
   */
  default List<Matrix> state() {
    return List.of();
  }

  /**
   * Returns which steps of the outputs count; null where all do. It is set when the rows go
   * forward.
   */
  default @Nullable StepMask mask() {
    return null;
  }

  /**
   * Returns which steps count of the sequences that the outputs' steps are, position by position;
   * null where all do, or the reader does not heed them.
   */
  default @Nullable StepMask maskWithin() {
    return null;
  }

  /** Computes the outputs of a pass's rows. */
  void forward(Pass pass);

  /**
   * Computes the weight gradients of the pass's shard and the gradient by the inputs, from the
   * outputs'. May overwrite {@link #outputGradients}.
   *
   * @param pass what {@link #forward} was given
   */
  void backward(Pass pass);
}
