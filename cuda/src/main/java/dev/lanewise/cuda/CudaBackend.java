package dev.lanewise.cuda;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.DriverProbe;
import dev.lanewise.cuda.driver.PrimaryContext;
import dev.lanewise.cuda.network.Paths;
import dev.lanewise.cuda.plan.CudaPlan;
import dev.lanewise.cuda.plan.CudaPredictor;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The backend for NVIDIA GPUs of compute capability 7.5 and higher: the first device, through the
 * driver alone. Its kernels are PTX that the driver compiles; they are tested on an emulation of
 * the driver that interprets the same PTX.
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
    DriverProbe.Probe found = DriverProbe.probe();
    return new Probe(found.present(), found.line());
  }

  @Override
  @SuppressWarnings("exports") // the annotation is for compilers alone
  public @Nullable String refusal(ModelSpec model) {
    return CudaSupport.refusal(model);
  }

  @Override
  public String pathOf(ModelSpec model) {
    return Paths.of(model, DriverProbe.probe().sharedBytes());
  }

  /** Compiles it for a single sample: all that a larger plan needs is then there, but memory. */
  @Override
  public String warmUp(ModelSpec model) {
    compile(model, new PlanOptions(1, 1)).close();
    return PrimaryContext.story();
  }

  @Override
  public Predictor predictor(ModelSpec model, Parameters parameters, int threads) {
    CudaSupport.require(model);
    parameters.requireFit(model);
    return onDevice(device -> new CudaPredictor(device, model, parameters));
  }

  @Override
  public Plan compile(ModelSpec model, PlanOptions options) {
    CudaSupport.require(model);
    CudaSupport.requireWhole(options);
    return onDevice(device -> new CudaPlan(device, model, options));
  }

  private <T> T onDevice(Function<Device, T> make) {
    Probe probe = probe();
    if (!probe.available()) {
      throw new UnsupportedOperationException(
          "backend cuda is not available: " + probe.description());
    }
    Device device = Device.open();
    try {
      return make.apply(device);
    } catch (RuntimeException | Error e) {
      device.closeAfter(e);
      throw e;
    }
  }
}
