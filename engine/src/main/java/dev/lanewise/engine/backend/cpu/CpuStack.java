package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * A model's weights.
 *
 * @param layers first to last
 */
record CpuStack(List<CpuLayer> layers) {
  /**
   * Takes the memory of a model's weights.
   *
   * @param shards the most shards of a training batch, 0 for a model that will not be trained
   */
  static CpuStack in(TensorArena arena, ModelSpec spec, int shards) {
    List<String> slots = shards == 0 ? List.of() : spec.optimizer().slots();
    int widest = widest(spec);
    Tensor zeros = arena.tensor("zeros", Shape.of(1, widest), Kernels.padded(widest));
    List<CpuLayer> layers = new ArrayList<>();
    for (int i = 0; i < spec.layers().size(); i++) {
      layers.add(layer(new LayerContext(arena, shards, slots, zeros, i == 0), spec, i));
    }
    return new CpuStack(List.copyOf(layers));
  }

  private static CpuLayer layer(LayerContext context, ModelSpec spec, int index) {
    Layer layer = spec.layers().get(index);
    Shape input = spec.inputOf(index);
    boolean last = index == spec.layers().size() - 1;
    return switch (layer) {
      case Dense dense ->
          new CpuDense(context, dense, input, last && lossTakesLogits(context, spec));
      case Recurrent recurrent -> new CpuRecurrent(context, recurrent, input);
    };
  }

  private static boolean lossTakesLogits(LayerContext context, ModelSpec spec) {
    return context.training() && spec.lossForm().takesLogits();
  }

  private static int widest(ModelSpec spec) {
    int widest = spec.input().size(-1);
    for (int i = 1; i <= spec.layers().size(); i++) {
      widest = Math.max(widest, spec.inputOf(i).size(-1));
      if (spec.layers().get(i - 1) instanceof Recurrent recurrent) {
        widest = Math.max(widest, CellKind.of(recurrent).gates().columns());
      }
    }
    return widest;
  }

  List<CpuParameter> parameters() {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  List<ParameterView> views() {
    return layers.stream().flatMap(layer -> layer.views().stream()).toList();
  }
}
