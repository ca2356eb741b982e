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
 * @param workspaces one for each worker that can have a shard; or one a shard, where shards meet on
 *     their way
 */
record PlanMemory(CpuStack stack, List<Workspace> workspaces) {
  /** Returns how many shards have room at once: all, or those that the workers are at. */
  static int rooms(boolean meet, PlanOptions options) {
    int shards = Shards.mostShards(options.maximumBatch());
    return meet ? shards : Math.min(options.threads(), shards);
  }

  /** Takes the memory of a plan from {@code arena}. */
  static PlanMemory in(
      TensorArena arena, CheckedKernels kernels, ModelSpec spec, PlanOptions options) {
    int rows = Shards.mostRows(options.maximumBatch());
    CpuStack stack = CpuStack.in(arena, spec, options.maximumBatch());
    RunContext context = RunContext.training(arena, kernels, rows);
    List<Workspace> workspaces = new ArrayList<>();
    int rooms = rooms(!stack.meetings().isEmpty(), options);
    for (int i = 0; i < rooms; i++) {
      workspaces.add(new Workspace(stack, context, options.seed()));
    }
    return new PlanMemory(stack, List.copyOf(workspaces));
  }
}
