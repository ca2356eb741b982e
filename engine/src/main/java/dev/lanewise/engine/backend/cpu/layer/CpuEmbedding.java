package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.backend.cpu.weights.TokenGradients;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Embedding} on the CPU. */
public final class CpuEmbedding implements CpuLayer {
  final Shape input;

  /** Of all ids of a sample, whatever its shape. */
  final int steps;

  final int width;
  final boolean maskZero;
  final Matrix table;

  /** Takes the tokens' gradients; absent where the table stays as it is. */
  final @Nullable TokenGradients gradients;

  private final CpuParameter embeddings;

  /** Takes the weights' memory. */
  public CpuEmbedding(LayerContext context, Embedding layer, Shape input) {
    this.input = input;
    steps = Math.toIntExact(input.elementCount());
    width = layer.outputDim();
    maskZero = layer.maskZero();
    embeddings = context.table("embeddings", layer.inputDim(), width);
    table = embeddings.matrix();
    boolean whole = !layer.rule().regularizer().equals(Regularizer.NONE);
    gradients =
        embeddings.isTrained()
            ? embeddings.ofTokens(
                context.shards(),
                context.calls(),
                context.rows(),
                context.parameters().longest(),
                whole)
            : null;
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new EmbeddingRun(this, context, below);
  }

  @Override
  public List<CpuParameter> parameters() {
    return List.of(embeddings);
  }

  @Override
  public List<ParameterView> views() {
    return List.of(ParameterView.of(embeddings));
  }
}
