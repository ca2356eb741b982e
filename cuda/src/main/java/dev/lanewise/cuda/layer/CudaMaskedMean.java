package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;

/** The mean of the steps that count, as GlobalAveragePooling1D has it; see mask.cu. */
public final class CudaMaskedMean extends CudaValues {
  private final int steps;
  private final long mask;

  public CudaMaskedMean(LayerMemory memory, Shape input, CudaSource below) {
    super(memory, "a mean of steps that count", Shape.of(input.size(1)), below);
    steps = input.size(0);
    mask = memory.mask();
  }

  @Override
  public void forward(CudaPass pass) {
    Signal inputs = below.outputs(pass.rows());
    pass.calls()
        .rows(
            "masked_mean",
            pass.rows(),
            new Arguments()
                .pointer(inputs.address())
                .integer(inputs.stride())
                .pointer(mask)
                .pointer(outputs)
                .integer(steps)
                .integer(pass.rows())
                .integer(width));
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      pass.calls()
          .rows(
              "masked_mean_backward",
              pass.rows(),
              new Arguments()
                  .pointer(gradients)
                  .pointer(mask)
                  .pointer(below.outputGradients())
                  .integer(steps)
                  .integer(pass.rows())
                  .integer(width));
    }
  }
}
