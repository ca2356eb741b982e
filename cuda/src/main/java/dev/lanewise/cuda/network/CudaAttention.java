package dev.lanewise.cuda.network;

import dev.lanewise.cuda.layer.CudaActivation;
import dev.lanewise.cuda.layer.CudaBranch;
import dev.lanewise.cuda.layer.CudaHiddenSteps;
import dev.lanewise.cuda.layer.CudaHiddenSteps.Kind;
import dev.lanewise.cuda.layer.CudaHiddenSteps.Unseen;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaProduct;
import dev.lanewise.cuda.layer.CudaProduct.Side;
import dev.lanewise.cuda.layer.CudaRun;
import dev.lanewise.cuda.layer.CudaScaled;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.CudaSumScores;
import dev.lanewise.cuda.layer.CudaSumScores.Weight;
import dev.lanewise.cuda.layer.CudaZeroedSteps;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.layer.SampleMatrix;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * Attention as steps that each are a layer: scores of query and key, their softmax, and its product
 * with the value. The key, a reader of its own where it is the value, goes back after the value.
 */
final class CudaAttention {
  private final LayerMemory memory;
  private final List<Shape> shapes;
  private final CudaSource query;
  private final CudaSource value;
  private final CudaSource key;
  private final Shape scores;
  private final List<CudaLayer> steps = new ArrayList<>();

  private CudaAttention(LayerMemory memory, List<Shape> shapes, List<CudaSource> below) {
    this.memory = memory;
    this.shapes = shapes;
    query = below.getFirst();
    value = below.get(1);
    if (below.size() == 2 && value.outputGradients() != 0) {
      CudaBranch again = new CudaBranch(memory, value, shapes.get(1));
      steps.add(again);
      key = again;
    } else {
      key = below.getLast();
    }
    scores = Shape.of(shapes.getFirst().size(0), shapes.get(1).size(0));
  }

  static CudaLayer of(
      LayerMemory memory,
      Attention layer,
      List<Shape> shapes,
      List<CudaSource> below,
      IntToLongFunction masks) {
    CudaAttention attention = new CudaAttention(memory, shapes, below);
    boolean sums = layer.scoreMode() == ScoreMode.CONCAT;
    if (sums) {
      attention.addSums(layer.useScale() ? Weight.INNER : Weight.NONE);
      attention.scale(layer.useScale() ? memory.after(1) : memory);
    } else {
      attention.addProducts();
      if (layer.useScale()) {
        attention.scale(memory);
      }
    }
    return attention.take(layer.causal(), masks);
  }

  static CudaLayer of(
      LayerMemory memory,
      AdditiveAttention layer,
      List<Shape> shapes,
      List<CudaSource> below,
      IntToLongFunction masks) {
    CudaAttention attention = new CudaAttention(memory, shapes, below);
    attention.addSums(layer.useScale() ? Weight.OUTER : Weight.NONE);
    return attention.take(layer.causal(), masks);
  }

  private void addSums(Weight weight) {
    steps.add(new CudaSumScores(memory, weight, shapes.getFirst(), query, shapes.getLast(), key));
  }

  private void addProducts() {
    Side a = side(query, shapes.getFirst());
    Side b = side(key, shapes.getLast());
    steps.add(new CudaProduct(memory, 1, 1, a, b, SampleMatrix.of(scores), scores));
  }

  private static Side side(CudaSource source, Shape shape) {
    return new Side(source, shape.size(-1), SampleMatrix.of(shape));
  }

  private void scale(LayerMemory weight) {
    steps.add(new CudaScaled(weight, scores, steps.getLast()));
  }

  /** The key's own mask is of no meaning, and a masked step of the query gets nothing. */
  private CudaLayer take(boolean causal, IntToLongFunction masks) {
    Unseen unseen = new Unseen(causal, 0, masks.applyAsLong(1), 0);
    if (unseen.any()) {
      CudaSource last = steps.getLast();
      steps.add(
          new CudaHiddenSteps(last, 1, scores.size(0), scores.size(1), Kind.TAKEN_BACK, unseen));
    }
    steps.add(new CudaActivation(memory, Activation.SOFTMAX, scores, steps.getLast(), false));
    Shape values = shapes.get(1);
    Shape output = Shape.of(scores.size(0), values.size(1));
    Side shares = side(steps.getLast(), scores);
    Side turned = new Side(value, values.size(1), SampleMatrix.of(values).transposed());
    steps.add(new CudaProduct(memory, 1, 1, shares, turned, SampleMatrix.of(output), output));
    long mask = masks.applyAsLong(0);
    if (mask != 0) {
      steps.add(new CudaZeroedSteps(steps.getLast(), output.size(0), output.size(1), mask));
    }
    return CudaRun.of(steps);
  }
}
