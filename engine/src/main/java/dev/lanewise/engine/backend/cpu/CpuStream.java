package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.backend.TokenIds;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.AddressSpace;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** One sequence's room in a {@link CpuStreams}, in an arena of its own. */
final class CpuStream implements Stream {
  private final CpuStreams streams;
  private final TensorArena arena;
  private final CheckedKernels kernels;
  private final Workspace workspace;
  private final TokenIds tokens;
  private final Matrix[] inputs;
  private final Matrix[] outputs;
  private final int inputSize;
  private final int outputSize;
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
    inputs = Arrays.stream(workspace.inputs()).map(each -> each[0]).toArray(Matrix[]::new);
    outputs =
        Arrays.stream(workspace.outputs()).map(each -> each.values()[0]).toArray(Matrix[]::new);
    state = workspace.state().toArray(Matrix[]::new);
    inputSize = columns(inputs);
    outputSize = columns(outputs);
    stateSize = columns(state);
  }

  private static int columns(Matrix[] rows) {
    return Arrays.stream(rows).mapToInt(Matrix::columns).sum();
  }

  @Override
  public int inputSize() {
    arena.requireOpen();
    return inputSize;
  }

  @Override
  public int outputSize() {
    arena.requireOpen();
    return outputSize;
  }

  @Override
  public int stateSize() {
    arena.requireOpen();
    return stateSize;
  }

  @Override
  public void step(float[] features, float[] answer) {
    requireLength("inputs of a step", inputSize, features);
    requireLength("outputs of a step", outputSize, answer);
    tokens.require(features, 0, 1);
    arena.acquireAlone();
    try {
      int from = 0;
      for (Matrix input : inputs) {
        kernels.copy(features, from, input, 0);
        from += input.columns();
      }
      workspace.pass().step(begins);
      begins = false;
      workspace.forward();
      int at = 0;
      for (Matrix output : outputs) {
        copyOut(output, answer, at);
        at += output.columns();
      }
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
