package dev.lanewise.cuda.network;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The general path: layers that follow one another, each with kernels of its own. */
final class CudaChain implements CudaNetwork {
  private final CudaInput input;
  private final List<CudaLayer> layers = new ArrayList<>();
  private final CudaLoss loss;

  /**
   * Builds all layers.
   *
   * @param memory the weights of the first, the gradients of its weights
   */
  CudaChain(LayerMemory memory, ModelSpec spec) {
    input = new CudaInput(memory, spec.input());
    loss = new CudaLoss(spec);
    CudaSource below = input;
    LayerMemory next = memory;
    int count = spec.layers().size();
    for (int i = 0; i < count; i++) {
      Shape shape = spec.inputOf(i);
      boolean logits = i == count - 1 && loss.takesLogits();
      CudaLayer layer = CudaLayers.of(next, spec.layers().get(i), shape, below, logits);
      layers.add(layer);
      below = layer;
      for (ParameterSpec parameter : spec.layers().get(i).parameters(shape)) {
        next = next.after(parameter.shape().elementCount());
      }
      next = next.next();
    }
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
      for (CudaLayer layer : layers.reversed()) {
        layer.backward(pass);
      }
    }
  }
}
