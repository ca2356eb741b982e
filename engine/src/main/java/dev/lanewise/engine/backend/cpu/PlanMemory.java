package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Windows;
import dev.lanewise.engine.backend.cpu.layer.LayerParameters;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.team.Shards;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * All off-heap memory of a plan for sequences of one length.
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

  /**
   * Returns the models that go through a plan in turn, the longest first: one of whole samples, or
   * that of a window, and that of the last window where it is shorter.
   */
  static List<ModelSpec> models(ModelSpec spec, PlanOptions options) {
    return options.window() == 0
        ? List.of(spec)
        : new Windows(spec, options.window()).models(options.maximumBatch());
  }

  /** Takes the memory of a plan from {@code arena}, for each of its models; the weights once. */
  static List<PlanMemory> in(
      TensorArena arena, CheckedKernels kernels, List<ModelSpec> models, PlanOptions options) {
    List<LayerParameters> weights = CpuStack.noParameters(models.getFirst().graph());
    List<PlanMemory> memories = new ArrayList<>();
    for (ModelSpec model : models) {
      CpuStack stack =
          CpuStack.training(
              arena, model, options.maximumBatch(), weights, kernels.unchecked().panelsFrom());
      memories.add(new PlanMemory(stack, workspaces(arena, kernels, stack, options)));
    }
    return List.copyOf(memories);
  }

  private static List<Workspace> workspaces(
      TensorArena arena, CheckedKernels kernels, CpuStack stack, PlanOptions options) {
    int rows = Shards.mostRows(options.maximumBatch());
    RunContext context =
        options.window() == 0
            ? RunContext.training(arena, kernels, rows)
            : RunContext.windows(arena, kernels, rows);
    List<Workspace> workspaces = new ArrayList<>();
    int rooms = rooms(!stack.meetings().isEmpty(), options);
    for (int i = 0; i < rooms; i++) {
      workspaces.add(new Workspace(stack, context, options.seed()));
    }
    return List.copyOf(workspaces);
  }
}
