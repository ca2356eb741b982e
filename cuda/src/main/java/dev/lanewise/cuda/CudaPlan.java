package dev.lanewise.cuda;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.cuda.driver.DeviceMemory;
import dev.lanewise.cuda.driver.KernelModule;
import dev.lanewise.cuda.driver.Transfers;
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
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.tensor.Lease;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model on a GPU. Weights, optimizer state, activations and data stay on the device; an epoch's
 * order goes up, and each sample's loss and metrics come down, to be added in their order as the
 * CPU does. A batch is one launch of a CUDA graph.
 */
final class CudaPlan implements Plan {
  private static final int RESULTS = 3;

  /** At 80 us a batch the host looks at the sums every 5 ms, which costs less than 1 %. */
  private static final int BATCHES_AT_ONCE = 64;

  private final ModelSpec spec;
  private final int maximumBatch;
  private final SampleSizes sizes;
  private final int[] metricResults;
  private final Lease lease;
  private final Device device;
  private final Transfers transfers;
  private final CudaParameters parameters;
  private final PlanMemory memory;
  private final GraphCache trainBatch;
  private final GraphCache evaluateBatch;
  private final GraphCache predictBatch;
  private final FeatureStore features;
  private final DataSlot trainingSlot;
  private final DataSlot otherSlot;
  private final Epoch epoch;
  private @Nullable ResidentData training;
  private @Nullable DeviceMemory order;
  private @Nullable DeviceMemory stepSizes;
  private final Updates updates;
  private boolean recordIsCurrent;

  /** Takes over the device, which it closes with itself. */
  CudaPlan(Device device, ModelSpec spec, PlanOptions options) {
    this.device = device;
    this.spec = spec;
    maximumBatch = options.maximumBatch();
    sizes = SampleSizes.of(spec);
    metricResults = spec.metrics().stream().mapToInt(CudaPlan::resultOf).toArray();
    String name = "plan of " + spec.input() + " -> " + spec.output();
    lease = new Lease(name);
    DeviceArena counting = DeviceArena.counting();
    PlanMemory.in(counting, spec, maximumBatch);
    device.requireRoom(
        "a " + name + " with batches of " + maximumBatch + " samples", counting.bytes());
    memory = PlanMemory.in(DeviceArena.on(device), spec, maximumBatch);
    transfers = new Transfers(device);
    KernelCalls calls = new KernelCalls(new KernelModule(device));
    CudaStack stack = memory.stack();
    parameters = new CudaParameters(device, transfers, calls, spec, stack);
    memory.update().begin(device, transfers);
    device.clear(stack.gradient(), stack.count());
    for (long slot : memory.update().slots()) {
      parameters.clear(slot);
    }
    long trained = memory.training().address();
    long other = memory.other().address();
    trainBatch =
        new GraphCache(
            device,
            rows -> {
              stack.train(calls, trained, rows);
              memory.update().launch(calls, trained);
              calls.advance(trained, rows);
            });
    evaluateBatch =
        new GraphCache(
            device,
            rows -> {
              stack.evaluate(calls, other, rows);
              calls.advance(other, rows);
            });
    predictBatch =
        new GraphCache(
            device,
            rows -> {
              stack.predict(calls, other, rows);
              calls.advance(other, rows);
            });
    features = new FeatureStore(device, transfers);
    trainingSlot = new DataSlot(device, transfers, features);
    otherSlot = new DataSlot(device, transfers, features);
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
              parameters.clear(slots[i]);
            } else {
              parameters.write(slots[i], values.slots().get(i).values());
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
          values.addAll(parameters.read(memory.stack().weights()));
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
    CudaSupport.require(spec, dataset);
    held(
        () -> {
          epoch.over(0); // until the data are on the device
          training = null;
          trainingSlot.choose(dataset);
          otherSlot.forget();
          forgetOtherFeatures();
          training = trainingSlot.take(dataset, true);
          epoch.over(dataset.size());
        });
  }

