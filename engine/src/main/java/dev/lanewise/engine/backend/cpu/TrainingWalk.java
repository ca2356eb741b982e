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
  private int first;
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
   * Computes losses and gradients of some shards of the batch at hand, for update {@code number};
   * of all where layers have to know of the whole batch.
   *
   * @param from the first shard
   * @param end the one after the last
   */
  void run(Team team, Shards cut, int from, int end, long number) {
    shards = cut;
    first = from;
    update = number;
    int count = end - from;
    for (part = 0; part < meetings.length; part++) {
      team.run(count, forwardShard);
      meetings[part].meet(count);
    }
    team.run(count, turnShard);
    for (part = meetings.length - 1; part >= 0; part--) {
      meetings[part].meetBack(count);
      team.run(count, backwardShard);
    }
  }

  private void forwardShard(int worker, int task) {
    int shard = first + task;
    Workspace workspace = room(worker, shard);
    if (part == 0) {
      int row = shards.firstRow(shard);
      int rows = shards.rowsOf(shard, batch.size());
      workspace.gather(batch, row, rows);
      workspace.pass().train(batch, row, rows, shard, update);
    }
    workspace.forward(part);
  }

  private void turnShard(int worker, int task) {
    forwardShard(worker, task);
    int shard = first + task;
    Workspace workspace = room(worker, shard);
    workspace.judge(losses, batch, shards.firstRow(shard));
    workspace.backward(part);
  }

  private void backwardShard(int worker, int task) {
    room(worker, first + task).backward(part);
  }

  /** What a shard has at a meeting stays until the batch is done. */
  private Workspace room(int worker, int shard) {
    return workspaces.get(meetings.length == 0 ? worker : shard);
  }
}
