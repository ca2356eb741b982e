import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.Backend;

/** The backend for NVIDIA GPUs, through the driver alone. */
module dev.lanewise.cuda {
  requires transitive dev.lanewise.engine;
  requires static jcuda;
  requires static org.jspecify;

  exports dev.lanewise.cuda;

  provides Backend with
      CudaBackend;
}
