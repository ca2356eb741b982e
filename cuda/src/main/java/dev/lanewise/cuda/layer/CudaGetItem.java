package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.tensor.Shape;

/** Some places of each sample's sizes; see places.cu. */
public final class CudaGetItem extends CudaValues {
  private final Shape input;
  private final CudaPlaces places;

  public CudaGetItem(LayerMemory memory, GetItem layer, Shape input, CudaSource below) {
    super(memory, "some places", layer.outputShape(input), below);
    this.input = input;
    Shape output = layer.outputShape(input);
    int[] inInput = CudaAxes.apart(input);
    int[] apart = new int[output.rank()];
    int first = 0;
    int axis = 0;
    for (int size = 0; size < input.rank(); size++) {
      GetItem.Places taken = layer.places(size, input);
      first += taken.first() * inInput[size];
      if (layer.part(size) instanceof GetItem.Slice) {
        apart[axis] = taken.count() > 1 ? taken.step() * inInput[size] : 0;
        axis++;
      }
    }
    places = new CudaPlaces(output, input, first, apart);
  }

  @Override
  public void forward(CudaPass pass) {
    places.take(pass, below.outputs(pass.rows()), outputs);
  }

  /** What is taken nowhere has no gradient. */
  @Override
  public void backward(CudaPass pass) {
    long target = below.outputGradients();
    if (target != 0) {
      int all = pass.rows(input.positions());
      pass.calls()
          .rows(
              "clear_rows",
              all,
              new Arguments().pointer(target).integer(all).integer(input.size(-1)));
      places.put(pass, new Signal(gradients, width), target);
    }
  }
}
