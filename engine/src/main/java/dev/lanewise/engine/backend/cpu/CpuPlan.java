package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.DataFit;
import dev.lanewise.engine.backend.Epoch;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.SampleSizes;
import dev.lanewise.engine.backend.ShardedPlan;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.Windows;
import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.backend.cpu.batch.IdleCounts;
import dev.lanewise.engine.backend.cpu.batch.StepWindow;
import dev.lanewise.engine.backend.cpu.loss.CpuLosses;
import dev.lanewise.engine.backend.cpu.loss.Outputs;
import dev.lanewise.engine.backend.cpu.team.Shards;
import dev.lanewise.engine.backend.cpu.team.Team;
import dev.lanewise.engine.backend.cpu.weights.CpuParameters;
import dev.lanewise.engine.backend.cpu.weights.CpuUpdate;
import dev.lanewise.engine.backend.cpu.weights.GradientSums;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model on the processor's cores. A batch's rows are cut into shards; threads take shards through
 * the whole stack, forward and backward, meet, then take blocks of the weights to update, and meet
 * again: two meetings a batch, three where norms of gradients are limited, and two more at each
 * layer that has to know of the whole batch.
 *
 * <p>Sequences may be cut into {@link Windows}, each of which is a step of training, and goes
 * through models of its length that keep their states.
 */
final class CpuPlan implements ShardedPlan {
  private static final float[] NONE = {};
  private static final StepWindow[] ONE = {StepWindow.WHOLE};

  private final ModelSpec spec;
  private final int maximumBatch;
  private final int outputSize;
  private final TensorArena arena;

  /** Judge whole samples, which may go through in windows. */
  private final CpuLosses losses;

  private final boolean windowed;
  private final StepWindow[] windows;
  private final Stretch[] stretches; // of each window
  private final CpuParameters parameters;
  private final CpuUpdate update;
  private final StateCopies states;
  private final Team team;
  private final CpuStack stack;
  private final IdleCounts idle;

  private final Team.Task evaluateShard = this::evaluateShard;
  private final Team.Task predictShard = this::predictShard;

  // The batch at hand, written before the team begins.
  private final Batch batch;
  private Stretch stretch;
  private int firstSample;
  private Shards shards = Shards.of(1);
  private int shardsOf;
  private float[] outputs = NONE;

  private @Nullable Dataset training;

  /** Of the training samples: counted beside each batch, they would keep the team waiting. */
  private int @Nullable [][] trainingIdles;

  private final Epoch epoch;

  /** For others with which the work of a batch is shared. */
  private final SharedBatch shared;

