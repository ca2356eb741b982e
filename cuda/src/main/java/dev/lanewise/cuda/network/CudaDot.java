package dev.lanewise.cuda.network;

import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaPermute;
import dev.lanewise.cuda.layer.CudaProduct;
import dev.lanewise.cuda.layer.CudaProduct.Side;
import dev.lanewise.cuda.layer.CudaRun;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.CudaVectorNormalization;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.layer.SampleMatrix;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link Dot} as a product of each sample. Vectors that are made of length 1 before are put in rows
 * first where they lie along the steps.
 */
final class CudaDot {
  /** What Keras multiplies a vector by at most, so that one of zeros stays one. */
  private static final double MOST = 1e7;

  private final LayerMemory memory;
  private final Dot layer;
  private final List<CudaLayer> steps = new ArrayList<>();

  private CudaDot(LayerMemory memory, Dot layer) {
    this.memory = memory;
    this.layer = layer;
  }

  static CudaLayer of(LayerMemory memory, Dot layer, List<Shape> shapes, List<CudaSource> below) {
    CudaDot dot = new CudaDot(memory, layer);
    Side first = dot.side(0, shapes.get(0), below.get(0));
    Side second = dot.side(1, shapes.get(1), below.get(1));
    int rows = first.at().rows();
    int columns = second.at().rows();
    Shape output = layer.mergedShape(shapes);
    SampleMatrix at =
        output.rank() == 1 ? SampleMatrix.inOneRow(rows, columns) : SampleMatrix.of(output);
    dot.steps.add(new CudaProduct(memory, 1, 1, first, second, at, output));
    return CudaRun.of(dot.steps);
  }

  /** Returns [what is left, what is summed over] of an input. */
  private Side side(int input, Shape shape, CudaSource source) {
    boolean overSteps = shape.rank() == 2 && layer.summed(input, shape) == 0;
    if (!layer.normalize()) {
      SampleMatrix at = SampleMatrix.of(shape);
      return new Side(source, shape.size(-1), overSteps ? at.transposed() : at);
    }
    CudaSource vectors = source;
    Shape sizes = shape;
    if (overSteps) {
      Permute turn = new Permute(List.of(2, 1));
      sizes = turn.outputShape(shape);
      vectors = add(new CudaPermute(memory, turn, shape, source));
    }
    vectors = add(CudaVectorNormalization.ofLength(memory, MOST, sizes, vectors));
    return new Side(vectors, sizes.size(-1), SampleMatrix.of(sizes));
  }

  private CudaLayer add(CudaLayer step) {
    steps.add(step);
    return step;
  }
}
