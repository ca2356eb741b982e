package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.team.Shards;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * All off-heap memory of a plan.
 *
 * @param stack the weights, with their gradients by shard
 * @param workspaces one for each worker that can have a shard
 */
record PlanMemory(CpuStack stack, List<Workspace> workspaces) {
  /** Returns how many workers can have a shard at once. */
  static int rooms(PlanOptions options) {
    return Math.min(options.threads(), Shards.mostShards(options.maximumBatch()));
  }

  /** Takes the memory of a plan from {@code arena}. */
  static PlanMemory in(
      TensorArena arena, CheckedKernels kernels, ModelSpec spec, PlanOptions options) {
    int shards = Shards.mostShards(options.maximumBatch());
    int rows = Shards.mostRows(options.maximumBatch());
    CpuStack stack = CpuStack.in(arena, spec, shards);
    RunContext context = RunContext.training(arena, kernels, rows);
    List<Workspace> workspaces = new ArrayList<>();
    for (int i = 0; i < rooms(options); i++) {
      workspaces.add(new Workspace(stack, context, options.seed()));
    }
    return new PlanMemory(stack, List.copyOf(workspaces));
  }
}
