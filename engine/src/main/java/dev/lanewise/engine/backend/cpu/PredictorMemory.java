package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * All off-heap memory of a predictor.
 *
 * @param stack the weights
 * @param desks the callers'; twice as many as threads, so that a caller that the system suspends
 *     does not keep a core idle
 * @param helperDesks those of the team's helpers
 */
record PredictorMemory(CpuStack stack, List<Desk> desks, List<Desk> helperDesks) {
  /** Takes the memory of a predictor from {@code arena}. */
  static PredictorMemory in(
      TensorArena arena, CheckedKernels kernels, ModelSpec spec, int threads) {
    CpuStack stack = CpuStack.in(arena, spec, 0);
    BlankLead blank = BlankLead.of(stack, spec);
    List<Desk> desks = new ArrayList<>();
    for (int i = 0; i < 3 * threads - 1; i++) {
      Workspace single = new Workspace(stack, RunContext.inference(arena, kernels, 1));
      Workspace several = new Workspace(stack, RunContext.inference(arena, kernels, Desk.ROWS));
      desks.add(new Desk(kernels, single, several, blank));
    }
    return new PredictorMemory(
        stack, desks.subList(0, 2 * threads), desks.subList(2 * threads, desks.size()));
  }
}
