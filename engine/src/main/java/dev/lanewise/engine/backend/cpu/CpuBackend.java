package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Precision;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.KernelProvider;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.List;
import java.util.function.Consumer;

/** The backend that is always there: the processor's cores. */
public final class CpuBackend implements Backend {
  /** Creates the backend; the kernels are chosen at its first use. */
  public CpuBackend() {}

  /** {@return the width of the vectors that the kernels use, 32 for plain loops} */
  public static int vectorBits() {
    return KernelProvider.kernels().vectorBits();
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public Probe probe() {
    try {
      return new Probe(true, KernelProvider.description());
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return new Probe(false, String.valueOf(e.getMessage())); // a forced choice that cannot be had
    }
  }

  @Override
  public void warmUp() {
    boolean compiles = !System.getProperty("java.vm.info", "").contains("interpreted mode");
    if (compiles) { // with -Xint there is nothing to gain, and a minute or more to lose
      CpuWarmUp.run(this);
    }
  }

  @Override
  public Predictor predictor(ModelSpec model, Parameters parameters, int threads) {
    return predictor(model, parameters, threads, Precision.FLOAT32);
  }

  @Override
  public Predictor predictor(
      ModelSpec model, Parameters parameters, int threads, Precision precision) {
    parameters.requireFit(model);
    int helpers = new PlanOptions(1, threads).threads();
    CheckedKernels kernels = new CheckedKernels(KernelProvider.kernels());
    String name = "predictor of " + model.graph();
    long bytes =
        MemoryNeed.offHeap(
            model,
            spec -> counted(arena -> PredictorMemory.in(arena, kernels, spec, helpers, precision)));
    MemoryNeed.requireRoom("a " + name, model, bytes, PredictorMemory.rooms(helpers));
    TensorArena arena = new TensorArena(name);
    try {
      return new CpuPredictor(arena, kernels, model, parameters, helpers, precision);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /**
   * {@return the off-heap bytes that a plan would take, however many they are}
   *
   * @param model what would be trained
   * @param options batch, threads and seed
   * @throws IllegalArgumentException if the model cannot be trained in windows, where options say
   *     so
   */
  public long planBytes(ModelSpec model, PlanOptions options) {
    List<ModelSpec> models = PlanMemory.models(model, options);
    long bytes = MemoryNeed.offHeap(models.getFirst(), one -> planBytes(List.of(one), options));
    for (ModelSpec more : models.subList(1, models.size())) {
      long room = // without the weights, which are there
          MemoryNeed.offHeap(
              more,
              one -> planBytes(List.of(one, one), options) - planBytes(List.of(one), options));
      bytes = room > Long.MAX_VALUE - bytes ? Long.MAX_VALUE : bytes + room;
    }
    return bytes;
  }

  private static long planBytes(List<ModelSpec> models, PlanOptions options) {
    CheckedKernels kernels = new CheckedKernels(KernelProvider.kernels());
    return counted(arena -> PlanMemory.in(arena, kernels, models, options));
  }

  private static long counted(Consumer<TensorArena> building) {
    try (TensorArena counting = TensorArena.counting("to count")) {
      building.accept(counting);
      return counting.bytes();
    }
  }

  @Override
  public boolean answersFrozen() {
    return true;
  }

  @Override
  public Plan compile(ModelSpec model, PlanOptions options) {
    CheckedKernels kernels = new CheckedKernels(KernelProvider.kernels());
    boolean whole = options.window() == 0;
    String name =
        "plan of " + model.graph() + (whole ? "" : " in windows of " + options.window() + " steps");
    List<ModelSpec> models = PlanMemory.models(model, options);
    MemoryNeed.requireRoom(
        "a " + name + " with batches of " + options.maximumBatch(),
        models.getFirst(),
        planBytes(model, options),
        (long) models.size() * PlanMemory.rooms(MemoryNeed.meets(model), options));
    TensorArena arena = new TensorArena(name);
    try {
      return new CpuPlan(arena, kernels, model, options);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }
}
