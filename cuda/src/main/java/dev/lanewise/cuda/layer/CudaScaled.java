package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaArithmetic.Side;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;

/** A value, without gaps, times a weight that is one number: the first of the layer's arrays. */
public final class CudaScaled implements CudaLayer {
  private final CudaSource below;
  private final CudaArithmetic product;
  private final ColumnSums gradient;

  /**
   * Takes the buffers.
   *
   * @param value the shape of a sample
   */
  public CudaScaled(LayerMemory memory, Shape value, CudaSource below) {
    this.below = below;
    int[] ones = new int[value.rank()];
    Arrays.fill(ones, 1);
    Side weight = Side.of(new Weight(memory.weights()), Shape.of(ones));
    product =
        new CudaArithmetic(memory, Operator.MULTIPLY, 1, Side.of(below, value), weight, value);
    gradient = new ColumnSums(memory, value.positions(), value.size(-1), true);
  }

  /** The weight as a value: the same number in every row. */
  private record Weight(long address) implements CudaSource {
    @Override
    public Signal outputs(int rows) {
      return new Signal(address, 0);
    }

    @Override
    public long outputGradients() {
      return 0; // its own is a sum over all samples
    }
  }

  @Override
  public Signal outputs(int rows) {
    return product.outputs(rows);
  }

  @Override
  public long outputGradients() {
    return product.outputGradients();
  }

  @Override
  public void forward(CudaPass pass) {
    product.forward(pass);
  }

  @Override
  public void backward(CudaPass pass) {
    product.backward(pass);
    long values = below.outputs(pass.rows()).address();
    gradient.sumProducts(pass, product.outputGradients(), values);
  }
}
