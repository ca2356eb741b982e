package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * {@link Dot} at work: a sample at a time, whose values are put under one another, [what is left,
 * what is summed over] of the first and [summed, left] of the second, and are one product, whose
 * rows one after another are the output.
 */
public final class DotRun implements LayerRun {
  private final CheckedKernels kernels;
  private final MergedValues inputs;
  private final Operand first;
  private final Operand second;
  private final Matrix start;
  private final Matrix product;
  private final Matrix productGradient;
  private final float[] products;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  public DotRun(
      Dot layer, List<Shape> shapes, Shape output, RunContext context, List<LayerRun> below) {
    kernels = context.kernels();
    inputs = new MergedValues(below);
    first = new Operand(layer, 0, shapes.get(0), context);
    second = new Operand(layer, 1, shapes.get(1), context);
    int n = first.byLeft.rows();
    int m = second.byLeft.rows();
    start = context.matrix("zeros", 1, m).matrix();
    product = context.matrix("product", n, m).matrix();
    productGradient = context.matrix("gradient by the product", n, m).matrix();
    products = new float[n * m];
    outputs = context.signals("outputs", output.positions(), output.size(-1));
    outputGradients = context.gradientSignals(output.positions(), output.size(-1));
  }

  @Override
  public Matrix[] inputs() {
    return inputs.of(0);
  }

  @Override
  public Matrix[] outputs() {
    return outputs;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public void forward(Pass pass) {
    for (int r = 0; r < pass.rows(); r++) {
      look(r);
      kernels.gemm(product.rows(), first.byLeft, second.bySum, start, product);
      for (int i = 0; i < product.rows(); i++) {
        product.copyRow(i, products, i * product.columns());
      }
      RowArrays.writeAll(products, outputs, r);
    }
  }

  private void look(int row) {
    first.look(kernels, inputs.of(0), row);
    second.look(kernels, inputs.of(1), row);
  }

  @Override
  public void backward(Pass pass) {
    for (int r = 0; r < pass.rows(); r++) {
      look(r);
      RowArrays.readAll(outputGradients, r, products);
      for (int i = 0; i < product.rows(); i++) {
        productGradient.setRow(i, products, i * product.columns());
      }
      Matrix dz = productGradient;
      if (inputs.gradients(0).length > 0) {
        kernels.gemm(dz.rows(), dz, second.byLeft, first.start, first.gradient);
        first.leave(inputs.gradients(0), r);
      }
      if (inputs.gradients(1).length > 0) {
        kernels.gemmTransposedA(dz.rows(), dz, first.byLeft, second.start, second.gradient);
        second.leave(inputs.gradients(1), r);
      }
    }
  }

  /** One of both, of one sample. */
  private static final class Operand {
    private static final double MOST = 1e7;

    /** Where each element of a sample is among those that are left, by what is summed over. */
    private final int[] places;

    private final float[] sample;
    private final float[] placed;
    private final boolean normalize;
    private final Matrix byLeft;
    private final Matrix bySum;
    private final Matrix gradient;
    private final Matrix start;
    private final float[] factors;

    Operand(Dot layer, int input, Shape shape, RunContext context) {
      int axis = layer.summed(input, shape);
      int summed = shape.size(axis);
      int apart = 1; // how many values lie between one that is summed over and the next
      for (int i = axis + 1; i < shape.rank(); i++) {
        apart *= shape.size(i);
      }
      places = new int[Math.toIntExact(shape.elementCount())];
      for (int at = 0; at < places.length; at++) {
        int left = at / (apart * summed) * apart + at % apart;
        places[at] = left * summed + at / apart % summed;
      }
      sample = new float[places.length];
      placed = new float[places.length];
      normalize = layer.normalize();
      int left = Math.toIntExact(shape.elementCount() / summed);
      byLeft = context.matrix("left by summed", left, summed).matrix();
      bySum = context.matrix("summed by left", summed, left).matrix();
      gradient = context.matrix("gradient by left and summed", left, summed).matrix();
      start = context.matrix("zeros", 1, summed).matrix();
      factors = new float[left];
    }

    void look(CheckedKernels kernels, Matrix[] positions, int row) {
      RowArrays.readAll(positions, row, sample);
      for (int at = 0; at < places.length; at++) {
        placed[places[at]] = sample[at];
      }
      for (int i = 0; i < byLeft.rows(); i++) {
        byLeft.setRow(i, placed, i * byLeft.columns());
      }
      for (int i = 0; normalize && i < factors.length; i++) {
        factors[i] = factor(i);
        for (int k = 0; k < byLeft.columns(); k++) {
          byLeft.set(i, k, byLeft.get(i, k) * factors[i]);
        }
      }
      kernels.transpose(byLeft, bySum);
    }

    /** Keras limits the factor, so that a vector of zeros stays one. */
    private float factor(int i) {
      double squares = 0;
      for (int k = 0; k < byLeft.columns(); k++) {
        squares += (double) byLeft.get(i, k) * byLeft.get(i, k);
      }
      return (float) Math.min(1 / Math.sqrt(squares), MOST);
    }

    /** Leaves the gradient by the operand as that by the sample. */
    void leave(Matrix[] gradients, int row) {
      for (int i = 0; normalize && i < factors.length; i++) {
        double along = 0;
        for (int k = 0; k < byLeft.columns() && factors[i] < MOST; k++) {
          along += (double) gradient.get(i, k) * byLeft.get(i, k);
        }
        for (int k = 0; k < byLeft.columns(); k++) {
          double across = gradient.get(i, k) - along * byLeft.get(i, k);
          gradient.set(i, k, (float) (across * factors[i]));
        }
      }
      for (int i = 0; i < gradient.rows(); i++) {
        gradient.copyRow(i, placed, i * gradient.columns());
      }
      for (int at = 0; at < places.length; at++) {
        sample[at] = placed[places[at]];
      }
      RowArrays.writeAll(sample, gradients, row);
    }
  }
}
