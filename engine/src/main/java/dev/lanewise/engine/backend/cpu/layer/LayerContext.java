package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.List;

/**
 * What a layer's weights are made with.
 *
 * @param arena takes their memory
 * @param shards the most shards of a training batch, 0 for a model that will not be trained
 * @param slots the optimizer's names of the arrays that it keeps a parameter
 * @param zeros a row of zeros, as wide as the widest matrix of the model
 * @param first whether no layer is below, so that nobody asks for the gradient by the inputs
 * @param number tells what the layer draws from what others do
 */
public record LayerContext(
    TensorArena arena, int shards, List<String> slots, Tensor zeros, boolean first, int number) {

  /** Returns a parameter of this model. */
  public CpuParameter parameter(String label, int rows, int columns) {
    return new CpuParameter(arena, label, rows, columns, shards, slots);
  }

  /** Returns the context of a second layer in this one's place. */
  public LayerContext second() {
    return new LayerContext(arena, shards, slots, zeros, first, ~number);
  }

  /** Returns what the layer drops at this rate. */
  public DropRate drops(double rate) {
    return DropRate.of(number, rate);
  }

  /** Returns whether the model will be trained. */
  public boolean training() {
    return shards > 0;
  }

  /** Returns a row of zeros of this width. */
  public Matrix zeroRow(int width) {
    return zeros.matrix(0, 1, 0, width);
  }
}
