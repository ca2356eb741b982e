package dev.lanewise.cuda;

import dev.lanewise.cuda.RnnFused.Mode;
import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A model's layers on the device with the weights of all in one array, in Keras's order, and the
 * launches of a pass through them: fused where {@link RnnTiles} says so, layer by layer otherwise.
 */
final class CudaStack {
  private final ModelSpec spec;
  private final int count;
  private final long weights;
  private final long gradient;
  private final long finished;
  private final List<CudaLayer> layers = new ArrayList<>();
  private final RnnTiles tiles;
  private final @Nullable RnnFused fused;
  private final int positions;
  private final int units;

  /**
   * Takes the memory.
   *
   * @param maximumRows the samples of the largest batch
   * @param training whether there will be losses and gradients
   */
  CudaStack(DeviceArena arena, ModelSpec spec, int maximumRows, boolean training) {
    requireIndices(spec, maximumRows);
    this.spec = spec;
    count = Math.toIntExact(spec.parameterCount());
    weights = arena.allocate("weights", count);
    gradient = training ? arena.allocate("gradients", count) : 0;
    long offset = 0;
    CudaLayer below = null;
    for (int i = 0; i < spec.layers().size(); i++) {
      Shape input = spec.inputOf(i);
      LayerMemory memory =
          new LayerMemory(arena, maximumRows, weights + offset, gradient + offset, training);
      boolean logits = i == spec.layers().size() - 1 && lossTakesSoftmax();
      below = CudaLayer.of(memory, spec.layers().get(i), input, below, logits);
      layers.add(below);
      for (ParameterSpec parameter : spec.layers().get(i).parameters(input)) {
        offset += parameter.shape().elementCount() * Float.BYTES;
      }
    }
    Shape output = spec.output();
    units = output.size(-1);
    positions = output.rank() == 1 ? 1 : output.size(0);
    finished = arena.allocate("outputs", (long) maximumRows * positions * units);
    tiles = RnnTiles.of(spec);
    fused =
        tiles.fused()
                && layers.get(0) instanceof CudaSimpleRnn rnn
                && layers.get(1) instanceof CudaDense dense
            ? new RnnFused(arena, spec, tiles, rnn, dense)
            : null;
  }

  /** Kernels count rows, samples times steps, in 32 bits. */
  private static void requireIndices(ModelSpec spec, int maximumRows) {
    int steps = spec.input().rank() == 1 ? 1 : spec.input().size(0);
    if ((long) steps * maximumRows > Integer.MAX_VALUE) {
      throw new InsufficientMemoryException(
          String.format(
              Locale.ROOT,
              "batches of %,d samples of %,d steps are too large for a GPU; make the batch smaller",
              maximumRows,
              steps));
    }
  }

  /** Other activations stay with their layer, for models that only answer. */
  private boolean lossTakesSoftmax() {
    return spec.lossForm() instanceof LossForm.SoftmaxCrossentropy(boolean takesLogits, double _)
        && takesLogits;
  }

  /** Returns the number of weights. */
  int count() {
    return count;
  }

  long weights() {
    return weights;
  }

  long gradient() {
    return gradient;
  }

  /** Returns the outputs of {@link #predict}: [rows][positions][units]. */
  long finished() {
    return finished;
  }

  @Nullable RnnFused fused() {
    return fused;
  }

  Struct packing() {
    return fused == null ? RnnFused.noPacking() : fused.packing();
  }

  /** Launches a pass that leaves outputs as the user sees them. */
  void predict(KernelCalls calls, long batch, int rows) {
    pass(calls, batch, rows, Mode.PREDICT);
    Signal outputs = layers.getLast().outputs(rows);
    if (lossTakesSoftmax()) {
      calls.softmaxRows(
          outputs.address(), outputs.address(), Math.multiplyExact(rows, positions), units);
    }
    calls.collectOutputs(outputs, finished, rows, positions, units);
  }

  /** Launches a pass that leaves losses and metrics. */
  void evaluate(KernelCalls calls, long batch, int rows) {
    pass(calls, batch, rows, Mode.EVALUATE);
  }

  /** Launches a pass forward and back that leaves the gradients of all weights. */
  void train(KernelCalls calls, long batch, int rows) {
    pass(calls, batch, rows, Mode.TRAIN);
    for (CudaLayer layer : layers) {
      layer.weightGradients(calls, rows);
    }
  }

  private void pass(KernelCalls calls, long batch, int rows, Mode mode) {
    if (fused != null) {
      layers.getFirst().feed(calls, batch, rows);
      fused.launch(calls, batch, rows, mode);
      return;
    }
    for (CudaLayer layer : layers) {
      layer.feed(calls, batch, rows);
      layer.forward(calls, rows);
    }
    if (mode != Mode.PREDICT) {
      CudaLayer last = layers.getLast();
      calls.lossRows(
          batch, last.outputs(rows), last.outputGradients(), rows, positions, units, rule(spec));
    }
    if (mode == Mode.TRAIN) {
      for (CudaLayer layer : layers.reversed()) {
        layer.backward(calls, rows);
      }
    }
  }

  /** The numbers of loss.cuh. */
  private static int rule(ModelSpec spec) {
    return switch (spec.lossForm()) {
      case LossForm.SoftmaxCrossentropy _ -> 0;
      case LossForm.SquaredError _ -> 1;
      case LossForm.ClippedCrossentropy _ -> 2;
      default ->
          throw new IllegalStateException(spec.loss() + " has passed the gate of CudaSupport");
    };
  }
}
