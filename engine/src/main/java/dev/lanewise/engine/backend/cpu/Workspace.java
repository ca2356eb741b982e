package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.CpuLayer;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.loss.Outputs;
import dev.lanewise.engine.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One worker's room for some rows of a batch on their way through a whole model and back. It is the
 * worker's, not the shard's, so that it stays in the worker's cache from shard to shard.
 */
final class Workspace {
  private final LayerRun[] runs;
  private final Outputs outputs;
  private final Pass pass;

  /**
   * Takes the memory.
   *
   * @param seed what decides all that is drawn on the way
   */
  Workspace(CpuStack stack, RunContext context, long seed) {
    pass = new Pass(context.rows(), seed);
    List<LayerRun> made = new ArrayList<>();
    @Nullable LayerRun below = null;
    for (CpuLayer layer : stack.layers()) {
      below = layer.run(context, below);
      made.add(below);
    }
    runs = made.toArray(LayerRun[]::new); // an array: a list's iterator would be an allocation
    LayerRun last = runs[runs.length - 1];
    outputs = new Outputs(last.outputs(), last.outputGradients(), context.softmaxRows());
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

  /** Returns the last layer's outputs, and where the loss leaves the gradient by them. */
  Outputs outputs() {
    return outputs;
  }

  /** Returns what is known of the rows at hand, to be filled before they go through. */
  Pass pass() {
    return pass;
  }

  /** Returns what the runs keep from step to step, first to last. */
  List<Matrix> state() {
    return Stream.of(runs).flatMap(run -> run.state().stream()).toList();
  }

  /** Computes the outputs of the pass's rows, which have been gathered. */
  void forward() {
    for (LayerRun run : runs) {
      run.forward(pass);
    }
  }

  /** Computes a shard's weight gradients after the gradients by the outputs have been set. */
  void backward() {
    for (int i = runs.length - 1; i >= 0; i--) {
      runs[i].backward(pass);
    }
  }
}
