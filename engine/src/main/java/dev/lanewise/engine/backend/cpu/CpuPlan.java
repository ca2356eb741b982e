package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.DataFit;
import dev.lanewise.engine.backend.Epoch;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.SampleSizes;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.backend.cpu.batch.IdleCounts;
import dev.lanewise.engine.backend.cpu.loss.CpuLosses;
import dev.lanewise.engine.backend.cpu.loss.Outputs;
import dev.lanewise.engine.backend.cpu.team.Shards;
import dev.lanewise.engine.backend.cpu.team.Team;
import dev.lanewise.engine.backend.cpu.weights.CpuParameters;
import dev.lanewise.engine.backend.cpu.weights.CpuUpdate;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model on the processor's cores. A batch's rows are cut into shards; threads take shards through
 * the whole stack, forward and backward, meet, then take blocks of the weights to update, and meet
 * again: two meetings a batch, three where norms of gradients are limited, and two more at each
 * layer that has to know of the whole batch.
 */
final class CpuPlan implements Plan {
  private static final float[] NONE = {};

  private final ModelSpec spec;
  private final int maximumBatch;
  private final int outputSize;
  private final TensorArena arena;
  private final CpuLosses losses;
  private final List<Workspace> workspaces;
  private final CpuParameters parameters;
  private final CpuUpdate update;
  private final StateCopies states;
  private final Team team;
  private final TrainingWalk walk;
  private final CpuStack stack;
  private final IdleCounts idle;

  private final Team.Task evaluateShard = this::evaluateShard;
  private final Team.Task predictShard = this::predictShard;

  // The batch at hand, written before the team begins.
  private final Batch batch;
  private int firstSample;
  private Shards shards = Shards.of(1);
  private int shardsOf;
  private float[] outputs = NONE;

  private @Nullable Dataset training;

  /** Of the training samples: counted beside each batch, they would keep the team waiting. */
  private int @Nullable [][] trainingIdles;

  private final Epoch epoch;

  CpuPlan(TensorArena arena, CheckedKernels kernels, ModelSpec spec, PlanOptions options) {
    this.arena = arena;
    this.spec = spec;
    maximumBatch = options.maximumBatch();
    outputSize = SampleSizes.of(spec).output();
    PlanMemory memory = PlanMemory.in(arena, kernels, spec, options);
    workspaces = memory.workspaces();
    losses = new CpuLosses(kernels, spec, maximumBatch);
    epoch = new Epoch(maximumBatch);
    stack = memory.stack();
    idle = stack.idleCounts();
    batch = new Batch(maximumBatch, idle);
    walk = new TrainingWalk(memory, batch, losses);
    parameters = new CpuParameters(memory.stack(), kernels);
    update = new CpuUpdate(memory.stack(), kernels, spec);
    states = new StateCopies(memory.stack().keptStates());
    cutFor(maximumBatch);
    team = new Team(options.threads());
  }

  @Override
  public long bytes() {
    return arena.bytes();
  }

  @Override
  public void load(Parameters values) {
    values.requireFit(spec);
    held(() -> parameters.load(values, update.optimizer()));
  }

  @Override
  public Parameters snapshot() {
    return held(() -> parameters.snapshot(update.optimizer()));
  }

  @Override
  public double learningRate() {
    return held(() -> update.optimizer().updates().learningRate());
  }

  @Override
  public void setLearningRate(double rate) {
    held(() -> update.optimizer().updates().setLearningRate(rate));
  }

  @Override
  public List<float[]> gradients() {
    return held(parameters::gradients);
  }

  @Override
  public List<float[]> states() {
    return held(states::values);
  }

  @Override
  public void setStates(List<float[]> values) {
    held(() -> states.set(values));
  }

  @Override
  public void resetStates() {
    held(states::reset);
  }

  @Override
  public void bind(Dataset dataset) {
    DataFit.requireTargets(spec, dataset);
    stack.requireKnownMask();
    held(
        () -> {
          training = dataset;
          trainingIdles = idle.ofAll(dataset);
          epoch.over(dataset.size());
        });
  }

  @Override
  public void beginEpoch(int[] newOrder, int newBatchSize, int firstBatch) {
    DataFit.requireBatches(spec, "fit", newOrder.length, newBatchSize);
    arena.acquireAlone(); // spelled out: an epoch allocates nothing
    try {
      epoch.begin(newOrder, newBatchSize, firstBatch);
    } finally {
      arena.release();
    }
  }

