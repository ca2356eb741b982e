package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.network.CudaStack;
import dev.lanewise.cuda.network.RnnFused;
import dev.lanewise.cuda.network.WeightPlaces.Place;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Adamax;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import java.util.List;

/** The update of all weights that are trained, with the optimizer's state on the device. */
public final class CudaUpdate {
  /** Floats of what changes from update to update. */
  public static final int FACTORS = 5;

  private static final int MOST_SLOTS = 3;

  private final CudaStack stack;
  private final Optimizer optimizer;
  private final List<Place> trained;
  private final int count;
  private final long[] slots;
  private final long ends;
  private final long squares;

  public CudaUpdate(DeviceArena arena, ModelSpec spec, CudaStack stack) {
    this.stack = stack;
    optimizer = spec.optimizer();
    trained = stack.places().trained();
    count = stack.places().trainedCount();
    slots = new long[optimizer.slots().size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = arena.allocate(optimizer.slots().get(i), count);
    }
    ends = arena.allocate("parameters' places", trained.size());
    squares = arena.allocate("norms of gradients", trained.size());
  }

  /**
   * Returns the addresses of the optimizer's arrays, each of the size of all weights that are
   * trained.
   */
  public long[] slots() {
    return slots.clone();
  }

  /** Writes what kernels look up, once. */
  public void begin(Device device, Transfers transfers) {
    transfers.copyIn(ends, trained.stream().mapToInt(Place::end).toArray());
    device.clear(squares, trained.size());
    if (stack.roots() != 0) {
      device.fill(stack.roots(), count, Float.NaN); // tables leave numbers
    }
  }

  /** Returns whether there is a weight that is trained: if not, nothing counts as an update. */
  public boolean changesAnything() {
    return count > 0;
  }

  /** Launches what follows the gradients of a batch: the update, and the way to the next batch. */
  public void launch(KernelCalls calls, long batch, int rows) {
    GradientClipping.Kind kind = optimizer.clipping().kind();
    boolean norms = kind == GradientClipping.Kind.NORM || kind == GradientClipping.Kind.GLOBAL_NORM;
    RnnFused fused = stack.fused();
    if (fused != null) {
      if (norms) {
        sumParts(calls, fused, rows);
        squareSums(calls);
      }
      updateFused(calls, fused, batch, norms ? fused.noParts() : fused.parts(rows), rows);
      return;
    }
    if (changesAnything()) {
      if (norms) {
        squareSums(calls);
      }
      calls.update(batch, rule(), ends, squares, arrays(), count);
    }
    calls.advance(batch, rows);
  }

  private void squareSums(KernelCalls calls) {
    calls.squareSums(stack.gradient(), stack.roots(), ends, squares, trained.size());
  }

  private void sumParts(KernelCalls calls, RnnFused fused, int rows) {
    calls.weightsOfParts(
        "sum_parts",
        count,
        new Arguments()
            .struct(fused.parts(rows))
            .struct(fused.packing())
            .pointer(stack.gradient())
            .integer(count));
  }

  private void updateFused(KernelCalls calls, RnnFused fused, long batch, Struct parts, int rows) {
    calls.weightsOfParts(
        "update_fused",
        count,
        new Arguments()
            .pointer(batch)
            .struct(parts)
            .struct(rule())
            .pointer(ends)
            .pointer(squares)
            .struct(arrays())
            .struct(fused.packing())
            .integer(count)
            .integer(rows));
  }

  /** Returns {@code struct UpdatedArrays} of update.cu. */
  private Struct arrays() {
    boolean together = optimizer.clipping().kind() == GradientClipping.Kind.GLOBAL_NORM;
    long roots = together ? 0 : stack.roots(); // Keras on TensorFlow has summed a row's tokens then
    Struct arrays = new Struct().pointer(stack.weights()).pointer(stack.gradient()).pointer(roots);
    for (int i = 0; i < MOST_SLOTS; i++) {
      arrays.pointer(i < slots.length ? slots[i] : 0);
    }
    return arrays;
  }

  /** The numbers of update.cu. */
  private static int code(GradientClipping.Kind kind) {
    return switch (kind) {
      case NONE -> 0;
      case NORM -> 1;
      case GLOBAL_NORM -> 2;
      case VALUE -> 3;
    };
  }

  /** Returns {@code struct UpdateRule} of update.cu. */
  private Struct rule() {
    boolean centered = optimizer instanceof RmsProp rms && rms.centered();
    Struct rule = switch (optimizer) { // number, momentum, beta1 or rho, beta2, epsilon
          case Adam adam -> rule(adam);
          case AdamW adamW -> rule(adamW.adam());
          case Adamax adamax -> rule(10, 0, adamax.beta1(), adamax.beta2(), adamax.epsilon());
          case Sgd sgd ->
              rule(sgd.momentum() == 0 ? 0 : sgd.nesterov() ? 2 : 1, sgd.momentum(), 0, 0, 0);
          case RmsProp rms -> rule(5, rms.momentum(), rms.rho(), 0, rms.epsilon());
          case Nadam nadam -> rule(6, 0, nadam.beta1(), nadam.beta2(), nadam.epsilon());
          case Adagrad adagrad -> rule(7, 0, 0, 0, adagrad.epsilon());
          case Adadelta adadelta -> rule(8, 0, adadelta.rho(), 0, adadelta.epsilon());
          case Lion lion -> rule(9, 0, lion.beta1(), lion.beta2(), 0);
        };
    return rule.integer(code(optimizer.clipping().kind()))
        .real(optimizer.clipping().limit())
        .integer(centered ? 1 : 0)
        .integer(trained.size());
  }

  private static Struct rule(Adam adam) {
    return rule(adam.amsgrad() ? 4 : 3, 0, adam.beta1(), adam.beta2(), adam.epsilon());
  }

  private static Struct rule(int number, double... constants) {
    Struct rule = new Struct().integer(number);
    for (double constant : constants) {
      rule.real(constant);
    }
    return rule;
  }

  /**
   * Returns {@code struct StepFactors} of batch.cuh: what changes from update to update.
   *
   * @param rule the optimizer with the step size that is set
   * @param done the updates before it
   */
  public static float[] factors(Optimizer rule, long done) {
    float rate = (float) rule.learningRate().at(done);
    float[] factors = new float[FACTORS];
    factors[0] = rule.stepSize(done + 1);
    factors[1] = (float) rule.weightDecay() * rate;
    if (rule instanceof Nadam nadam) {
      factors[2] = nadam.meanFactor(done + 1);
      factors[3] = nadam.gradientFactor(done + 1);
      factors[4] = nadam.squareFactor(done + 1);
    }
    return factors;
  }
}
