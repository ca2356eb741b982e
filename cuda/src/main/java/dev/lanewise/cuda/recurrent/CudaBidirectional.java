package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** Two walks on the same sequence, in opposite directions; see bidirectional.cu. */
public final class CudaBidirectional implements CudaLayer {
  private final Bidirectional layer;
  private final int positions;
  private final CudaRecurrent first;
  private final CudaRecurrent second;
  private final long outputs;
  private final long gradients;

  public CudaBidirectional(LayerMemory memory, Bidirectional layer, Shape input, CudaSource below) {
    this.layer = layer;
    CellLayer forward = (CellLayer) layer.forward(); // CudaSupport lets no other pass
    long weights = 0;
    for (ParameterSpec parameter : forward.parameters(input)) {
      weights += parameter.shape().elementCount();
    }
    first = CudaRecurrent.of(memory, forward, input, List.of(below), false);
    second =
        CudaRecurrent.of(
            memory.after(weights), (CellLayer) layer.backward(), input, List.of(below), true);
    positions = layer.outputShape(input).positions();
    outputs = memory.floats("outputs of both directions", positions, layer.width());
    gradients = memory.trainingFloats("gradients by both directions", positions, layer.width());
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(outputs, layer.width());
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  private void launch(String kernel, CudaPass pass) {
    Signal ofFirst = first.outputs(pass.rows());
    Signal ofSecond = second.outputs(pass.rows());
    Struct walks =
        new Struct()
            .pointer(ofFirst.address())
            .pointer(ofSecond.address())
            .pointer(outputs)
            .pointer(gradients)
            .pointer(first.outputGradients())
            .pointer(second.outputGradients())
            .integer(ofFirst.stride())
            .integer(ofSecond.stride())
            .integer(layer.forward().units())
            .integer(layer.backward().units())
            .integer(positions)
            .integer(pass.rows())
            .integer(code(layer.merge()));
    pass.calls().rows(kernel, pass.rows(positions), new Arguments().struct(walks));
  }

  private static int code(Bidirectional.Merge merge) {
    return switch (merge) {
      case CONCAT -> 0;
      case SUM -> 1;
      case MUL -> 2;
      case AVE -> 3;
      case NONE -> throw new IllegalStateException("two outputs have no kernel");
    };
  }

  @Override
  public void forward(CudaPass pass) {
    first.forward(pass);
    second.forward(pass);
    launch("merge_walks", pass);
  }

  @Override
  public void backward(CudaPass pass) {
    launch("part_walks", pass);
    first.backward(pass);
    second.backward(pass);
  }
}
