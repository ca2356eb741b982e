package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;

/**
 * A value that nobody reads, beside others of its layer that somebody does: no loss asks for it.
 */
public final class CudaUnread implements CudaLayer {
  private final CudaSource value;
  private final Shape shape;

  /**
   * Describes it.
   *
   * @param shape of a sample of the value
   */
  public CudaUnread(CudaSource value, Shape shape) {
    this.value = value;
    this.shape = shape;
  }

  @Override
  public Signal outputs(int rows) {
    return value.outputs(rows);
  }

  @Override
  public long outputGradients() {
    return value.outputGradients();
  }

  @Override
  public void forward(CudaPass pass) {}

  @Override
  public void backward(CudaPass pass) {
    int rows = pass.rows(shape.positions());
    pass.calls()
        .rows(
            "clear_rows",
            rows,
            new Arguments().pointer(outputGradients()).integer(rows).integer(shape.size(-1)));
  }
}
