package dev.lanewise.engine.kernel;

import dev.lanewise.engine.kernel.scalar.ScalarKernels;
import dev.lanewise.engine.kernel.simd.SimdKernels;
import dev.lanewise.engine.property.JvmProperties;

/**
 * The one choice of {@link Kernels}, made once a process: vectors where the JVM was started with
 * module {@value #VECTOR_MODULE}, else plain loops. {@code -Dlanewise.kernels=simd|scalar} forces
 * one, {@code auto} is the default.
 */
public final class KernelProvider {
  private static final String PROPERTY = JvmProperties.KERNELS;
  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final String CURE = "start java with --add-modules " + VECTOR_MODULE;

  private KernelProvider() {}

  /**
   * Returns the process's kernels.
   *
   * @throws UnsupportedOperationException if a property forces kernels or a vector width that this
   *     JVM or machine does not have
   * @throws IllegalArgumentException if a property has no meaning
   */
  public static Kernels kernels() {
    return Chosen.get().kernels();
  }

  /** Returns what was chosen, for a person: {@code SIMD kernels, 512-bit vectors}. */
  public static String description() {
    return Chosen.get().description();
  }

  /** What a property's value leads to. */
  record Choice(Kernels kernels, String description) {}

  static Choice choose(JvmProperties properties, boolean vectorModule) {
    String wanted = properties.kernels();
    if (wanted.equals("simd") && !vectorModule) {
      throw new UnsupportedOperationException(
          PROPERTY + "=simd: module " + VECTOR_MODULE + " is not there; " + CURE);
    }
    if (vectorModule && !wanted.equals("scalar")) {
      return simd();
    }
    if (properties.vectorBits() != 0) {
      throw new UnsupportedOperationException(
          JvmProperties.VECTOR_BITS
              + "="
              + properties.vectorBits()
              + ": plain loops have no vectors; "
              + (vectorModule ? "leave one of it and " + PROPERTY + "=scalar away" : CURE));
    }
    return wanted.equals("scalar")
        ? new Choice(new ScalarKernels(), "scalar kernels (forced by -D" + PROPERTY + "=scalar)")
        : missing();
  }

  private static Choice simd() {
    Kernels kernels = new SimdKernels();
    return new Choice(kernels, "SIMD kernels, " + kernels.vectorBits() + "-bit vectors");
  }

  private static Choice missing() {
    System.getLogger(KernelProvider.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "module {0} is not there, so training runs on plain loops, many times slower; {1}",
            VECTOR_MODULE,
            CURE);
    return new Choice(
        new ScalarKernels(), "scalar kernels (module " + VECTOR_MODULE + " is missing)");
  }

  /** Holds the choice, or what made it fail, so that every caller sees the same reason. */
  private static final class Chosen {
    private static final Object OUTCOME = outcome();

    private static Choice get() {
      if (OUTCOME instanceof Choice choice) {
        return choice;
      }
      RuntimeException failure = (RuntimeException) OUTCOME;
      throw failure instanceof UnsupportedOperationException
          ? new UnsupportedOperationException(failure.getMessage(), failure)
          : new IllegalArgumentException(failure.getMessage(), failure);
    }

    private static Object outcome() {
      try {
        return choose(
            JvmProperties.get(), ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent());
      } catch (UnsupportedOperationException | IllegalArgumentException e) {
        return e; // thrown from here it would be an ExceptionInInitializerError, once, then nothing
      }
    }
  }
}
