import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.Backend;

/**
 * The backend for NVIDIA GPUs, through the driver alone. {@link dev.lanewise.cuda}'s page shows how
 * a model is trained on it where it can be; {@code lanewise-cuda} with the classifier {@code
 * natives} and JCuda's own jar are the ways to the driver.
 */
module dev.lanewise.cuda {
  requires transitive dev.lanewise.engine;
  requires static jcuda;
  requires static org.jspecify;

  exports dev.lanewise.cuda;

  provides Backend with
      CudaBackend;
}