  @Override
  public void step(int batches, Totals totals) {
    totals.requireMetricsOf(spec);
    arena.acquireAlone();
    try {
      for (int i = 0; i < batches; i++) {
        int size = epoch.nextSize();
        batch.take(bound(), trainingIdles, epoch.order(), epoch.position(), size);
        cutFor(epoch.batchSize());
        walk.run(team, shards, update.optimizer().updates().done() + 1);
        losses.addTo(totals, batch.size());
        totals.addPenalty(update.run(shards.used(batch.size()), team), batch.size());
        epoch.advance();
      }
    } finally {
      arena.release();
    }
  }

  private Dataset bound() {
    if (training == null) {
      throw new IllegalStateException("step: no data set is bound; bind one first");
    }
    return training;
  }

  @Override
  public void evaluate(Dataset dataset, int size, Totals totals) {
    totals.requireMetricsOf(spec);
    DataFit.requireTargets(spec, dataset);
    DataFit.requireBatches(spec, "evaluate", dataset.size(), size);
    stack.requireKnownMask();
    double penalty = held(update::penalty);
    overBatches(
        dataset,
        size,
        () -> {
          team.run(shards.used(batch.size()), evaluateShard);
          losses.addTo(totals, batch.size());
          totals.addPenalty(penalty, batch.size());
        });
  }

  @Override
  public void predict(Dataset dataset, int size, float[] results) {
    DataFit.requireInputs(spec, dataset);
    DataFit.requireOutputs(spec, dataset, results);
    DataFit.requireBatches(spec, "predict", dataset.size(), size);
    overBatches(
        dataset,
        size,
        () -> {
          outputs = results;
          team.run(shards.used(batch.size()), predictShard);
          outputs = NONE; // nobody's array is kept
        });
  }

  /** Takes a data set's batches in order through {@code work}. */
  private void overBatches(Dataset dataset, int size, Runnable work) {
    if (size < 1) {
      throw new IllegalArgumentException("batch size must be at least 1, found " + size);
    }
    int most = Math.min(size, maximumBatch); // a larger batch goes through in parts
    int[] inOrder = new int[dataset.size()];
    for (int i = 0; i < inOrder.length; i++) {
      inOrder[i] = i;
    }
    held(
        () -> {
          for (int from = 0; from < inOrder.length; from += batch.size()) {
            batch.takePart(dataset, inOrder, from, most, size);
            firstSample = from;
            cutFor(most);
            work.run();
          }
        });
  }

  private void cutFor(int fullBatch) {
    if (fullBatch != shardsOf) {
      shards = Shards.of(fullBatch);
      shardsOf = fullBatch;
      workspaces.forEach(workspace -> workspace.layOut(shards.rows()));
    }
  }

  private void evaluateShard(int worker, int shard) {
    Workspace workspace = workspaces.get(worker);
    int rows = answer(workspace, shard);
    losses.compute(workspace.outputs(), shards.firstRow(shard), rows, batch);
  }

  private void predictShard(int worker, int shard) {
    Workspace workspace = workspaces.get(worker);
    int rows = answer(workspace, shard);
    int offset = 0; // in a sample's outputs, which follow one another
    Outputs[] all = workspace.outputs();
    for (int o = 0; o < all.length; o++) {
      Outputs computed = all[o];
      for (int p = 0; p < computed.values().length; p++) {
        losses.finish(rows, computed, o, p);
        var finished = computed.gradients()[p];
        for (int r = 0; r < rows; r++) {
          int sample = firstSample + batch.place(shards.firstRow(shard) + r);
          int at = sample * outputSize + offset;
          for (int c = 0; c < finished.columns(); c++) {
            outputs[at + c] = finished.get(r, c);
          }
        }
        offset += finished.columns();
      }
    }
  }

  private int answer(Workspace workspace, int shard) {
    int first = shards.firstRow(shard);
    int rows = shards.rowsOf(shard, batch.size());
    workspace.gather(batch, first, rows);
    workspace.pass().evaluate(batch, first, rows);
    workspace.forward();
    return rows;
  }

  private void held(Runnable work) {
    held(
        () -> {
          work.run();
          return this;
        });
  }

  /** Does what no other thread may meet: batch, epoch and workspaces are one caller's. */
  private <T> T held(Supplier<T> work) {
    arena.acquireAlone();
    try {
      return work.get();
    } finally {
      arena.release();
    }
  }

  @Override
  public void close() {
    arena.close(); // refuses, before anything is torn down, while a call runs
    team.close();
  }
}
