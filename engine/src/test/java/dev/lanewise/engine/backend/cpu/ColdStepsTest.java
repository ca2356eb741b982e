package dev.lanewise.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.kernel.ChildJvm;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A JIT that has lost its trust in profiles boxes vectors that a loop carries, and runs it eight
 * times slower until the process ends. It loses it after so many compilations in vain of methods
 * that the whole JVM shares; here after half as many as by default, and in a process that has read
 * segments of other kinds before.
 */
class ColdStepsTest {
  private static final Pattern BYTES = Pattern.compile("bytes=(\\d+)");

  /** Two of a hundred sums boxed at each term; measured: up to 18 MB, and 4 GB with six of ten. */
  private static final long LIMIT = 100_000_000;

  @Test
  void noLoopBoxesItsSumsWhereTheJitTrustsNoProfile() {
    ChildJvm.Result child =
        ChildJvm.run(
            List.of(
                "--add-modules=jdk.incubator.vector",
                "-XX:+IgnoreUnrecognizedVMOptions", // not known outside x86
                "-XX:UseAVX=2", // with AVX-512 a tile reads half as many floats
                "-XX:PerMethodRecompilationCutoff=200"), // 400 by default
            ColdStepsMain.class);
    assertThat(child.exitCode()).as(child.output()).isZero();
    Matcher bytes = BYTES.matcher(child.output());
    assertThat(bytes.find()).as(child.output()).isTrue();
    assertThat(Long.parseLong(bytes.group(1))).isLessThan(LIMIT);
  }
}
