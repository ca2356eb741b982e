package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.cuda.driver.KernelModule;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.network.CudaStack;
import dev.lanewise.engine.backend.DataFit;
import dev.lanewise.engine.backend.Epoch;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.SampleSizes;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.Updates;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.Lease;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model on a GPU. Weights, optimizer state, activations and data stay on the device; an epoch's
 * order goes up, and each sample's loss and metrics come down, to be added in their order as the
 * CPU does. A batch is one launch of a CUDA graph.
 */
public final class CudaPlan implements Plan {
  /** At 80 us a batch the host looks at the sums every 5 ms, which costs less than 1 %. */
  private static final int BATCHES_AT_ONCE = 64;

  private final ModelSpec spec;
  private final int maximumBatch;
  private final int rows; // of the largest pass, as many as maximumBatch or more
  private final SampleSizes sizes;
  private final Lease lease;
  private final Device device;
  private final Transfers transfers;
  private final CudaParameters parameters;
  private final PlanMemory memory;
  private final PlanPasses passes;
  private final PlanData data;
  private final SampleResults results;
  private final EpochRecord record;
  private final StateTransfers states;
  private final Epoch epoch;
  private @Nullable ResidentData training;
  private final Updates updates;
  private boolean recordIsCurrent;

  /** Takes over the device, which it closes with itself. */
  public CudaPlan(Device device, ModelSpec spec, PlanOptions options) {
    this.device = device;
    this.spec = spec;
    maximumBatch = options.maximumBatch();
    sizes = SampleSizes.of(spec);
    String name = "plan of " + spec.graph();
    lease = new Lease(name);
    long left =
        device.requireRoom(
            "a " + name + " with batches of " + maximumBatch + " samples",
            PlanMemory.bytes(spec, maximumBatch));
    rows = PlanMemory.rows(spec, maximumBatch, left);
    memory = PlanMemory.in(DeviceArena.on(device), spec, rows, options.seed());
    transfers = new Transfers(device);
    KernelCalls calls = new KernelCalls(new KernelModule(device));
    CudaStack stack = memory.stack();
    parameters = new CudaParameters(device, transfers, calls, spec, stack);
    memory.update().begin(device, transfers);
    device.clear(stack.gradient(), stack.places().trainedCount());
    for (long slot : memory.update().slots()) {
      parameters.start(slot);
    }
    passes = PlanPasses.of(device, calls, memory);
    data = new PlanData(device, transfers, stack.measures().width());
    results = new SampleResults(transfers, stack.measures());
    record = new EpochRecord(device, transfers, memory.training());
    states = new StateTransfers(device, transfers, stack.keptStates(), maximumBatch);
    epoch = new Epoch(maximumBatch);
    updates = new Updates(spec.optimizer());
  }

  @Override
  public long bytes() {
    lease.requireOpen();
    return device.bytes();
  }

  @Override
  public void load(Parameters values) {
    values.requireFit(spec);
    held(
        () -> {
          parameters.loadWeights(values.values());
          long[] slots = memory.update().slots();
          for (int i = 0; i < slots.length; i++) {
            if (values.slots().isEmpty()) {
              parameters.start(slots[i]);
            } else {
              parameters.writeSlot(slots[i], values.slots().get(i).values());
            }
          }
          updates.load(values);
          recordIsCurrent = false;
        });
  }

  @Override
  public Parameters snapshot() {
    List<Parameters.Slot> slots = new ArrayList<>();
    List<float[]> values = new ArrayList<>();
    held(
        () -> {
          values.addAll(parameters.weights());
          long[] places = memory.update().slots();
          for (int i = 0; i < places.length; i++) {
            String name = spec.optimizer().slots().get(i);
            slots.add(new Parameters.Slot(name, parameters.read(places[i])));
          }
        });
    return updates.with(values, slots);
  }

  @Override
  public double learningRate() {
    lease.requireOpen();
    return updates.learningRate();
  }

  @Override
  public void setLearningRate(double rate) {
    held(
        () -> {
          updates.setLearningRate(rate);
          recordIsCurrent = false;
        });
  }

  @Override
  public List<float[]> gradients() {
    List<float[]> values = new ArrayList<>();
    held(() -> values.addAll(parameters.read(memory.stack().gradient())));
    return values;
  }

  @Override
  public void bind(Dataset dataset) {
    DataFit.requireTargets(spec, dataset);
    held(
        () -> {
          epoch.over(0); // until the data are on the device
          training = null;
          training = data.takeTraining(dataset);
          epoch.over(dataset.size());
        });
  }

  @Override
  public List<float[]> states() {
    List<float[]> values = new ArrayList<>();
    held(() -> values.addAll(states.read()));
    return values;
  }

