package dev.lanewise.cuda;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;
import org.jspecify.annotations.Nullable;

/** The CUDA backend, which says no to what it would not give to its fused kernels. */
public class FusedPath implements Backend {
  private final Backend cuda = new CudaBackend();

  @Override
  public String name() {
    return cuda.name();
  }

  @Override
  public Probe probe() {
    return cuda.probe();
  }

  @Override
  @SuppressWarnings("exports") // the annotation is for compilers alone
  public @Nullable String refusal(ModelSpec model) {
    String refusal = cuda.refusal(model);
    if (refusal != null) {
      return refusal;
    }
    String path = cuda.pathOf(model);
    return path.startsWith("fused") ? null : path + ", which has a test of its own";
  }

  @Override
  public Predictor predictor(ModelSpec model, Parameters parameters, int threads) {
    return cuda.predictor(model, parameters, threads);
  }

  @Override
  public Plan compile(ModelSpec model, PlanOptions options) {
    return cuda.compile(model, options);
  }
}
