package dev.lanewise.cuda.network;

import dev.lanewise.cuda.layer.CudaActivation;
import dev.lanewise.cuda.layer.CudaBranch;
import dev.lanewise.cuda.layer.CudaDense;
import dev.lanewise.cuda.layer.CudaDropout;
import dev.lanewise.cuda.layer.CudaHiddenSteps;
import dev.lanewise.cuda.layer.CudaHiddenSteps.Kind;
import dev.lanewise.cuda.layer.CudaHiddenSteps.Unseen;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaProduct;
import dev.lanewise.cuda.layer.CudaProduct.Side;
import dev.lanewise.cuda.layer.CudaRun;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.layer.SampleMatrix;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * Attention of several heads as steps that each are a layer. The products with query, key, value
 * and what the heads give are dense layers, in which the heads lie side by side; scores and shares
 * have those of each head under the head's before, [heads * Tq][Tv].
 */
final class CudaHeads {
  private final MultiHeadAttention layer;
  private final int querySteps;
  private final int valueSteps;
  private final Unseen unseen;
  private final List<CudaLayer> steps = new ArrayList<>();

  /** With the weights that no step has taken yet. */
  private LayerMemory memory;

  private CudaHeads(
      LayerMemory memory, MultiHeadAttention layer, List<Shape> shapes, IntToLongFunction masks) {
    int keys = shapes.size() - 1;
    unseen =
        new Unseen(
            layer.causal(), masks.applyAsLong(0), masks.applyAsLong(1), masks.applyAsLong(keys));
    this.memory = memory;
    this.layer = layer;
    querySteps = shapes.getFirst().size(0);
    valueSteps = shapes.get(1).size(0);
  }

  /** A value that is the key too goes back first as the value, which begins the gradient by it. */
  static CudaLayer of(
      LayerMemory memory,
      MultiHeadAttention layer,
      List<Shape> shapes,
      List<CudaSource> below,
      IntToLongFunction masks) {
    CudaHeads heads = new CudaHeads(memory, layer, shapes, masks);
    int keys = layer.heads() * layer.keyDim();
    int values = layer.heads() * layer.valueDim();
    CudaLayer query = heads.dense(keys, shapes.getFirst(), below.getFirst());
    CudaSource read = below.getLast();
    if (below.size() == 2 && read.outputGradients() != 0) {
      read = heads.add(new CudaBranch(memory, read, shapes.get(1)));
    }
    CudaLayer key = heads.dense(keys, shapes.getLast(), read);
    CudaLayer value = heads.dense(values, shapes.get(1), below.get(1));
    CudaLayer seen = heads.sums(heads.shares(query, key), value);
    heads.dense(layer.mergedShape(shapes).size(1), Shape.of(heads.querySteps, values), seen);
    return CudaRun.of(heads.steps);
  }

  private CudaLayer add(CudaLayer step) {
    steps.add(step);
    return step;
  }

  private CudaLayer dense(int units, Shape input, CudaSource below) {
    Dense product = layer.useBias() ? Dense.of(units) : Dense.of(units).withoutBias();
    CudaLayer step = add(new CudaDense(memory, product, input, below, false));
    for (ParameterSpec parameter : product.parameters(input)) {
      memory = memory.after(parameter.shape().elementCount());
    }
    return step;
  }

  private Side side(CudaSource source, int rows, int dim) {
    return new Side(source, layer.heads() * dim, SampleMatrix.ofHeads(rows, dim));
  }

  private SampleMatrix underOneAnother() {
    return SampleMatrix.underOneAnother(querySteps, valueSteps);
  }

  private CudaLayer shares(CudaSource query, CudaSource key) {
    Shape scores = Shape.of(layer.heads() * querySteps, valueSteps);
    CudaLayer last =
        add(
            new CudaProduct(
                memory,
                layer.heads(),
                1 / Math.sqrt(layer.keyDim()),
                side(query, querySteps, layer.keyDim()),
                side(key, valueSteps, layer.keyDim()),
                underOneAnother(),
                scores));
    last = hide(last, Kind.FAR_BEHIND);
    last = add(new CudaActivation(memory, Activation.SOFTMAX, scores, last, false));
    if (layer.dropout() == 0) {
      return last;
    }
    return add(new CudaDropout(memory, layer.dropout(), false, scores, hide(last, Kind.NOTHING)));
  }

  private CudaLayer hide(CudaLayer last, Kind kind) {
    return unseen.any()
        ? add(new CudaHiddenSteps(last, layer.heads(), querySteps, valueSteps, kind, unseen))
        : last;
  }

  private CudaLayer sums(CudaSource shares, CudaSource value) {
    int values = layer.heads() * layer.valueDim();
    Side turned =
        new Side(value, values, SampleMatrix.ofHeads(valueSteps, layer.valueDim()).transposed());
    return add(
        new CudaProduct(
            memory,
            layer.heads(),
            1,
            new Side(shares, valueSteps, underOneAnother()),
            turned,
            SampleMatrix.ofHeads(querySteps, layer.valueDim()),
            Shape.of(querySteps, values)));
  }
}
