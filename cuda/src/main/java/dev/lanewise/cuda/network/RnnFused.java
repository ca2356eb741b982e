package dev.lanewise.cuda.network;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.ActivationCode;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.layer.WeightGradient;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;

/**
 * The fused path: a recurrent layer under a softmax, from inputs to gradients in one launch; the
 * weights' gradients follow as on the general path.
 */
public final class RnnFused implements CudaNetwork {
  private final int tile;
  private final SimpleRnn layer;
  private final int steps;
  private final int features;
  private final int units;
  private final int classes;
  private final int packedSize;
  private final long forward;
  private final long transposed;
  private final long bias;
  private final long dense;
  private final long denseBias;
  private final long inputs;
  private final long dz;
  private final long logits;
  private final long dLogits;
  private final WeightGradient recurrentGradient;
  private final WeightGradient denseGradient;

  public RnnFused(LayerMemory memory, ModelSpec spec, RnnTiles tiles) {
    tile = tiles.tile();
    layer = (SimpleRnn) spec.layers().get(0);
    Dense last = (Dense) spec.layers().get(1);
    steps = spec.input().size(0);
    features = spec.input().size(1);
    units = layer.units();
    classes = last.units();
    packedSize = tiles.packedSize();
    forward = memory.arena().allocate("packed weights", packedSize);
    transposed = memory.arena().allocate("packed transposed weights", packedSize);
    int biases = layer.useBias() ? 1 : 0;
    LayerMemory above = memory.after((long) (features + units + biases) * units);
    bias = layer.useBias() ? memory.after((long) stride() * units).weights() : 0;
    dense = above.weights();
    denseBias = last.useBias() ? above.after((long) units * classes).weights() : 0;
    inputs = memory.floats("inputs and states of a recurrent layer", steps + 1L, stride());
    dz = memory.trainingFloats("gradients by a recurrent layer's sums", steps, units);
    logits = memory.floats("outputs of a dense layer", 1, classes);
    dLogits = memory.trainingFloats("gradients by a dense layer's outputs", 1, classes);
    recurrentGradient =
        new WeightGradient(memory, "a recurrent layer", steps, stride(), units, biases);
    denseGradient =
        new WeightGradient(above, "a dense layer", 1, units, classes, last.useBias() ? 1 : 0);
  }

  private int stride() {
    return features + units;
  }

  /** Returns the addresses of the packed copies, both of {@link #packedSize} values. */
  public long[] packed() {
    return new long[] {forward, transposed};
  }

  public int packedSize() {
    return packedSize;
  }

  /** Returns {@code struct Packing} of packing.cuh. */
  public Struct packing() {
    return new Struct()
        .pointer(forward)
        .pointer(transposed)
        .integer(features)
        .integer(units)
        .integer(tile);
  }

  /** Returns the same for models without fused kernels: nothing is packed. */
  public static Struct noPacking() {
    return new Struct().pointer(0).pointer(0).integer(0).integer(0).integer(0);
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(logits, classes);
  }

  @Override
  public void run(CudaPass pass) {
    KernelCalls calls = pass.calls();
    int rows = pass.rows();
    boolean backwards = layer.goBackwards();
    calls.feedSamples(pass.batch(), inputs, stride(), rows, steps, features, units, backwards);
    Struct model =
        new Struct()
            .pointer(forward)
            .pointer(transposed)
            .pointer(bias)
            .pointer(dense)
            .pointer(denseBias)
            .pointer(inputs)
            .pointer(dz)
            .pointer(logits)
            .pointer(dLogits)
            .integer(rows)
            .integer(steps)
            .integer(features)
            .integer(units)
            .integer(classes)
            .integer(ActivationCode.of(layer.activation()))
            .integer(pass.mode().code());
    calls.blocks(
        "rnn_fused_" + tile,
        Math.ceilDiv(rows, RnnTiles.SAMPLES),
        RnnTiles.THREADS,
        new Arguments().pointer(pass.batch()).struct(model));
    if (pass.training()) {
      weightGradients(pass);
    }
  }

  private void weightGradients(CudaPass pass) {
    int all = pass.rows(steps);
    Signal states = new Signal(inputs, stride());
    Signal last = new Signal(inputs + ((long) all * stride() + features) * Float.BYTES, stride());
    recurrentGradient.product(
        pass.calls(), states, stride(), new Signal(dz, units), units, 0, stride(), all);
    recurrentGradient.sum(pass.calls(), all);
    Signal byLogits = new Signal(dLogits, classes);
    denseGradient.product(pass.calls(), last, units, byLogits, classes, 0, units, pass.rows());
    denseGradient.sum(pass.calls(), pass.rows());
  }
}
