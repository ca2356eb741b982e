package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.tensor.Shape;

/** A line with one slope above 0 and one below: a leaky relu, or a rescaling; see elements.cu. */
public final class CudaLine implements CudaLayer {
  private final double above;
  private final double under;
  private final double offset;
  private final int positions;
  private final int width;
  private final CudaSource below;
  private final long outputs;
  private final long gradients;

  private CudaLine(
      LayerMemory memory,
      double above,
      double under,
      double offset,
      Shape input,
      CudaSource below) {
    this.above = above;
    this.under = under;
    this.offset = offset;
    positions = input.positions();
    width = input.size(-1);
    this.below = below;
    outputs = memory.floats("outputs of a line", positions, width);
    gradients = memory.trainingFloats("gradients by a line", positions, width);
  }

  public static CudaLine of(LayerMemory memory, LeakyRelu layer, Shape input, CudaSource below) {
    return new CudaLine(memory, 1, layer.negativeSlope(), 0, input, below);
  }

  public static CudaLine of(LayerMemory memory, Rescaling layer, Shape input, CudaSource below) {
    return new CudaLine(memory, layer.scale(), layer.scale(), layer.offset(), input, below);
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(outputs, width);
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  private Arguments begin(CudaPass pass) {
    Signal inputs = below.outputs(pass.rows());
    return new Arguments().pointer(inputs.address()).integer(inputs.stride());
  }

  @Override
  public void forward(CudaPass pass) {
    int all = pass.rows(positions);
    pass.calls()
        .rows(
            "line_forward",
            all,
            begin(pass)
                .pointer(outputs)
                .integer(all)
                .integer(width)
                .real(above)
                .real(under)
                .real(offset));
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      int all = pass.rows(positions);
      pass.calls()
          .rows(
              "line_backward",
              all,
              begin(pass)
                  .pointer(gradients)
                  .pointer(below.outputGradients())
                  .integer(all)
                  .integer(width)
                  .real(above)
                  .real(under));
    }
  }
}
