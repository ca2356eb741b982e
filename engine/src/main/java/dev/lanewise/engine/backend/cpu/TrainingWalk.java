package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.backend.cpu.layer.MeetingLayer;
import dev.lanewise.engine.backend.cpu.loss.CpuLosses;
import dev.lanewise.engine.backend.cpu.team.Shards;
import dev.lanewise.engine.backend.cpu.team.Team;
import java.util.List;

/**
 * A batch's way through a model and back: threads take shards all the way, each in its own room.
 * Where layers have to know of the whole batch, the way has parts, and shards have the rooms.
 */
final class TrainingWalk {
  private final List<Workspace> workspaces;
  private final MeetingLayer[] meetings;
  private final Batch batch;
  private final CpuLosses losses;

  private final Team.Task forwardShard = this::forwardShard;
  private final Team.Task turnShard = this::turnShard;
  private final Team.Task backwardShard = this::backwardShard;

  // The walk at hand, written before the team begins.
  private Shards shards = Shards.of(1);
  private long update;
  private int part;

  TrainingWalk(PlanMemory memory, Batch batch, CpuLosses losses) {
    this.batch = batch;
    this.losses = losses;
    workspaces = memory.workspaces();
    CpuStack stack = memory.stack();
    meetings =
        stack.meetings().stream()
            .map(i -> (MeetingLayer) stack.nodes().get(i))
            .toArray(MeetingLayer[]::new);
  }

  /**
   * Computes losses and every shard's gradients of the batch at hand, for update {@code number}.
   */
  void run(Team team, Shards cut, long number) {
    shards = cut;
    update = number;
    int used = shards.used(batch.size());
    for (part = 0; part < meetings.length; part++) {
      team.run(used, forwardShard);
      meetings[part].meet(used);
    }
    team.run(used, turnShard);
    for (part = meetings.length - 1; part >= 0; part--) {
      meetings[part].meetBack(used);
      team.run(used, backwardShard);
    }
  }

  private void forwardShard(int worker, int shard) {
    Workspace workspace = room(worker, shard);
    if (part == 0) {
      int first = shards.firstRow(shard);
      int rows = shards.rowsOf(shard, batch.size());
      workspace.gather(batch, first, rows);
      workspace.pass().train(batch, first, rows, shard, update);
    }
    workspace.forward(part);
  }

  private void turnShard(int worker, int shard) {
    forwardShard(worker, shard);
    Workspace workspace = room(worker, shard);
    int rows = workspace.pass().rows();
    losses.compute(workspace.outputs(), shards.firstRow(shard), rows, batch);
    workspace.backward(part);
  }

  private void backwardShard(int worker, int shard) {
    room(worker, shard).backward(part);
  }

  /** What a shard has at a meeting stays until the batch is done. */
  private Workspace room(int worker, int shard) {
    return workspaces.get(meetings.length == 0 ? worker : shard);
  }
}