  @Override
  public void setStates(List<float[]> values) {
    held(() -> states.write(values));
  }

  @Override
  public void resetStates() {
    held(states::reset);
  }

  @Override
  public void beginEpoch(int[] newOrder, int newBatchSize, int firstBatch) {
    DataFit.requireBatches(spec, "fit", newOrder.length, newBatchSize);
    held(
        () -> {
          epoch.begin(newOrder, newBatchSize, firstBatch);
          recordIsCurrent = false;
        });
  }

  @Override
  public int batchesAtOnce() {
    return BATCHES_AT_ONCE;
  }

  @Override
  public void step(int batches, Totals totals) {
    Totals[] each = new Totals[batches];
    Arrays.fill(each, totals);
    step(batches, each);
  }

  @Override
  public void step(int batches, Totals[] each) {
    for (int i = 0; i < batches; i++) {
      each[i].requireMetricsOf(spec);
    }
    held(
        () -> {
          bound();
          int first = epoch.position();
          int[] ends = new int[batches];
          int given = 0;
          try {
            for (; given < batches; given++) {
              giveBatch();
              ends[given] = epoch.position();
            }
          } finally { // what was given counts, even if there was no batch left for all
            float[] read = results.read(bound(), first, epoch.position());
            for (int i = 0; i < given; i++) {
              int begin = i == 0 ? first : ends[i - 1];
              results.add(read, begin - first, ends[i] - first, each[i]);
            }
          }
        });
  }

  /** Gives the next batch to the device without waiting for it. */
  private void giveBatch() {
    int rows = epoch.nextSize();
    if (!recordIsCurrent) {
      writeRecord();
    }
    passes.train().launch(rows);
    epoch.advance();
    if (memory.update().changesAnything()) {
      updates.advance();
    }
  }

  private ResidentData bound() {
    if (training == null) {
      throw new IllegalStateException("step: no data set is bound; bind one first");
    }
    return training;
  }

  /** Tells the device the rest of the epoch. */
  private void writeRecord() {
    ResidentData trained = data.withResultsOf(bound(), epoch.order().length);
    training = trained;
    record.write(trained, epoch, updates, memory.update().changesAnything());
    recordIsCurrent = true;
  }

  @Override
  public void evaluate(Dataset dataset, int size, Totals totals) {
    totals.requireMetricsOf(spec);
    DataFit.requireTargets(spec, dataset);
    requireBatch(size);
    DataFit.requireBatches(spec, "evaluate", dataset.size(), size);
    held(
        () -> {
          ResidentData other = takeOther(dataset, true);
          boolean whole = states.any() || memory.stack().judgesUnderMasks();
          int most = whole ? requireRoom(size) : rowsOfAPass(size);
          for (int from = 0; from < dataset.size(); from += most) {
            passes.evaluate().launch(Math.min(most, dataset.size() - from));
          }
          results.add(results.read(other, 0, dataset.size()), 0, dataset.size(), totals);
        });
  }

  @Override
  public void predict(Dataset dataset, int size, float[] outputs) {
    DataFit.requireInputs(spec, dataset);
    requireBatch(size);
    DataFit.requireOutputs(spec, dataset, outputs);
    DataFit.requireBatches(spec, "predict", dataset.size(), size);
    held(
        () -> {
          takeOther(dataset, false);
          int most = states.any() ? requireRoom(size) : rowsOfAPass(size);
          for (int from = 0; from < dataset.size(); from += most) {
            int count = Math.min(most, dataset.size() - from);
            passes.predict().launch(count);
            transfers.copyOut(
                memory.stack().finished(), outputs, from * sizes.output(), count * sizes.output());
          }
        });
  }

  /** More than are asked for where there is room: no row's bits depend on how many there are. */
  private int rowsOfAPass(int asked) {
    return Math.max(Math.min(asked, maximumBatch), Math.min(rows, PlanMemory.EVALUATED_ROWS));
  }

  private int requireRoom(int asked) {
    if (asked > rows) {
      throw new IllegalArgumentException(
          "a loss over masked steps and states that are kept are a whole batch's, and this plan has"
              + " room for batches of "
              + rows
              + " samples, found "
              + asked
              + "; ask for smaller ones");
    }
    return asked;
  }

  private ResidentData takeOther(Dataset dataset, boolean targets) {
    ResidentData other = data.takeOther(dataset, targets);
    memory.other().write(transfers, other, 0, 0, 0, 0);
    return other;
  }

  private static void requireBatch(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("batch size must be at least 1, found " + size);
    }
  }

  private void held(Runnable work) {
    lease.acquireAlone();
    try {
      device.enter();
      work.run();
    } finally {
      lease.release();
    }
  }

  @Override
  public void close() {
    if (lease.close()) {
      device.close();
    }
  }
}
