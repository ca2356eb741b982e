package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.DataFit;
import dev.lanewise.engine.backend.Epoch;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.ShardedPlan;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.batch.IdleCounts;
import dev.lanewise.engine.backend.cpu.batch.StepWindow;
import dev.lanewise.engine.backend.cpu.loss.CpuLosses;
import dev.lanewise.engine.backend.cpu.team.Team;
import dev.lanewise.engine.backend.cpu.weights.CpuParameters;
import dev.lanewise.engine.backend.cpu.weights.CpuUpdate;
import dev.lanewise.engine.backend.cpu.weights.GradientSums;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model on the processor's cores. A batch's rows are cut into shards; threads take shards through
 * the whole stack, forward and backward, meet, then take blocks of the weights to update, and meet
 * again: two meetings a batch, three where norms of gradients are limited, and two more at each
 * layer that has to know of the whole batch.
 *
 * <p>Sequences may be cut into windows, each of which is a step of training, and goes through
 * models of its length that keep their states.
 */
final class CpuPlan implements ShardedPlan {
  private final ModelSpec spec;
  private final int maximumBatch;
  private final TensorArena arena;
  private final CpuLosses losses;
  private final CpuParameters parameters;
  private final CpuUpdate update;
  private final StateCopies states;
  private final Team team;
  private final CpuStack stack;
  private final IdleCounts idle;
  private final BatchAtHand hand;
  private final PlanAnswers answers;
  private final Epoch epoch;

  /** For others with which the work of a batch is shared. */
  private final SharedBatch shared;

  private @Nullable Dataset training;

  /** Of the training samples: counted beside each batch, they would keep the team waiting. */
  private int @Nullable [][] trainingIdles;

  CpuPlan(TensorArena arena, CheckedKernels kernels, ModelSpec spec, PlanOptions options) {
    this.arena = arena;
    this.spec = spec;
    maximumBatch = options.maximumBatch();
    List<ModelSpec> models = PlanMemory.models(spec, options);
    List<PlanMemory> memories = PlanMemory.in(arena, kernels, models, options);
    losses = new CpuLosses(kernels, spec, maximumBatch);
    stack = memories.getFirst().stack();
    idle = stack.idleCounts(spec.graph());
    hand = new BatchAtHand(kernels, options, spec, models, memories, losses, idle);
    epoch = new Epoch(maximumBatch, hand.windows());
    parameters = new CpuParameters(stack, kernels);
    update = new CpuUpdate(stack, kernels, spec);
    states = new StateCopies(stack.keptStates());
    shared = new SharedBatch(new GradientSums(stack, kernels), losses, hand.batch());
    team = new Team(options.threads());
    answers = new PlanAnswers(spec, maximumBatch, hand, losses, states, team);
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
    return hand.windows();
  }

  @Override
  public void bind(Dataset dataset) {
    DataFit.requireTargets(spec, dataset);
    stack.requireKnownMask();
    held(
        () -> {
          shared.end();
          training = dataset;
          trainingIdles = hand.windowed() ? null : idle.ofAll(dataset);
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
    if (hand.windowed() && window == 0) {
      states.reset();
    }
    StepWindow part = hand.enter(window);
    hand.batch().take(bound(), trainingIdles, epoch.order(), epoch.position(), size, part);
    hand.cutFor(epoch.batchSize());
    return hand.shards().used(size);
  }

  private void accumulateShards(int first, int end) {
    long number = update.optimizer().updates().done() + 1;
    hand.stretch().walk().run(team, hand.shards(), first, end, number);
  }

  /**
   * Updates the weights, and goes on to the next batch.
   *
   * @param ofShards the shards whose gradients are still to be added up
   */
  private void applySum(int ofShards, Totals totals) {
    int samples = hand.batch().size();
    hand.stretch().losses().addTo(totals, samples);
    totals.addPenalty(update.run(ofShards, team), samples);
    epoch.advance();
  }

  @Override
  public void requireApart() {
    SharedBatch.requireApart(stack, hand.windowed(), shared.sums(), maximumBatch);
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
    return held(() -> shared.begin(takeNext(), hand.shards()));
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
    aside(() -> answers.evaluate(dataset, size, totals, update.penalty()));
  }

  @Override
  public void predict(Dataset dataset, int size, float[] results) {
    DataFit.requireInputs(spec, dataset);
    DataFit.requireOutputs(spec, dataset, results);
    DataFit.requireBatches(spec, "predict", dataset.size(), size);
    aside(() -> answers.predict(dataset, size, results));
  }

  /**
   * Takes other samples through. A callback may ask in the middle of a batch's windows, which go on
   * from their states.
   */
  private void aside(Runnable work) {
    held(
        () -> {
          shared.end(); // the batch at hand is another's from here on
          boolean between = hand.windowed() && epoch.window() > 0;
          List<float[]> kept = between ? states.values() : List.of();
          work.run();
          if (between) {
            states.set(kept);
          }
        });
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
