package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.backend.cpu.loss.CpuLosses;
import java.util.List;

/**
 * A plan's way for sequences of one length: whole ones, windows of them, or their last windows.
 *
 * @param workspaces what threads go through it in
 * @param losses judge the batch at hand alone
 * @param walk goes there and back
 */
record Stretch(List<Workspace> workspaces, CpuLosses losses, TrainingWalk walk) {
  static Stretch of(PlanMemory memory, Batch batch, CpuLosses losses) {
    return new Stretch(memory.workspaces(), losses, new TrainingWalk(memory, batch, losses));
  }

  /** Makes shards of {@code rows} rows the ones that suit it best. */
  void layOut(int rows) {
    workspaces.forEach(workspace -> workspace.layOut(rows));
  }
}
