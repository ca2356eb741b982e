package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** Values less a mean, divided by a deviation, which are given or weights; see norm.cu. */
public final class CudaNormalization extends CudaValues {
  private final boolean inverts;
  private final long means;
  private final long variances;
  private final int byPosition;
  private final int byColumn;

  public CudaNormalization(LayerMemory memory, Normalization layer, Shape input, CudaSource below) {
    super(memory, "a normalization", input, below);
    inverts = layer.invert();
    int count;
    if (layer.isAdapted()) {
      count = Math.toIntExact(layer.parameters(input).getFirst().shape().elementCount());
      means = memory.kept();
      variances = means + (long) count * Float.BYTES;
    } else {
      count = layer.mean().size();
      means = constants(memory, layer.mean());
      variances = constants(memory, layer.variance());
    }
    byPosition = positions > 1 ? layer.place(input, count, 1, 0) : 0;
    byColumn = width > 1 ? layer.place(input, count, 0, 1) : 0;
  }

  private static long constants(LayerMemory memory, List<Double> values) {
    float[] all = new float[values.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i).floatValue();
    }
    return memory.arena().constants("means and variances", all);
  }

  private void launch(CudaPass pass, Signal from, long to, boolean back) {
    pass.calls()
        .rows(
            "standardize",
            pass.rows(positions),
            new Arguments()
                .pointer(from.address())
                .integer(from.stride())
                .pointer(means)
                .pointer(variances)
                .pointer(to)
                .integer(positions)
                .integer(pass.rows())
                .integer(width)
                .integer(byPosition)
                .integer(byColumn)
                .integer(inverts ? 1 : 0)
                .integer(back ? 1 : 0));
  }

  @Override
  public void forward(CudaPass pass) {
    launch(pass, below.outputs(pass.rows()), outputs, false);
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      launch(pass, new Signal(gradients, width), below.outputGradients(), true);
    }
  }
}
