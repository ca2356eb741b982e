package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;

/** A value without gaps, which nobody else reads, with zeros where a mask leaves steps out. */
public final class CudaZeroedSteps implements CudaLayer {
  private final CudaSource value;
  private final int positions;
  private final int width;
  private final long mask;

  /**
   * Builds the layer.
   *
   * @param mask the address of the mask
   */
  public CudaZeroedSteps(CudaSource value, int positions, int width, long mask) {
    this.value = value;
    this.positions = positions;
    this.width = width;
    this.mask = mask;
  }

  @Override
  public Signal outputs(int rows) {
    return value.outputs(rows);
  }

  @Override
  public long outputGradients() {
    return value.outputGradients();
  }

  private void zero(CudaPass pass, long values) {
    pass.calls()
        .rows(
            "zero_masked",
            pass.rows(positions),
            new Arguments()
                .pointer(values)
                .integer(width)
                .pointer(mask)
                .pointer(values)
                .integer(positions)
                .integer(pass.rows())
                .integer(width)
                .integer(0));
  }

  @Override
  public void forward(CudaPass pass) {
    zero(pass, value.outputs(pass.rows()).address());
  }

  @Override
  public void backward(CudaPass pass) {
    zero(pass, value.outputGradients());
  }
}
