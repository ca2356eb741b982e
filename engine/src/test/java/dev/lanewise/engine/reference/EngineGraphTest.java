package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs that are no chains, see {@link EngineAgreement}. */
class EngineGraphTest {
  /** As in the contract of all backends; the chains here are shorter. */
  private static final double TOLERANCE = Math.sqrt(3_000) * 0x1p-24;

  private static final long SEED = 18;

  static Stream<GraphConfigurations> graphs() {
    return GraphConfigurations.all();
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void outputsLossesAndGradientsAgree(GraphConfigurations c) {
    EngineAgreement agreement = new EngineAgreement(c, SEED, TOLERANCE);
    agreement.assertAgree(1);
    agreement.assertAgree(27); // two shards
    assertThat(agreement.isIllConditioned()).isFalse();
  }
}
