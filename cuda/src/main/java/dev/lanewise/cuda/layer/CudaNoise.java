package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.tensor.Shape;

/** Noise in training, by the CPU's draws; see noise.cu. */
public final class CudaNoise extends CudaValues {
  private static final double BITS = 0x1p24;

  /** What selu makes of -infinity: -1.0507 times 1.6733. */
  private static final double LOWEST = -1.0507009873554805 * 1.6732632423543772;

  private final Struct noise;

  public CudaNoise(LayerMemory memory, Noise layer, Shape input, CudaSource below) {
    super(memory, "a noise", input, below);
    double rate = layer.strength();
    boolean added = layer.kind() == Noise.Kind.GAUSSIAN_NOISE;
    double kept = added ? 1 : 1 / Math.sqrt((1 - rate) * (1 + rate * LOWEST * LOWEST));
    noise =
        new Struct()
            .pointer(memory.key())
            .integer(code(layer.kind()))
            .real(added ? rate : Math.sqrt(rate / (1 - rate)))
            .integer(added ? 0 : (int) Math.ceil(rate * BITS - 0.5)) // draws lie between integers
            .real(kept)
            .real(-kept * LOWEST * rate)
            .real(kept * LOWEST * (1 - rate));
  }

  private static int code(Noise.Kind kind) {
    return switch (kind) {
      case GAUSSIAN_NOISE -> 0;
      case GAUSSIAN_DROPOUT -> 1;
      case ALPHA_DROPOUT -> 2;
    };
  }

  private void disturb(CudaPass pass, Signal from, long to, boolean back) {
    pass.calls()
        .rows(
            "disturb",
            pass.rows(positions),
            new Arguments()
                .pointer(pass.batch())
                .pointer(from.address())
                .integer(from.stride())
                .pointer(to)
                .integer(positions)
                .integer(pass.rows())
                .integer(width)
                .integer(back ? 1 : 0)
                .struct(noise));
  }

  @Override
  public void forward(CudaPass pass) {
    Signal inputs = below.outputs(pass.rows());
    if (pass.training()) {
      disturb(pass, inputs, outputs, false);
    } else {
      int all = pass.rows(positions);
      pass.calls().applyFunction(inputs, outputs, all, width, Activation.LINEAR);
    }
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      disturb(pass, new Signal(gradients, width), below.outputGradients(), true);
    }
  }
}
