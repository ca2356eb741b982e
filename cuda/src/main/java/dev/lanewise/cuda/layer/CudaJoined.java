package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Several values one after another along one of their sizes. */
public final class CudaJoined implements CudaLayer {
  private final List<CudaSource> below;
  private final List<CudaPlaces> places = new ArrayList<>();
  private final int width;
  private final long outputs;
  private final long gradients;

  /**
   * Takes the buffers.
   *
   * @param axis along which of the result's sizes
   * @param parts the sizes of a sample of each value, all of the result's or all but this one
   * @param output those of the result
   */
  public CudaJoined(
      LayerMemory memory, int axis, List<Shape> parts, Shape output, List<CudaSource> below) {
    this.below = List.copyOf(below);
    int[] apart = CudaAxes.apart(output);
    int[] others =
        IntStream.range(0, apart.length).filter(i -> i != axis).map(i -> apart[i]).toArray();
    int first = 0;
    for (Shape part : parts) {
      boolean stacked = part.rank() < output.rank();
      places.add(new CudaPlaces(part, output, first, stacked ? others : apart));
      first += (stacked ? 1 : part.size(axis)) * apart[axis];
    }
    width = output.size(-1);
    outputs = memory.floats("values side by side", output.positions(), width);
    gradients =
        memory.trainingFloats("gradients by values side by side", output.positions(), width);
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(outputs, width);
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  @Override
  public void forward(CudaPass pass) {
    for (int i = 0; i < below.size(); i++) {
      places.get(i).put(pass, below.get(i).outputs(pass.rows()), outputs);
    }
  }

  @Override
  public void backward(CudaPass pass) {
    for (int i = 0; i < below.size(); i++) {
      long target = below.get(i).outputGradients();
      if (target != 0) {
        places.get(i).take(pass, new Signal(gradients, width), target);
      }
    }
  }
}
