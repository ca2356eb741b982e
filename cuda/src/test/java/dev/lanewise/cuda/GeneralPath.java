package dev.lanewise.cuda;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The CUDA backend kept from its fused kernels. */
public class GeneralPath implements Backend {
  private static final String PROPERTY = "lanewise.cuda.path";

  private final Backend cuda = new CudaBackend();

  private static <T> T general(Supplier<T> make) {
    System.setProperty(PROPERTY, "general");
    try {
      return make.get();
    } finally {
      System.clearProperty(PROPERTY);
    }
  }

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
    return cuda.refusal(model);
  }

  @Override
  public Predictor predictor(ModelSpec model, Parameters parameters, int threads) {
    return general(() -> cuda.predictor(model, parameters, threads));
  }

  @Override
  public Plan compile(ModelSpec model, PlanOptions options) {
    return general(() -> cuda.compile(model, options));
  }
}