  @Override
  public void beginEpoch(int[] newOrder, int newBatchSize, int firstBatch) {
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
            float[] results = results(bound(), first, epoch.position());
            for (int i = 0; i < given; i++) {
              int begin = i == 0 ? first : ends[i - 1];
              addResults(results, begin - first, ends[i] - first, each[i]);
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
    trainBatch.launch(rows);
    epoch.advance();
    updates.advance();
  }

  private ResidentData bound() {
    if (training == null) {
      throw new IllegalStateException("step: no data set is bound; bind one first");
    }
    return training;
  }

  /** Tells the device the rest of the epoch: the samples' order, and each update's factor. */
  private void writeRecord() {
    int[] samples = epoch.order();
    ResidentData data = trainingSlot.withResultsOf(bound(), samples.length);
    training = data;
    int batches = Math.ceilDiv(samples.length - epoch.position(), epoch.batchSize());
    float[] factors = new float[batches];
    for (int i = 0; i < batches; i++) {
      factors[i] = updates.rule().stepSize(updates.done() + i + 1);
    }
    DeviceMemory orderPlace = device.atLeast(order, "the order of samples", samples.length);
    order = orderPlace;
    DeviceMemory factorPlace = device.atLeast(stepSizes, "step sizes", batches);
    stepSizes = factorPlace;
    transfers.copyIn(orderPlace.address(), samples);
    transfers.copyIn(factorPlace.address(), factors);
    memory
        .training()
        .write(transfers, data, orderPlace.address(), factorPlace.address(), epoch.position());
    recordIsCurrent = true;
  }

  /** Waits for the results of places [from, to). */
  private float[] results(ResidentData data, int from, int to) {
    return transfers.copyOut(
        data.results() + (long) from * RESULTS * Float.BYTES, (to - from) * RESULTS);
  }

  /** Adds results one by one, so that sums do not depend on batches. */
  private void addResults(float[] results, int from, int to, Totals totals) {
    for (int i = from * RESULTS; i < to * RESULTS; i += RESULTS) {
      totals.addSample(results[i]);
      for (int m = 0; m < metricResults.length; m++) {
        totals.addTo(m, 0, results[i + metricResults[m]]);
        totals.addTo(m, 1, 1);
      }
    }
  }

  /** Where a metric is among a sample's results. */
  private static int resultOf(Metric metric) {
    return switch (metric.measure()) {
      case Measure.Accuracy _, Measure.CategoricalAccuracy _ -> 1;
      case Measure.MeanAbsoluteError _ -> 2;
      default -> throw new IllegalStateException(metric + " has passed the gate of CudaSupport");
    };
  }

  @Override
  public void evaluate(Dataset dataset, int size, Totals totals) {
    totals.requireMetricsOf(spec);
    DataFit.requireTargets(spec, dataset);
    CudaSupport.require(spec, dataset);
    requireBatch(size);
    held(
        () -> {
          ResidentData data = takeOther(dataset, true);
          int most = Math.min(size, maximumBatch);
          for (int from = 0; from < dataset.size(); from += most) {
            evaluateBatch.launch(Math.min(most, dataset.size() - from));
          }
          addResults(results(data, 0, dataset.size()), 0, dataset.size(), totals);
        });
  }

  @Override
  public void predict(Dataset dataset, int size, float[] outputs) {
    DataFit.requireInputs(spec, dataset);
    requireBatch(size);
    DataFit.requireOutputs(spec, dataset, outputs);
    held(
        () -> {
          takeOther(dataset, false);
          int most = Math.min(size, maximumBatch);
          for (int from = 0; from < dataset.size(); from += most) {
            int rows = Math.min(most, dataset.size() - from);
            predictBatch.launch(rows);
            transfers.copyOut(
                memory.stack().finished(), outputs, from * sizes.output(), rows * sizes.output());
          }
        });
  }

  private ResidentData takeOther(Dataset dataset, boolean targets) {
    otherSlot.choose(dataset);
    forgetOtherFeatures();
    ResidentData data = otherSlot.take(dataset, targets);
    memory.other().write(transfers, data, 0, 0, 0);
    return data;
  }

  private void forgetOtherFeatures() {
    Set<Object> used = Collections.newSetFromMap(new IdentityHashMap<>());
    trainingSlot.addArrayTo(used);
    otherSlot.addArrayTo(used);
    features.keepOnly(used);
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
