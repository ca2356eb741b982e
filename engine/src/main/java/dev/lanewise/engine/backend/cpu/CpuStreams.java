package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Precision;
import dev.lanewise.engine.backend.Stepwise;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.backend.TokenIds;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.weights.CpuParameters;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.List;

/**
 * What all streams of a predictor share: its weights once more, since a model's layers know how
 * many steps they have. It is held by each open stream.
 */
final class CpuStreams implements AutoCloseable {
  private final TensorArena arena;
  private final CheckedKernels kernels;
  private final CpuStack stack;
  private final TokenIds tokens;

  /**
   * Takes the memory.
   *
   * @throws UnsupportedOperationException if a layer cannot go step by step
   */
  CpuStreams(CheckedKernels kernels, ModelSpec model, List<float[]> weights, Precision precision) {
    this.kernels = kernels;
    ModelSpec stepwise = Stepwise.of(model);
    tokens = TokenIds.of(stepwise);
    arena = TensorArena.heldBy("streams of " + model.graph(), "an open stream; close it first");
    try {
      stack = CpuStack.answering(arena, stepwise, precision);
      new CpuParameters(stack, kernels).load(weights);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** Returns the off-heap bytes of what is shared. */
  long bytes() {
    return arena.bytes();
  }

  /** Opens a stream, which holds this until it is closed. */
  Stream open() {
    arena.acquire();
    TensorArena own = null;
    try {
      own = new TensorArena("stream");
      Workspace workspace = new Workspace(stack, RunContext.stream(own, kernels), 0);
      return new CpuStream(this, own, kernels, workspace, tokens);
    } catch (RuntimeException | Error e) {
      if (own != null) {
        own.close();
      }
      arena.release();
      throw e;
    }
  }

  /** Ends what {@link #open} began. */
  void release() {
    arena.release();
  }

  /**
   * Frees the weights.
   *
   * @throws IllegalStateException if a stream is open
   */
  @Override
  public void close() {
    arena.close();
  }
}
