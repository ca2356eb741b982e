package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.tensor.Shape;

/** A rectifier whose slopes below 0 are learnt; see rectify.cu. */
public final class CudaPrelu extends CudaValues {
  private final Shape input;
  private final Shape slopes;
  private final long weights;
  private final boolean learns;
  private final long gradient;

  public CudaPrelu(LayerMemory memory, Prelu layer, Shape input, CudaSource below) {
    super(memory, "a rectifier with slopes", input, below);
    this.input = input;
    slopes = layer.alpha(input);
    weights = memory.weights();
    learns = memory.learns();
    gradient = memory.gradient();
  }

  /** Returns how far apart neighbours lie in the slopes, 0 along a size that shares them. */
  private int[] inSlopes() {
    int[] apart = CudaAxes.apart(slopes);
    for (int axis = 0; axis < apart.length; axis++) {
      apart[axis] = isShared(axis) ? 0 : apart[axis];
    }
    return apart;
  }

  private boolean isShared(int axis) {
    return slopes.size(axis) == 1;
  }

  /** Returns the sizes of a sample that share slopes, the others being 1. */
  private Shape shared() {
    int[] sizes = input.toArray();
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = isShared(axis) ? sizes[axis] : 1;
    }
    return Shape.of(sizes);
  }

  private void launch(CudaPass pass, long dy, long to) {
    Signal inputs = below.outputs(pass.rows());
    pass.calls()
        .rows(
            "prelu",
            pass.rows(positions),
            new Arguments()
                .pointer(inputs.address())
                .integer(inputs.stride())
                .pointer(weights)
                .pointer(dy)
                .pointer(to)
                .integer(positions)
                .integer(pass.rows())
                .integer(width)
                .struct(CudaAxes.of(input, inSlopes())));
  }

  @Override
  public void forward(CudaPass pass) {
    launch(pass, 0, outputs);
  }

  @Override
  public void backward(CudaPass pass) {
    if (learns) {
      Signal inputs = below.outputs(pass.rows());
      int count = Math.toIntExact(slopes.elementCount());
      int[] inSample = CudaAxes.apart(input);
      pass.calls()
          .rows(
              "prelu_slopes",
              count,
              new Arguments()
                  .pointer(inputs.address())
                  .integer(inputs.stride())
                  .pointer(gradients)
                  .pointer(gradient)
                  .integer(count)
                  .integer(Math.toIntExact(shared().elementCount()))
                  .integer(pass.rows())
                  .integer(width)
                  .struct(CudaAxes.of(slopes, inSample))
                  .struct(CudaAxes.of(shared(), inSample)));
    }
    if (below.outputGradients() != 0) {
      launch(pass, gradients, below.outputGradients());
    }
  }
}
