package dev.lanewise.cuda.network;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.tensor.Shape;

/** The samples of the batch at one of the inputs. */
final class CudaInput implements CudaSource {
  private final int positions;
  private final int features;
  private final long values;
  private final int all;
  private final int first;

  /**
   * Takes room.
   *
   * @param shape of one sample
   * @param all the values of a sample of all inputs
   * @param first which of them is the first of this one
   */
  CudaInput(LayerMemory memory, Shape shape, int all, int first) {
    this.all = all;
    this.first = first;
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
        .feedSamples(
            pass.batch(), values, features, pass.rows(), positions, features, 0, false, all, first);
  }
}
