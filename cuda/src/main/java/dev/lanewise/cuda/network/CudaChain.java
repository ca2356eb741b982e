package dev.lanewise.cuda.network;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The general path: layers that follow one another, each with kernels of its own. */
final class CudaChain implements CudaNetwork {
  private final CudaInput input;
  private final List<CudaLayer> layers = new ArrayList<>();
  private final CudaLoss loss;
  private final int lowestThatLearns;

  /**
   * Builds all layers.
   *
   * @param memory the addresses of all weights and of the gradients of those that are trained
   * @param places where there each layer's are
   */
  CudaChain(LayerMemory memory, ModelSpec spec, WeightPlaces places) {
    input = new CudaInput(memory, spec.input());
    loss = new CudaLoss(spec);
    CudaSource below = input;
    int count = spec.layers().size();
    int lowest = count;
    for (int i = 0; i < count; i++) {
      Shape shape = spec.inputOf(i);
      boolean last = i == count - 1;
      lowest = places.learns(i) ? Math.min(lowest, i) : lowest;
      boolean wanted = i >= lowest || last; // the loss leaves a gradient in any case
      LayerMemory own = places.of(memory, i).goingBack(wanted);
      boolean logits = last && loss.takesLogits();
      CudaLayer layer = CudaLayers.of(own, spec.layers().get(i), shape, below, logits);
      layers.add(layer);
      below = layer;
    }
    lowestThatLearns = lowest;
  }

  @Override
  public Signal outputs(int rows) {
    return layers.getLast().outputs(rows);
  }

  @Override
  public void run(CudaPass pass) {
    input.forward(pass);
    for (CudaLayer layer : layers) {
      layer.forward(pass);
    }
    if (pass.mode() != CudaPass.Mode.PREDICT) {
      loss.compute(pass, layers.getLast());
    }
    if (pass.training()) {
      for (CudaLayer layer : layers.subList(lowestThatLearns, layers.size()).reversed()) {
        layer.backward(pass);
      }
    }
  }
}
