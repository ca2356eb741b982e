package dev.lanewise.cuda.network;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.ActivationCode;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import java.util.List;

/**
 * The fused path: a recurrent layer under a softmax, from samples to gradients in one launch, whose
 * blocks each leave a part of the gradients.
 */
public final class RnnFused implements CudaNetwork {
  /** Rows of a launch that leaves gradients; those of more come in several. */
  private static final int MOST_ROWS = RnnTiles.MOST_PARTS * RnnTiles.SAMPLES;

  private final RnnTiles tiles;
  private final SimpleRnn layer;
  private final int steps;
  private final int features;
  private final int units;
  private final int classes;
  private final long forward;
  private final long transposed;
  private final long bias;
  private final long dense;
  private final long denseBias;
  private final Zeros history;
  private final Zeros dz;
  private final long parts;
  private final int partSize;
  private final long logits;

  /**
   * Memory with places that nobody writes and that count as zero.
   *
   * @param size the values, 0 where there is none
   */
  public record Zeros(long address, long size) {}

  public RnnFused(LayerMemory memory, ModelSpec spec, RnnTiles tiles) {
    this.tiles = tiles;
    layer = (SimpleRnn) spec.layers().get(0);
    Dense last = (Dense) spec.layers().get(1);
    steps = spec.input().size(0);
    features = spec.input().size(1);
    units = layer.units();
    classes = last.units();
    forward = memory.arena().allocate("weights for the way forward", forwardSize());
    transposed = memory.arena().allocate("weights for the way back", transposedSize());
    long kernels = (long) (features + units) * units;
    long before = kernels + (layer.useBias() ? units : 0);
    bias = layer.useBias() ? memory.after(kernels).weights() : 0;
    LayerMemory above = memory.after(before);
    dense = above.weights();
    denseBias = last.useBias() ? above.after((long) units * classes).weights() : 0;
    logits = memory.floats("outputs of a dense layer", 1, classes);
    int blocks = memory.training() ? blocks(Math.min(memory.maximumRows(), MOST_ROWS)) : 0;
    long rows = (long) blocks * RnnTiles.SAMPLES;
    int inputs = RnnTiles.fours(RnnTiles.fours(features) + units);
    history = zeros(memory, "inputs and states of a recurrent layer", rows * (steps + 1L) * inputs);
    dz = zeros(memory, "gradients by its sums", rows * steps * RnnTiles.fours(units));
    int others = Math.toIntExact(spec.parameterCount() - kernels);
    partSize = RnnTiles.fours(forwardSize() + others);
    parts = zeros(memory, "parts of gradients", (long) blocks * partSize).address();
  }

  private static Zeros zeros(LayerMemory memory, String what, long size) {
    return new Zeros(size == 0 ? 0 : memory.arena().allocate(what, size), size);
  }

  private int forwardSize() {
    return tiles.inputs() * tiles.width();
  }

  private int transposedSize() {
    return tiles.width() * tiles.width();
  }

  private static int blocks(int rows) {
    return Math.ceilDiv(rows, RnnTiles.SAMPLES);
  }

  /** Returns what has to be cleared once. */
  public List<Zeros> zeros() {
    return List.of(
        new Zeros(forward, forwardSize()), new Zeros(transposed, transposedSize()), history, dz);
  }

  /** Returns {@code struct Packing} of packing.cuh. */
  public Struct packing() {
    return new Struct()
        .pointer(forward)
        .pointer(transposed)
        .integer(features)
        .integer(units)
        .integer(tiles.tile());
  }

  /** Returns {@code struct Parts} of update_fused.cu: what a pass over so many rows has left. */
  public Struct parts(int rows) {
    return new Struct().pointer(parts).integer(partSize).integer(blocks(Math.min(rows, MOST_ROWS)));
  }

  /** Returns the same for gradients that are added up already. */
  public Struct noParts() {
    return new Struct().pointer(0).integer(0).integer(0);
  }

  @Override
  public Signal outputs(int output, int rows) {
    return new Signal(logits, classes);
  }

  @Override
  public void run(CudaPass pass) {
    int most = pass.training() ? MOST_ROWS : pass.rows();
    for (int first = 0; first < pass.rows(); first += most) {
      launch(pass, first, Math.min(most, pass.rows() - first));
    }
  }

  private void launch(CudaPass pass, int first, int rows) {
    Struct model =
        new Struct()
            .pointer(forward)
            .pointer(transposed)
            .pointer(bias)
            .pointer(dense)
            .pointer(denseBias)
            .pointer(history.address())
            .pointer(dz.address())
            .pointer(parts)
            .pointer(logits)
            .integer(pass.rows())
            .integer(first)
            .integer(first > 0 ? 1 : 0)
            .integer(steps)
            .integer(features)
            .integer(units)
            .integer(classes)
            .integer(ActivationCode.of(layer.activation()))
            .integer(pass.mode().code())
            .integer(layer.goBackwards() ? 1 : 0)
            .integer(partSize);
    String kernel = layer.activation() == Activation.TANH ? "rnn_fused_tanh_" : "rnn_fused_";
    KernelCalls calls = pass.calls();
    calls.blocks(
        kernel + tiles.tile(),
        blocks(rows),
        tiles.threads(),
        new Arguments().pointer(pass.batch()).struct(model));
  }
}
