package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.LayerContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The states that a layer keeps from batch to batch: a row for each place in the batch as it came,
 * whoever works on it and in whatever order, so that workers never meet here.
 */
final class KeptStates {
  private final List<Tensor> tensors;
  private final Matrix[] states;

  /** Takes the memory: h, and an LSTM's c. */
  KeptStates(LayerContext context, int count, int units) {
    tensors =
        IntStream.range(0, count).mapToObj(i -> context.ofBatch("kept states", units)).toList();
    states = tensors.stream().map(Tensor::matrix).toArray(Matrix[]::new);
  }

  List<Tensor> tensors() {
    return tensors;
  }

  /** Copies what is kept of a pass's rows out. */
  void give(CheckedKernels kernels, Pass pass, int state, Matrix to) {
    for (int row = 0; row < pass.rows(); row++) {
      kernels.copyRows(1, states[state], pass.place(row), to, row);
    }
  }

  /** Keeps what the rows of a pass have come to. */
  void take(CheckedKernels kernels, Pass pass, int state, Matrix from) {
    for (int row = 0; row < pass.rows(); row++) {
      kernels.copyRows(1, from, row, states[state], pass.place(row));
    }
  }
}
