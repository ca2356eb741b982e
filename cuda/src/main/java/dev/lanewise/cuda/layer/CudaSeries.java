package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.Signal;

/** A layer that is two, of which the second reads the first. */
public final class CudaSeries implements CudaLayer {
  private final CudaLayer first;
  private final CudaLayer second;

  public CudaSeries(CudaLayer first, CudaLayer second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public Signal outputs(int rows) {
    return second.outputs(rows);
  }

  @Override
  public long outputGradients() {
    return second.outputGradients();
  }

  @Override
  public void forward(CudaPass pass) {
    first.forward(pass);
    second.forward(pass);
  }

  @Override
  public void backward(CudaPass pass) {
    second.backward(pass);
    first.backward(pass);
  }
}
