package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.kernel.ChildJvm;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The weights of a graph's run are the same bits, whatever computes them. */
class GraphDeterminismTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final String EXPECTED = GraphRun.digest(1);

  @Test
  void threadsDoNotChangeTheWeights() {
    assertThat(GraphRun.digest(2)).isEqualTo(EXPECTED);
    assertThat(GraphRun.digest(3)).isEqualTo(EXPECTED);
  }

  static Stream<List<String>> jvms() {
    return Stream.of(
        List.of(MODULE, "-Dlanewise.vectorBits=128"),
        List.of(MODULE, "-Dlanewise.vectorBits=256"),
        List.of(MODULE, "-Dlanewise.memory=bounded"),
        List.of(MODULE, "-XX:TieredStopAtLevel=1"),
        List.of()); // without the module: plain loops
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void widthProviderMemoryAndJitDoNotChangeTheWeights(List<String> options) {
    ChildJvm.Result child = ChildJvm.run(options, GraphRun.class, "2");
    assertThat(child.exitCode()).as(child.output()).isZero();
    assertThat(child.output()).contains(SmallRun.DIGEST + EXPECTED);
  }
}
