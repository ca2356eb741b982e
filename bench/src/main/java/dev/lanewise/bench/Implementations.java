package dev.lanewise.bench;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.scalar.ScalarKernels;
import dev.lanewise.engine.kernel.simd.SimdKernels;

/** The kernels by the names that benchmarks take as a parameter. */
final class Implementations {
  private Implementations() {}

  static Kernels named(String name) {
    return switch (name) {
      case "simd" -> new SimdKernels();
      case "scalar" -> new ScalarKernels();
      default -> throw new IllegalArgumentException("kernels=" + name + ": simd or scalar");
    };
  }
}
