package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * A model's layers and loss with all their memory, in one arena.
 *
 * @param layers first to last
 * @param loss what comes after the last
 */
record CpuStack(List<CpuLayer> layers, CpuLoss loss) {
  /** Takes the memory of a whole model from {@code arena}. */
  static CpuStack in(TensorArena arena, CheckedKernels kernels, ModelSpec spec, int maximumBatch) {
    int shards = Shards.mostShards(maximumBatch);
    int rows = Shards.mostRows(maximumBatch);
    int slots = spec.optimizer().slotCount();
    int widest = widest(spec);
    Tensor zeros = arena.tensor("zeros", Shape.of(1, widest), Kernels.padded(widest));
    List<CpuLayer> layers = new ArrayList<>();
    CpuLayer below = null;
    for (int i = 0; i < spec.layers().size(); i++) {
      LayerContext context = new LayerContext(arena, kernels, shards, rows, slots, zeros, below);
      boolean last = i == spec.layers().size() - 1;
      below = layer(context, spec, i, last && CpuLoss.fusesSoftmax(spec));
      layers.add(below);
    }
    LayerContext context = new LayerContext(arena, kernels, shards, rows, slots, zeros, below);
    return new CpuStack(List.copyOf(layers), new CpuLoss(context, spec, maximumBatch));
  }

  private static CpuLayer layer(
      LayerContext context, ModelSpec spec, int index, boolean softmaxInLoss) {
    Layer layer = spec.layers().get(index);
    Shape input = spec.inputOf(index);
    return switch (layer) {
      case Dense dense -> new CpuDense(context, dense, input, softmaxInLoss);
      case SimpleRnn rnn -> new CpuSimpleRnn(context, rnn, input);
    };
  }

  private static int widest(ModelSpec spec) {
    int widest = spec.input().size(-1);
    for (int i = 1; i <= spec.layers().size(); i++) {
      widest = Math.max(widest, spec.inputOf(i).size(-1));
    }
    return widest;
  }

  CpuLayer last() {
    return layers.getLast();
  }

  /** Computes the outputs of a shard whose inputs have been gathered. */
  void forward(int shard, int rows) {
    for (int i = 0; i < layers.size(); i++) { // by index: an iterator would be an allocation
      layers.get(i).forward(shard, rows);
    }
  }

  /** Computes the gradients of a shard whose output gradients have been set. */
  void backward(int shard, int rows) {
    for (int i = layers.size() - 1; i >= 0; i--) {
      layers.get(i).backward(shard, rows);
    }
  }

  List<CpuParameter> parameters() {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  List<ParameterView> views() {
    return layers.stream().flatMap(layer -> layer.views().stream()).toList();
  }
}
