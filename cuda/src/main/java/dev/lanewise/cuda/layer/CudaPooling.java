package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.SlidingWindow.Windows;
import dev.lanewise.engine.tensor.Shape;

/**
 * The largest value, or the mean, of a window on a sequence or a picture, or of all its steps; see
 * pooling.cu.
 */
public final class CudaPooling implements CudaLayer {
  /** What is taken of a window, by the kernels that do so. */
  public enum Kind {
    MAX("max_pool_forward", "max_pool_backward"),
    AVERAGE("average_pool_forward", "average_pool_backward"),
    GLOBAL_MAX("max_pool_forward", "global_max_backward");

    private final String forward;
    private final String backward;

    Kind(String forward, String backward) {
      this.forward = forward;
      this.backward = backward;
    }
  }

  private final Kind kind;
  private final Windows down;
  private final Windows across;
  private final int width;
  private final CudaSource below;
  private final long outputs;
  private final long places;
  private final long gradients;

  /** Builds a pooling of sequences, or of pictures as sequences of their places. */
  public CudaPooling(
      LayerMemory memory, Kind kind, Windows windows, Shape input, CudaSource below) {
    this(memory, kind, windows, CudaWindow.ONE_COLUMN, input, below);
  }

  /** Builds a pooling of pictures. */
  public CudaPooling(
      LayerMemory memory, Kind kind, Windows down, Windows across, Shape input, CudaSource below) {
    this.kind = kind;
    this.down = down;
    this.across = across;
    width = input.size(-1);
    this.below = below;
    int count = places();
    outputs = memory.floats("outputs of a pooling", count, width);
    places = kind == Kind.AVERAGE ? 0 : memory.floats("places of the largest", count, width);
    gradients = memory.trainingFloats("gradients by a pooling", count, width);
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(outputs, width);
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  private int places() {
    return Math.multiplyExact(down.count(), across.count());
  }

  private int steps() {
    return Math.multiplyExact(down.steps(), across.steps());
  }

  private void launch(String kernel, int positions, CudaPass pass) {
    Signal inputs = below.outputs(pass.rows());
    Struct pooling =
        new Struct()
            .pointer(inputs.address())
            .pointer(outputs)
            .pointer(places)
            .pointer(gradients)
            .pointer(below.outputGradients())
            .integer(inputs.stride())
            .integer(pass.rows())
            .integer(width);
    CudaWindow.addTo(CudaWindow.addTo(pooling, down), across);
    pass.calls().rows(kernel, pass.rows(positions), new Arguments().struct(pooling));
  }

  @Override
  public void forward(CudaPass pass) {
    launch(kind.forward, places(), pass);
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      launch(kind.backward, kind == Kind.GLOBAL_MAX ? 1 : steps(), pass);
    }
  }
}
