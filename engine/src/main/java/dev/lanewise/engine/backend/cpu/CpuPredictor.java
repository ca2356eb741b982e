package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Precision;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.SampleSizes;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.backend.TokenIds;
import dev.lanewise.engine.backend.cpu.team.Team;
import dev.lanewise.engine.backend.cpu.weights.CpuParameters;
import dev.lanewise.engine.event.Events;
import dev.lanewise.engine.event.PredictEvent;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A frozen model on the processor's cores. Each caller takes a desk of its own, so that callers
 * never meet; one with many samples gets the team of threads as well, unless another has it.
 */
final class CpuPredictor implements Predictor {
  private static final float[] NONE = {};

  private final TensorArena arena;
  private final CheckedKernels kernels;
  private final ModelSpec spec;
  private final Precision precision;
  private final CpuParameters weights;
  private final DeskPool single;
  private final DeskPool several;
  private final Desk[] helperDesks;
  private final SampleSizes sizes;
  private final TokenIds tokens;
  private final Team team;
  private final ReentrantLock teamLock = new ReentrantLock();
  private final Team.Task portion = this::portion;
  private final ReentrantLock streamsLock = new ReentrantLock();
  private @Nullable CpuStreams streams;

  // The call that has the team, written before the team begins.
  private @Nullable Desk callersDesk;
  private byte @Nullable [] bytes;
  private float @Nullable [] floats;
  private float[] results = NONE;

  CpuPredictor(
      TensorArena arena,
      CheckedKernels kernels,
      ModelSpec spec,
      Parameters parameters,
      int threads,
      Precision precision) {
    this.arena = arena;
    this.precision = precision;
    this.kernels = kernels;
    this.spec = spec;
    sizes = SampleSizes.of(spec);
    tokens = TokenIds.of(spec);
    PredictorMemory memory = PredictorMemory.in(arena, kernels, spec, threads, precision);
    weights = new CpuParameters(memory.stack(), kernels);
    weights.load(parameters.values());
    single = new DeskPool(memory.single());
    several = new DeskPool(memory.several());
    helperDesks = memory.helpers().toArray(Desk[]::new);
    team = new Team(threads);
  }

  @Override
  public long bytes() {
    streamsLock.lock();
    try {
      return arena.bytes() + (streams == null ? 0 : streams.bytes());
    } finally {
      streamsLock.unlock();
    }
  }

  @Override
  public Stream stream() {
    streamsLock.lock();
    try {
      arena.requireOpen();
      if (streams == null) {
        streams = new CpuStreams(kernels, spec, weights.values(), precision);
      }
      return streams.open();
    } finally {
      streamsLock.unlock();
    }
  }

  @Override
  public int inputSize() {
    arena.requireOpen();
    return sizes.input();
  }

  @Override
  public int outputSize() {
    arena.requireOpen();
    return sizes.output();
  }

  @Override
  public void predict(float[] inputs, float[] outputs) {
    int samples = sizes.wholeSamples(inputs.length, outputs.length);
    tokens.require(inputs, 0, samples);
    predict(null, inputs, samples, outputs);
  }

  @Override
  public void predict(byte[] inputs, float[] outputs) {
    tokens.requireNoBytes();
    predict(inputs, null, sizes.wholeSamples(inputs.length, outputs.length), outputs);
  }

  private void predict(
      byte @Nullable [] byteInputs, float @Nullable [] floatInputs, int samples, float[] outputs) {
    if (spec.batchSize() > 0 && samples > spec.batchSize()) {
      throw new IllegalArgumentException(
          "predict: the model is stateful, and of more than its batch of "
              + spec.batchSize()
              + " samples those behind go on from the states of the others, found "
              + samples
              + "; ask Model.predict, which keeps them, or for a batch at a time");
    }
    PredictEvent event = Events.predict();
    answer(byteInputs, floatInputs, samples, outputs);
    if (event != null) {
      event.samples = samples;
      event.commit();
    }
  }

  private void answer(
      byte @Nullable [] byteInputs, float @Nullable [] floatInputs, int samples, float[] outputs) {
    DeskPool desks = samples == 1 ? single : several;
    arena.acquire();
    try {
      Desk desk = desks.take();
      try {
        if (samples > Desk.ROWS && teamLock.tryLock()) {
          try {
            shareOut(desk, byteInputs, floatInputs, samples, outputs);
          } finally {
            teamLock.unlock();
          }
        } else {
          desk.predict(byteInputs, floatInputs, 0, samples, outputs);
        }
      } finally {
        desks.give(desk);
      }
    } finally {
      arena.release();
    }
  }

  private void shareOut(
      Desk desk,
      byte @Nullable [] byteInputs,
      float @Nullable [] floatInputs,
      int samples,
      float[] outputs) {
    callersDesk = desk;
    bytes = byteInputs;
    floats = floatInputs;
    results = outputs;
    try {
      team.run(Math.ceilDiv(samples, Desk.ROWS), portion);
    } finally { // nobody's arrays are kept
      callersDesk = null;
      bytes = null;
      floats = null;
      results = NONE;
    }
  }

  private void portion(int worker, int index) {
    Desk desk = worker == 0 ? callersDesk : helperDesks[worker - 1];
    if (desk != null) {
      int first = index * Desk.ROWS;
      int samples = results.length / sizes.output();
      desk.predict(bytes, floats, first, Math.min(first + Desk.ROWS, samples), results);
    }
  }

  @Override
  public void close() {
    streamsLock.lock();
    try {
      if (streams != null) {
        streams.close(); // refuses while a stream is open
        streams = null;
      }
      arena.close(); // refuses, before anything else is torn down, while a call runs
    } finally {
      streamsLock.unlock();
    }
    team.close();
  }
}
