package dev.lanewise.cuda;

import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;

/**
 * The fused path: a recurrent layer under a softmax, from inputs to gradients in one launch. It
 * leaves states and gradients where the layers' own launches would, so that what comes after is the
 * same on both paths.
 */
final class RnnFused {
  /** What the launch is to do; the numbers are those of {@code rnn_fused.cu}. */
  enum Mode {
    PREDICT(0),
    EVALUATE(1),
    TRAIN(2);

    private final int code;

    Mode(int code) {
      this.code = code;
    }
  }

  private final int tile;
  private final CudaSimpleRnn rnn;
  private final CudaDense dense;
  private final SimpleRnn layer;
  private final int steps;
  private final int features;
  private final int classes;
  private final long forward;
  private final long transposed;
  private final int packedSize;

  RnnFused(DeviceArena arena, ModelSpec spec, RnnTiles tiles, CudaSimpleRnn rnn, CudaDense dense) {
    tile = tiles.tile();
    this.rnn = rnn;
    this.dense = dense;
    layer = (SimpleRnn) spec.layers().get(0);
    steps = spec.input().size(0);
    features = spec.input().size(1);
    classes = ((Dense) spec.layers().get(1)).units();
    packedSize = tiles.packedSize();
    forward = arena.allocate("packed weights", packedSize);
    transposed = arena.allocate("packed transposed weights", packedSize);
  }

  /** Returns the addresses of the packed copies, both of {@link #packedSize} values. */
  long[] packed() {
    return new long[] {forward, transposed};
  }

  int packedSize() {
    return packedSize;
  }

  /** Returns {@code struct Packing} of packing.cuh. */
  Struct packing() {
    return new Struct()
        .pointer(forward)
        .pointer(transposed)
        .integer(features)
        .integer(layer.units())
        .integer(tile);
  }

  /** Returns the same for models without fused kernels: nothing is packed. */
  static Struct noPacking() {
    return new Struct().pointer(0).pointer(0).integer(0).integer(0).integer(0);
  }

  void launch(KernelCalls calls, long batch, int rows, Mode mode) {
    Struct model =
        new Struct()
            .pointer(forward)
            .pointer(transposed)
            .pointer(rnn.bias())
            .pointer(dense.weights())
            .pointer(dense.bias())
            .pointer(rnn.steps())
            .pointer(rnn.dz())
            .pointer(dense.outputs(rows).address())
            .pointer(dense.outputGradients())
            .integer(rows)
            .integer(steps)
            .integer(features)
            .integer(layer.units())
            .integer(classes)
            .integer(KernelCalls.code(layer.activation()))
            .integer(mode.code);
    calls.rnnFused(tile, batch, model, rows);
  }
}
