package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Precision;
import dev.lanewise.engine.backend.cpu.batch.IdleSteps;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All off-heap memory of a predictor.
 *
 * @param stack the weights
 * @param single desks of callers with one sample: enough for a server's threads, since passing a
 *     desk on from thread to thread takes as long as an answer
 * @param several desks of callers with more; twice as many as threads, so that a caller that the
 *     system suspends does not keep a core idle
 * @param helpers desks of the team's helpers
 */
record PredictorMemory(CpuStack stack, List<Desk> single, List<Desk> several, List<Desk> helpers) {
  private static final int LEAST_SINGLE = 64;

  /** Takes the memory of a predictor from {@code arena}. */
  static PredictorMemory in(
      TensorArena arena, CheckedKernels kernels, ModelSpec spec, int threads, Precision precision) {
    CpuStack stack = CpuStack.answering(arena, spec, precision);
    IdleSteps idle = stack.idleSteps();
    RunContext one = RunContext.inference(arena, kernels, 1);
    RunContext many = RunContext.inference(arena, kernels, Desk.ROWS);
    return new PredictorMemory(
        stack,
        desks(singles(threads), stack, one, idle),
        desks(2 * threads, stack, many, idle),
        desks(threads - 1, stack, many, idle));
  }

  private static int singles(int threads) {
    return Math.max(LEAST_SINGLE, 4 * threads);
  }

  /** Returns the number of all desks. */
  static int rooms(int threads) {
    return singles(threads) + 2 * threads + threads - 1;
  }

  private static List<Desk> desks(
      int count, CpuStack stack, RunContext context, @Nullable IdleSteps idle) {
    List<Desk> desks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Workspace workspace = new Workspace(stack, context, 0);
      desks.add(new Desk(context.kernels(), workspace, context.rows(), idle));
    }
    return List.copyOf(desks);
  }
}
