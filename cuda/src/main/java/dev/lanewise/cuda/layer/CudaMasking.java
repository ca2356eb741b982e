package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.tensor.Shape;

/** {@link Masking}: it makes the mask, and zeros of what is masked; see mask.cu. */
public final class CudaMasking extends CudaValues implements MaskSource {
  private final double masked;
  private final long mask;

  public CudaMasking(LayerMemory memory, Masking layer, Shape input, CudaSource below) {
    super(memory, "steps that count", input, below);
    masked = layer.maskValue();
    mask = memory.floats("a mask", positions, 1);
  }

  @Override
  public long mask() {
    return mask;
  }

  @Override
  public void forward(CudaPass pass) {
    Signal inputs = below.outputs(pass.rows());
    pass.calls()
        .rows(
            "mask_steps",
            pass.rows(positions),
            new Arguments()
                .pointer(inputs.address())
                .integer(inputs.stride())
                .pointer(outputs)
                .pointer(mask)
                .integer(pass.rows(positions))
                .integer(width)
                .real(masked));
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      pass.calls()
          .rows(
              "zero_masked",
              pass.rows(positions),
              new Arguments()
                  .pointer(gradients)
                  .integer(width)
                  .pointer(mask)
                  .pointer(below.outputGradients())
                  .integer(positions)
                  .integer(pass.rows())
                  .integer(width)
                  .integer(0));
    }
  }
}
