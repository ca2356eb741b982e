package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.SlidingWindow.Windows;
import dev.lanewise.engine.tensor.Shape;

/** What the windows of a convolution see, side by side: [places][rows][size * features]. */
final class CudaWindows extends CudaValues {
  private final Windows down;
  private final Windows across;
  private final boolean turned;
  private final int features;

  /**
   * Takes the buffers.
   *
   * @param turned whether the windows lie on the outputs, each of whose places is one of the inputs
   */
  CudaWindows(
      LayerMemory memory,
      Windows down,
      Windows across,
      boolean turned,
      int features,
      CudaSource below) {
    super(
        memory.goingBack(below.outputGradients() != 0),
        "windows",
        seen(down, across, turned, features),
        below);
    this.down = down;
    this.across = across;
    this.turned = turned;
    this.features = features;
  }

  /** Returns the shape of what the windows on a sample see. */
  static Shape seen(Windows down, Windows across, boolean turned, int features) {
    int places =
        turned
            ? Math.multiplyExact(down.steps(), across.steps())
            : Math.multiplyExact(down.count(), across.count());
    int size = Math.multiplyExact(down.size(), across.size());
    return Shape.of(places, Math.multiplyExact(size, features));
  }

  private int inputs() {
    return turned ? down.count() * across.count() : down.steps() * across.steps();
  }

  private void launch(String kernel, CudaPass pass, Signal from, long to, int places) {
    Struct windows =
        new Struct()
            .pointer(from.address())
            .pointer(to)
            .integer(from.stride())
            .integer(pass.rows())
            .integer(features)
            .integer(turned ? 1 : 0);
    CudaWindow.addTo(CudaWindow.addTo(windows, down), across);
    pass.calls().rows(kernel, pass.rows(places), new Arguments().struct(windows));
  }

  @Override
  public void forward(CudaPass pass) {
    launch("gather_windows", pass, below.outputs(pass.rows()), outputs, positions);
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      Signal from = new Signal(gradients, width);
      launch("scatter_windows", pass, from, below.outputGradients(), inputs());
    }
  }
}
