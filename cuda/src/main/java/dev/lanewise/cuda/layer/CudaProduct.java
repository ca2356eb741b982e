package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;

/**
 * The product of two matrices of each sample and head, a row of the one with a row of the other: y
 * = factor * a * b'. Gradients are products of the same kind, see products.cu.
 */
public final class CudaProduct extends CudaValues {
  /**
   * One of the two.
   *
   * @param source the value that has the matrices
   * @param width the columns of the value
   * @param at where they are in it
   */
  public record Side(CudaSource source, int width, SampleMatrix at) {
    private Signal values(CudaPass pass) {
      return source.outputs(pass.rows());
    }

    private Signal gradients() {
      return new Signal(source.outputGradients(), width);
    }
  }

  private final int heads;
  private final double factor;
  private final Side a;
  private final Side b;
  private final SampleMatrix at;

  /**
   * Takes the buffers.
   *
   * @param heads the matrices of a sample
   * @param a [m][k]
   * @param b [n][k]
   * @param at where [m][n] is to be in the result
   * @param output the shape of a sample of the result
   */
  public CudaProduct(
      LayerMemory memory, int heads, double factor, Side a, Side b, SampleMatrix at, Shape output) {
    super(memory, "products of samples", output, a.source());
    this.heads = heads;
    this.factor = factor;
    this.a = a;
    this.b = b;
    this.at = at;
  }

  @Override
  public void forward(CudaPass pass) {
    multiply(pass, a.values(pass), a.at(), b.values(pass), b.at(), outputs(pass.rows()), at);
  }

  @Override
  public void backward(CudaPass pass) {
    Signal dy = new Signal(gradients, width);
    if (a.source().outputGradients() != 0) {
      multiply(pass, dy, at, b.values(pass), b.at().transposed(), a.gradients(), a.at());
    }
    if (b.source().outputGradients() != 0) {
      SampleMatrix turned = at.transposed();
      multiply(pass, dy, turned, a.values(pass), a.at().transposed(), b.gradients(), b.at());
    }
  }

  private void multiply(
      CudaPass pass,
      Signal x,
      SampleMatrix xAt,
      Signal y,
      SampleMatrix yAt,
      Signal to,
      SampleMatrix toAt) {
    int samples = pass.rows();
    Struct products = new Struct().pointer(x.address()).pointer(y.address()).pointer(to.address());
    xAt.addTo(products, samples, x.stride());
    yAt.addTo(products, samples, y.stride());
    toAt.addTo(products, samples, to.stride());
    products
        .integer(heads)
        .integer(xAt.rows())
        .integer(yAt.rows())
        .integer(xAt.columns())
        .real(factor);
    int matrices = Math.multiplyExact(samples, heads);
    pass.calls().sampleProducts(products, matrices, xAt.rows(), yAt.rows());
  }
}
