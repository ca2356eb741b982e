package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.cuda.driver.KernelModule;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.network.CudaStack;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.SampleSizes;
import dev.lanewise.engine.backend.TokenIds;
import dev.lanewise.engine.tensor.Lease;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/** A frozen model on a GPU. Callers take turns: the device does the work of one at a time. */
public final class CudaPredictor implements Predictor {
  /** Samples of one pass; more are taken in parts. */
  private static final int MOST_ROWS = 256;

  private final SampleSizes sizes;
  private final TokenIds tokens;
  private final Lease lease;
  private final ReentrantLock turn = new ReentrantLock();
  private final Device device;
  private final Transfers transfers;
  private final Memory memory;
  private final GraphCache passes;

  /**
   * What it keeps on the device.
   *
   * @param stack the layers
   * @param record the record of the samples at hand
   * @param inputs room for their values
   */
  private record Memory(CudaStack stack, BatchRecord record, long inputs) {
    static Memory in(DeviceArena arena, ModelSpec spec) {
      return new Memory(
          new CudaStack(arena, spec, MOST_ROWS, false, 0),
          new BatchRecord(arena, spec.outputs().size(), 0), // it leaves no results
          arena.allocate("inputs", (long) MOST_ROWS * SampleSizes.of(spec).input()));
    }
  }

  /** Takes over the device, which it closes with itself. */
  public CudaPredictor(Device device, ModelSpec spec, Parameters parameters) {
    this.device = device;
    sizes = SampleSizes.of(spec);
    tokens = TokenIds.of(spec);
    String name = "predictor of " + spec.graph();
    lease = new Lease(name);
    DeviceArena counting = DeviceArena.counting();
    Memory.in(counting, spec);
    device.requireRoom("a " + name, counting.bytes());
    memory = Memory.in(DeviceArena.on(device), spec);
    transfers = new Transfers(device);
    KernelCalls calls = new KernelCalls(new KernelModule(device));
    new CudaParameters(device, transfers, calls, spec, memory.stack())
        .loadWeights(parameters.values());
    passes =
        new GraphCache(
            device, rows -> memory.stack().predict(calls, memory.record().address(), rows));
  }

  @Override
  public long bytes() {
    lease.requireOpen();
    return device.bytes();
  }

  @Override
  public int inputSize() {
    lease.requireOpen();
    return sizes.input();
  }

  @Override
  public int outputSize() {
    lease.requireOpen();
    return sizes.output();
  }

  @Override
  public void predict(float[] inputs, float[] outputs) {
    tokens.require(inputs, 0, sizes.wholeSamples(inputs.length, outputs.length));
    ResidentData data = ResidentData.ofFloats(memory.inputs());
    predict(MemorySegment.ofArray(inputs), Float.BYTES, inputs.length, data, outputs);
  }

  @Override
  public void predict(byte[] inputs, float[] outputs) {
    tokens.requireNoBytes();
    ResidentData data = ResidentData.ofBytes(memory.inputs());
    predict(MemorySegment.ofArray(inputs), Byte.BYTES, inputs.length, data, outputs);
  }

  private void predict(
      MemorySegment inputs, int bytesOfAValue, int values, ResidentData data, float[] outputs) {
    int samples = sizes.wholeSamples(values, outputs.length);
    long each = (long) sizes.input() * bytesOfAValue;
    lease.acquire();
    try {
      turn.lock();
      try {
        device.enter();
        memory.record().write(transfers, data, 0, 0, 0, 0);
        for (int from = 0; from < samples; from += MOST_ROWS) {
          int rows = Math.min(MOST_ROWS, samples - from);
          int passed = GraphCache.step(rows); // MOST_ROWS is one
          if (passed > rows) { // what stands there from an earlier call may be no input at all
            device.clear(memory.inputs(), Math.ceilDiv(passed * each, Integer.BYTES));
          }
          transfers.copyIn(memory.inputs(), inputs.asSlice(from * each, rows * each));
          passes.launch(passed);
          transfers.copyOut(
              memory.stack().finished(), outputs, from * sizes.output(), rows * sizes.output());
        }
      } finally {
        turn.unlock();
      }
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
