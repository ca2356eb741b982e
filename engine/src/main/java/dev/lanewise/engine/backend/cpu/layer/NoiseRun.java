package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Murmur;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.Noise.Kind;
import dev.lanewise.engine.random.SplitMix64;
import org.jspecify.annotations.Nullable;

/**
 * {@link Noise} at work: y = factor * x + shift, both drawn for each element by a hash as a
 * dropout's are, and drawn again on the way back.
 */
public final class NoiseRun extends BetweenRun {
  private static final double BITS = 0x1p24;

  /** What selu makes of -infinity: -1.0507 times 1.6733. */
  private static final double LOWEST = -1.0507009873554805 * 1.6732632423543772;

  private final int layer;
  private final Kind kind;
  private final double strength;
  private final double kept;
  private final double added;
  private final CheckedKernels kernels;
  private final @Nullable StepMask mask;

  /**
   * Takes the memory.
   *
   * @param layer tells the layer's draws from others'
   */
  public NoiseRun(int layer, Noise noise, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    this.layer = layer;
    kind = noise.kind();
    double rate = noise.strength();
    strength = kind == Kind.GAUSSIAN_NOISE ? rate : Math.sqrt(rate / (1 - rate));
    kept = 1 / Math.sqrt((1 - rate) * (1 + rate * LOWEST * LOWEST));
    added = -kept * LOWEST * rate;
    kernels = context.kernels();
    mask = signals.mask();
  }

  @Override
  public @Nullable StepMask mask() {
    return mask;
  }

  /** Returns an element's draw, above 0 and below 1. */
  private static double draw(int key, int column) {
    int bits = Murmur.mix(key + column * Murmur.GAMMA) >>> Murmur.UNUSED_BITS;
    return (bits + 0.5) / BITS;
  }

  private static double normal(int key, int column) {
    return NormalQuantile.of(draw(key, column));
  }

  private boolean drops(int key, int column) {
    double rate = strength * strength / (1 + strength * strength);
    return draw(key, column) < rate;
  }

  private double factor(int key, int column) {
    return switch (kind) {
      case GAUSSIAN_NOISE -> 1;
      case GAUSSIAN_DROPOUT -> 1 + strength * normal(key, column);
      case ALPHA_DROPOUT -> drops(key, column) ? 0 : kept;
    };
  }

  private double shift(int key, int column) {
    return switch (kind) {
      case GAUSSIAN_NOISE -> strength * normal(key, column);
      case GAUSSIAN_DROPOUT -> 0;
      case ALPHA_DROPOUT -> added + (drops(key, column) ? kept * LOWEST : 0);
    };
  }

  private int key(Pass pass, int row, int position) {
    return (int) SplitMix64.combine(pass.key(layer, row), position);
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      if (!pass.training()) {
        kernels.copy(pass.rows(), inputs[p], outputs[p]);
        continue;
      }
      for (int r = 0; r < pass.rows(); r++) {
        int key = key(pass, r, p);
        for (int c = 0; c < outputs[p].columns(); c++) {
          double y = factor(key, c) * inputs[p].get(r, c) + shift(key, c);
          outputs[p].set(r, c, (float) y);
        }
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        int key = key(pass, r, p);
        for (int c = 0; c < outputs[p].columns(); c++) {
          double dx = factor(key, c) * outputGradients[p].get(r, c);
          inputGradients[p].set(r, c, (float) dx);
        }
      }
    }
  }
}
