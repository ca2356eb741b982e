package dev.lanewise.cuda.network;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.tensor.Shape;

/** The samples of the batch, which the first layer reads. */
final class CudaInput implements CudaSource {
  private final int positions;
  private final int features;
  private final long values;

  CudaInput(LayerMemory memory, Shape shape) {
    positions = shape.positions();
    features = shape.size(-1);
    values = memory.floats("inputs", positions, features);
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(values, features);
  }

  @Override
  public long outputGradients() {
    return 0;
  }

  void forward(CudaPass pass) {
    pass.calls()
        .feedSamples(pass.batch(), values, features, pass.rows(), positions, features, 0, false);
  }
}
