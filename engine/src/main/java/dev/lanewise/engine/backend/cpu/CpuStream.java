package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.backend.TokenIds;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.AddressSpace;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One sequence's room in a {@link CpuStreams}, in an arena of its own. */
final class CpuStream implements Stream {
  private final CpuStreams streams;
  private final TensorArena arena;
  private final CheckedKernels kernels;
  private final Workspace workspace;
  private final TokenIds tokens;
  private final Matrix input;
  private final Matrix output;
  private final Matrix[] state;
  private final int stateSize;
  private boolean begins = true;

  /**
   * Makes a stream at its beginning.
   *
   * @param arena is the stream's from now on
   * @param tokens holds inputs that are ids against their table
   */
  CpuStream(
      CpuStreams streams,
      TensorArena arena,
      CheckedKernels kernels,
      Workspace workspace,
      TokenIds tokens) {
    this.streams = streams;
    this.arena = arena;
    this.kernels = kernels;
    this.workspace = workspace;
    this.tokens = tokens;
    input = workspace.inputs()[0][0];
    output = workspace.outputs()[0].values()[0];
    state = workspace.state().toArray(Matrix[]::new);
    int size = 0;
    for (Matrix values : state) {
      size += values.columns();
    }
    stateSize = size;
  }

  @Override
  public int inputSize() {
    arena.requireOpen();
    return input.columns();
  }

  @Override
  public int outputSize() {
    arena.requireOpen();
    return output.columns();
  }

  @Override
  public int stateSize() {
    arena.requireOpen();
    return stateSize;
  }

  @Override
  public void step(float[] inputs, float[] outputs) {
    requireLength("inputs of a step", input.columns(), inputs);
    requireLength("outputs of a step", output.columns(), outputs);
    tokens.require(inputs, 0, 1);
    arena.acquireAlone();
    try {
      kernels.copy(inputs, 0, input, 0);
      workspace.pass().step(begins);
      begins = false;
      workspace.forward();
      copyOut(output, outputs, 0);
    } finally {
      arena.release();
    }
  }

  @Override
  public void reset() {
    arena.acquireAlone();
    try {
      for (Matrix part : state) {
        for (int i = 0; i < part.columns(); i++) {
          part.set(0, i, 0);
        }
      }
      begins = true;
    } finally {
      arena.release();
    }
  }

  @Override
  public void state(float[] values) {
    requireLength("state", stateSize, values);
    arena.acquireAlone();
    try {
      int at = 0;
      for (Matrix part : state) {
        copyOut(part, values, at);
        at += part.columns();
      }
    } finally {
      arena.release();
    }
  }

  @Override
  public void restore(float[] values) {
    requireLength("state", stateSize, values);
    arena.acquireAlone();
    try {
      int at = 0;
      boolean zero = true;
      for (Matrix part : state) {
        for (int i = 0; i < part.columns(); i++) {
          zero &= values[at] == 0;
          part.set(0, i, values[at++]);
        }
      }
      begins = zero;
    } finally {
      arena.release();
    }
  }

  @Override
  public Stream fork() {
    float[] values = new float[stateSize];
    state(values);
    Stream fork = streams.open();
    fork.restore(values);
    return fork;
  }

  @Override
  public void close() {
    if (arena.closeOnce()) {
      streams.release();
    }
  }

  private static void copyOut(Matrix row, float[] values, int at) {
    MemorySegment.copy(
        AddressSpace.SPACE, ValueLayout.JAVA_FLOAT, row.address(0, 0), values, at, row.columns());
  }

  private static void requireLength(String what, int expected, float[] values) {
    if (values.length != expected) {
      throw new IllegalArgumentException(
          "stream: the " + what + " must be " + expected + " values, found " + values.length);
    }
  }
}
