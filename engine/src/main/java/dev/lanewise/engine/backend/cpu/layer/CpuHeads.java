package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@link MultiHeadAttention} on the CPU. The products with query, key, value and what the heads
 * give are {@link Dense} layers, in which the heads lie side by side as in Keras's arrays.
 */
public final class CpuHeads implements CpuLayer {
  final MultiHeadAttention layer;
  final int querySteps;
  final int valueSteps;
  final DropRate dropout;

  /** The sizes of what tells which steps are taken: [heads or 1, Tq or 1, Tv or 1]. */
  final int[] told = {1, 1, 1};

  private final CpuDense query;
  private final CpuDense key;
  private final CpuDense value;
  private final CpuDense output;

  /** Takes the weights' memory. */
  public CpuHeads(LayerContext context, MultiHeadAttention layer, List<Shape> inputs) {
    this.layer = layer;
    querySteps = inputs.get(0).size(0);
    valueSteps = inputs.get(1).size(0);
    dropout = context.drops(layer.dropout());
    int keys = layer.heads() * layer.keyDim();
    int values = layer.heads() * layer.valueDim();
    query = dense(context, keys, inputs.get(0));
    key = dense(context, keys, layer.sources(inputs).getLast());
    value = dense(context, values, inputs.get(1));
    int width = layer.mergedShape(inputs).size(1);
    output = dense(context.upon(1), width, Shape.of(querySteps, values));
    Shape last = inputs.getLast();
    for (int i = 1; i <= last.rank() && layer.attentionMask(); i++) {
      told[told.length - i] = last.size(-i);
    }
  }

  private CpuDense dense(LayerContext context, int units, Shape input) {
    Dense dense = Dense.of(units);
    return new CpuDense(context, layer.useBias() ? dense : dense.withoutBias(), input, false);
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    throw new IllegalStateException("attention reads a query and a value");
  }

  /** A value that is the key too is read twice; what goes back first begins the gradient by it. */
  @Override
  public LayerRun runOn(RunContext context, List<LayerRun> below) {
    List<LayerRun> sources = layer.sources(below);
    LayerRun values = sources.get(1);
    boolean twice = sources.size() == 2 && values.outputGradients().length > 0;
    LayerRun keys = twice ? new BranchRun(context, values) : sources.getLast();
    LayerRun ofQuery = query.run(context, sources.get(0));
    LayerRun ofValue = value.run(context, values);
    LayerRun ofKey = key.run(context, keys);
    Matrix[] seen = layer.attentionMask() ? below.getLast().outputs() : new Matrix[0];
    LayerRun heads = new HeadsRun(this, context, ofQuery, ofValue, ofKey, seen);
    List<LayerRun> parts = new ArrayList<>(List.of(ofQuery, ofKey, ofValue, heads));
    if (twice) {
      parts.add(1, keys);
    }
    if (layer.attentionMask() && below.getLast().outputGradients().length > 0) {
      parts.add(new UnreadRun(context, below.getLast()));
    }
    parts.add(output.run(context, heads));
    return new ProjectedRun(parts, heads);
  }

  @Override
  public List<CpuParameter> parameters() {
    return Stream.of(query, key, value, output)
        .flatMap(dense -> dense.parameters().stream())
        .toList();
  }

  @Override
  public List<ParameterView> views() {
    return Stream.of(query, key, value, output).flatMap(dense -> dense.views().stream()).toList();
  }
}