  CpuPlan(TensorArena arena, CheckedKernels kernels, ModelSpec spec, PlanOptions options) {
    this.arena = arena;
    this.spec = spec;
    maximumBatch = options.maximumBatch();
    outputSize = SampleSizes.of(spec).output();
    List<ModelSpec> models = PlanMemory.models(spec, options);
    List<PlanMemory> memories = PlanMemory.in(arena, kernels, models, options);
    losses = new CpuLosses(kernels, spec, maximumBatch);
    stack = memories.getFirst().stack();
    idle = stack.idleCounts(spec.graph());
    batch = new Batch(maximumBatch, idle);
    windowed = options.window() > 0;
    windows = windowed ? StepWindow.all(new Windows(spec, options.window())) : ONE;
    epoch = new Epoch(maximumBatch, windows.length);
    stretches = new Stretch[windows.length];
    for (int m = 0; m < memories.size(); m++) {
      CpuLosses own = windowed ? new CpuLosses(kernels, models.get(m), maximumBatch) : losses;
      Stretch made = Stretch.of(memories.get(m), batch, own);
      Arrays.fill(stretches, m == 0 ? 0 : stretches.length - 1, stretches.length, made);
    }
    stretch = stretches[0];
    parameters = new CpuParameters(stack, kernels);
    update = new CpuUpdate(stack, kernels, spec);
    states = new StateCopies(stack.keptStates());
    shared = new SharedBatch(new GradientSums(stack, kernels), losses, batch);
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
  public int windows() {
    return windows.length;
  }

  @Override
  public void bind(Dataset dataset) {
    DataFit.requireTargets(spec, dataset);
    stack.requireKnownMask();
    held(
        () -> {
          shared.end();
          training = dataset;
          trainingIdles = windowed ? null : idle.ofAll(dataset);
          epoch.over(dataset.size());
        });
  }

  @Override
  public void beginEpoch(int[] newOrder, int newBatchSize, int firstBatch) {
    DataFit.requireBatches(spec, "fit", newOrder.length, newBatchSize);
    arena.acquireAlone(); // spelled out: an epoch allocates nothing
    try {
      shared.end();
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
      shared.end();
      for (int i = 0; i < batches; i++) {
        int all = takeNext();
        accumulateShards(0, all);
        applySum(all, totals);
      }
    } finally {
      arena.release();
    }
  }

  /** Takes the epoch's next batch; returns how many shards it has. */
  private int takeNext() {
    int size = epoch.nextSize();
    int window = epoch.window();
    if (windowed && window == 0) {
      states.reset();
    }
    stretch = stretches[window];
    batch.take(bound(), trainingIdles, epoch.order(), epoch.position(), size, windows[window]);
    cutFor(epoch.batchSize());
    return shards.used(size);
  }

  private void accumulateShards(int first, int end) {
    stretch.walk().run(team, shards, first, end, update.optimizer().updates().done() + 1);
  }

  /**
   * Updates the weights, and goes on to the next batch.
   *
   * @param ofShards the shards whose gradients are still to be added up
   */
  private void applySum(int ofShards, Totals totals) {
    stretch.losses().addTo(totals, batch.size());
    totals.addPenalty(update.run(ofShards, team), batch.size());
    epoch.advance();
  }

  @Override
  public void requireApart() {
    SharedBatch.requireApart(stack, windowed, shared.sums(), maximumBatch);
  }

  @Override
  public long gradientSize() {
    return shared.sums().size();
  }

  @Override
  public int numbersOfSample() {
    return losses.numbersOfSample();
  }

  @Override
  public int takeBatch() {
    requireApart();
    return held(() -> shared.begin(takeNext(), shards));
  }

  @Override
  public int batchSamples() {
    return held(shared::samples);
  }

  @Override
  public void accumulate(int first, int end) {
    held(
        () -> {
          shared.setShards(first, end);
          accumulateShards(first, end);
        });
  }

  @Override
  public void addGradients(MemorySegment sum, long from) {
    held(() -> shared.add(sum, from));
  }

  @Override
  public void setGradients(MemorySegment sum, long from) {
    held(() -> shared.set(sum, from));
  }

  @Override
  public void readResults(double[] all) {
    held(() -> shared.readResults(all));
  }

  @Override
  public void setResults(double[] all) {
    held(() -> shared.setResults(all));
  }

  @Override
  public void apply(Totals totals) {
    totals.requireMetricsOf(spec);
    held(
        () -> {
          shared.samples(); // refuses where there is no batch
          applySum(0, totals);
          shared.end();
        });
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
        evaluateShard,
        () -> {
          losses.addTo(totals, batch.size());
          totals.addPenalty(penalty, batch.size());
        });
  }

  @Override
  public void predict(Dataset dataset, int size, float[] results) {
    DataFit.requireInputs(spec, dataset);
    DataFit.requireOutputs(spec, dataset, results);
    DataFit.requireBatches(spec, "predict", dataset.size(), size);
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
    held(
        () -> {
          shared.end(); // the batch at hand is another's from here on
          // A callback may ask in the middle of a batch's windows, which go on from their states.
          List<float[]> kept = windowed && epoch.window() > 0 ? states.values() : List.of();
          for (int from = 0; from < inOrder.length; from += batch.size()) {
            batch.takePart(dataset, inOrder, from, most, size);
            firstSample = from;
            cutFor(most);
            if (windowed) {
              states.reset();
            }
            for (int w = 0; w < windows.length; w++) {
              stretch = stretches[w];
              batch.enter(windows[w]);
              team.run(shards.used(batch.size()), work);
            }
            after.run();
          }
          if (!kept.isEmpty()) {
            states.set(kept);
          }
        });
  }

  private void cutFor(int fullBatch) {
    if (fullBatch != shardsOf) {
      shards = Shards.of(fullBatch);
      shardsOf = fullBatch;
      stretches[0].layOut(shards.rows());
      stretches[stretches.length - 1].layOut(shards.rows());
    }
  }

  private void evaluateShard(int worker, int shard) {
    Workspace workspace = stretch.workspaces().get(worker);
    int rows = answer(workspace, shard);
    losses.compute(workspace.outputs(), shards.firstRow(shard), rows, batch);
  }

  private void predictShard(int worker, int shard) {
    Workspace workspace = stretch.workspaces().get(worker);
    int rows = answer(workspace, shard);
    int begin = 0; // in a sample's outputs, which follow one another
    Outputs[] all = workspace.outputs();
    for (int o = 0; o < all.length; o++) {
      Outputs computed = all[o];
      int width = computed.gradients()[0].columns();
      int size = batch.window().whole(computed.values().length * width);
      int offset = begin + batch.window().before(size);
      for (int p = 0; p < computed.values().length; p++) {
        losses.finish(rows, computed, o, p);
        var finished = computed.gradients()[p];
        for (int r = 0; r < rows; r++) {
          int sample = firstSample + batch.place(shards.firstRow(shard) + r);
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
