package dev.lanewise.cuda;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;

/**
 * The backend for NVIDIA GPUs. It says what it finds; the plan that would train there is not part
 * of this version, and so it is never available. Not yet run on a GPU.
 */
public final class CudaBackend implements Backend {
  /** Creates the backend; the driver is first touched by {@link #probe}. */
  public CudaBackend() {}

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public Probe probe() {
    CudaDriver.Probe found = CudaDriver.probe();
    return new Probe(
        false,
        found.present()
            ? found.line() + " is there, but training on CUDA is not part of this version"
            : found.line());
  }

  @Override
  public Predictor predictor(ModelSpec model, Parameters parameters, int threads) {
    throw new UnsupportedOperationException("backend cuda: " + probe().description());
  }

  @Override
  public Plan compile(ModelSpec model, PlanOptions options) {
    throw new UnsupportedOperationException("backend cuda: " + probe().description());
  }
}
