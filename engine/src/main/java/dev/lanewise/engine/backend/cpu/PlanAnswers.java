package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.SampleSizes;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.backend.cpu.loss.CpuLosses;
import dev.lanewise.engine.backend.cpu.loss.Outputs;
import dev.lanewise.engine.backend.cpu.team.Shards;
import dev.lanewise.engine.backend.cpu.team.Team;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.Matrix;

/**
 * What a plan says of samples that it does not learn from: their outputs, and how good they are.
 */
final class PlanAnswers {
  private static final float[] NONE = {};

  private final BatchAtHand hand;
  private final CpuLosses losses;
  private final StateCopies states;
  private final Team team;
  private final int maximumBatch;
  private final int outputSize;
  private final Team.Task evaluateShard = this::evaluateShard;
  private final Team.Task predictShard = this::predictShard;
  private int firstSample;
  private float[] outputs = NONE;

  /**
   * Prepares to answer.
   *
   * @param losses judge whole samples
   * @param states which begin anew with each batch where samples go through in windows
   */
  PlanAnswers(
      ModelSpec spec,
      int maximumBatch,
      BatchAtHand hand,
      CpuLosses losses,
      StateCopies states,
      Team team) {
    this.hand = hand;
    this.losses = losses;
    this.states = states;
    this.team = team;
    this.maximumBatch = maximumBatch;
    outputSize = SampleSizes.of(spec).output();
  }

  /** Adds what a data set's samples lose, and a penalty, to sums. */
  void evaluate(Dataset dataset, int size, Totals totals, double penalty) {
    overBatches(
        dataset,
        size,
        evaluateShard,
        () -> {
          losses.addTo(totals, hand.batch().size());
          totals.addPenalty(penalty, hand.batch().size());
        });
  }

  /** Leaves the outputs of a data set's samples, sample by sample. */
  void predict(Dataset dataset, int size, float[] results) {
    outputs = results;
    try {
      overBatches(dataset, size, predictShard, () -> {});
    } finally {
      outputs = NONE; // nobody's array is kept
    }
  }

  /** Takes a data set's batches in order through {@code work}, window by window. */
  private void overBatches(Dataset dataset, int size, Team.Task work, Runnable after) {
    if (size < 1) {
      throw new IllegalArgumentException("batch size must be at least 1, found " + size);
    }
    int most = Math.min(size, maximumBatch); // a larger batch goes through in parts
    int[] inOrder = new int[dataset.size()];
    for (int i = 0; i < inOrder.length; i++) {
      inOrder[i] = i;
    }
    Batch batch = hand.batch();
    for (int from = 0; from < inOrder.length; from += batch.size()) {
      batch.takePart(dataset, inOrder, from, most, size);
      firstSample = from;
      hand.cutFor(most);
      if (hand.windowed()) {
        states.reset();
      }
      for (int w = 0; w < hand.windows(); w++) {
        batch.enter(hand.enter(w));
        team.run(hand.shards().used(batch.size()), work);
      }
      after.run();
    }
  }

  private void evaluateShard(int worker, int shard) {
    Workspace workspace = hand.stretch().workspaces().get(worker);
    answer(workspace, shard);
    workspace.judge(losses, hand.batch(), hand.shards().firstRow(shard));
  }

  private void predictShard(int worker, int shard) {
    Workspace workspace = hand.stretch().workspaces().get(worker);
    int rows = answer(workspace, shard);
    Batch batch = hand.batch();
    int firstRow = hand.shards().firstRow(shard);
    int begin = 0; // in a sample's outputs, which follow one another
    Outputs[] all = workspace.outputs();
    for (int o = 0; o < all.length; o++) {
      Outputs computed = all[o];
      int width = computed.gradients()[0].columns();
      int size = batch.window().whole(computed.values().length * width);
      int offset = begin + batch.window().before(size);
      for (int p = 0; p < computed.values().length; p++) {
        losses.finish(rows, computed, o, p);
        Matrix finished = computed.gradients()[p];
        for (int r = 0; r < rows; r++) {
          int sample = firstSample + batch.place(firstRow + r);
          int at = sample * outputSize + offset;
          for (int c = 0; c < width; c++) {
            outputs[at + c] = finished.get(r, c);
          }
        }
        offset += width;
      }
      begin += size;
    }
  }

  private int answer(Workspace workspace, int shard) {
    Batch batch = hand.batch();
    Shards shards = hand.shards();
    int first = shards.firstRow(shard);
    int rows = shards.rowsOf(shard, batch.size());
    workspace.gather(batch, first, rows);
    workspace.pass().evaluate(batch, first, rows);
    workspace.forward();
    return rows;
  }
}
