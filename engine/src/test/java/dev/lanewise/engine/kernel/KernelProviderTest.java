package dev.lanewise.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.lanewise.engine.kernel.scalar.ScalarKernels;
import dev.lanewise.engine.property.JvmProperties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelProviderTest {
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void everyWidthGivesTheScalarBits(int bits) {
    assumeThat(KernelProvider.choose(forced("simd", 0), true).kernels().vectorBits())
        .as("bits of this machine's vectors")
        .isGreaterThanOrEqualTo(bits);
    ChildJvm.Result child = digest(VECTORS, "-Dlanewise.vectorBits=" + bits);
    assertThat(child.output())
        .contains("kernels=SIMD kernels, " + bits + "-bit vectors")
        .contains("digest=" + scalarDigest());
  }

  @Test
  void theInterpreterGivesTheScalarBits() {
    ChildJvm.Result child = digest(VECTORS, "-Xint");
    assertThat(child.output()).contains("kernels=SIMD").contains("digest=" + scalarDigest());
  }

  /** 16 vector registers take the narrow tiles alone. On other machines the flag means nothing. */
  @Test
  void aMachineWithoutAvx512GivesTheScalarBits() {
    ChildJvm.Result child = digest(VECTORS, "-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=2");
    assertThat(child.output()).contains("kernels=SIMD").contains("digest=" + scalarDigest());
  }

  @Test
  void scalarKernelsCanBeForced() {
    ChildJvm.Result child = digest(VECTORS, "-Dlanewise.kernels=scalar");
    assertThat(child.output())
        .contains("kernels=scalar kernels (forced by -Dlanewise.kernels=scalar)")
        .contains("digest=" + scalarDigest());
  }

  @Test
  void withoutTheModuleRunsScalarKernelsAndWarnsOnceWithTheCure() {
    ChildJvm.Result child = digest();
    assertThat(child.exitCode()).isZero();
    assertThat(child.output())
        .contains("kernels=scalar kernels (module jdk.incubator.vector is missing)")
        .containsOnlyOnce("start java with --add-modules jdk.incubator.vector");
  }

  @Test
  void forcedSimdWithoutTheModuleThrows() {
    assertThatThrownBy(() -> KernelProvider.choose(forced("simd", 0), false))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "lanewise.kernels=simd: module jdk.incubator.vector is not there; start java with"
                + " --add-modules jdk.incubator.vector");
  }

  @Test
  void aForcedWidthIsNotIgnoredByPlainLoops() {
    assertThatThrownBy(() -> KernelProvider.choose(forced("scalar", 256), true))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "lanewise.vectorBits=256: plain loops have no vectors; leave one of it and"
                + " lanewise.kernels=scalar away");
    assertThatThrownBy(() -> KernelProvider.choose(forced("auto", 256), false))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageEndingWith("start java with --add-modules jdk.incubator.vector");
  }

  private static JvmProperties forced(String kernels, int vectorBits) {
    return new JvmProperties(kernels, vectorBits, false, 1 << 20, 0);
  }

  @Test
  void rejectsUnknownWidthWithAPlainException() {
    ChildJvm.Result child = digest(VECTORS, "-Dlanewise.vectorBits=100");
    assertThat(child.exitCode()).isNotZero();
    assertThat(child.output())
        .contains(
            "java.lang.IllegalArgumentException: lanewise.vectorBits must be 128, 256 or 512, found"
                + " 100")
        .doesNotContain("ExceptionInInitializerError");
  }

  private static ChildJvm.Result digest(String... options) {
    List<String> all = new ArrayList<>(Arrays.asList(options));
    String memory = System.getProperty("lanewise.memory");
    if (memory != null) {
      all.add("-Dlanewise.memory=" + memory);
    }
    return ChildJvm.run(all, DigestMain.class);
  }

  private static String scalarDigest() {
    return new KernelRuns(new ScalarKernels(), KernelRuns.FEW_SIZES).all().digest();
  }
}
