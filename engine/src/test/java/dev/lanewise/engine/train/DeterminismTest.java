package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.kernel.ChildJvm;
import dev.lanewise.engine.layer.RecurrentKind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same seed gives the same bits, whatever the machine has to offer. */
class DeterminismTest {
  private static final Map<RecurrentKind, String> EXPECTED = SmallRun.digests(1);
  private static final List<String> WHOLE = SmallRun.digestsOf(SmallRun.Extent.WHOLE, 1);
  private static final String MASKED = SmallRun.digestOfMasks(1);
  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void threadsDoNotChangeTheWeights(int threads) {
    assertThat(SmallRun.digests(threads)).isEqualTo(EXPECTED);
    assertThat(SmallRun.digestOfWindows(threads)).isEqualTo(SmallRun.digestOfWindows(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void threadsDoNotChangeTheWeightsOfMaskedModels(int threads) {
    assertThat(SmallRun.digestOfMasks(threads)).isEqualTo(MASKED);
  }

  @Test
  void everyOptimizerMovesTheWeightsItsOwnWay() {
    String digests = SmallRun.digestOfOptimizers(1);
    Set<String> each = new HashSet<>();
    for (int i = 0; i < digests.length(); i += 8) {
      each.add(digests.substring(i, i + 8));
    }
    assertThat(each).hasSize(SmallRun.optimizers().size() + 1); // and the run with tokens
    assertThat(SmallRun.digestOfOptimizers(3)).isEqualTo(digests);
  }

  /** Vectors of this machine's own width are those that the expected bits are of. */
  static Stream<List<String>> jvms() {
    return Stream.concat(
        IntStream.of(128, 256)
            .filter(bits -> bits < CpuBackend.vectorBits())
            .mapToObj(bits -> List.of(MODULE, "-Dlanewise.vectorBits=" + bits)),
        Stream.of(
            List.of(MODULE, "-Dlanewise.memory=bounded"),
            List.of())); // without the module: plain loops
  }

  private static String child(List<String> options, SmallRun.Extent extent) {
    return child(options, Map.of(), extent);
  }

  private static String child(
      List<String> options, Map<String, String> environment, SmallRun.Extent extent) {
    ChildJvm.Result child = ChildJvm.run(options, environment, SmallRun.class, "2", extent.name());
    assertThat(child.exitCode()).as(child.output()).isZero();
    return child.output();
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void widthProviderAndMemoryDoNotChangeTheWeights(List<String> options) {
    assertThat(child(options, SmallRun.Extent.WHOLE)).contains(WHOLE);
  }

  /** Its vectors are objects, many times slower. */
  @Test
  void theFirstCompilerDoesNotChangeTheWeights() {
    assertThat(child(List.of(MODULE, "-XX:TieredStopAtLevel=1"), SmallRun.Extent.SHORT))
        .contains(SmallRun.digestsOf(SmallRun.Extent.SHORT, 1));
  }

  /** A width that only some machines have; the others say so in a skipped test. */
  @Test
  void vectorsOf512BitsDoNotChangeTheWeights() {
    assumeThat(CpuBackend.vectorBits()).as("bits of this machine's vectors").isEqualTo(512);
    assertThat(child(List.of(MODULE, "-Dlanewise.vectorBits=512"), SmallRun.Extent.WHOLE))
        .contains(WHOLE)
        .contains(SmallRun.BITS + 512);
  }

  /** The interpreter is slower still; of the plain loops there is a run above. */
  @Test
  void theInterpreterDoesNotChangeTheWeights() {
    assertThat(child(List.of(MODULE, "-Xint", "-Dlanewise.kernels=simd"), SmallRun.Extent.BRIEF))
        .contains(SmallRun.digestsOf(SmallRun.Extent.BRIEF, 1));
  }

  @Test
  void aWidthFromTheEnvironmentIsTakenAndDoesNotChangeTheWeights() {
    Map<String, String> environment = Map.of("JDK_JAVA_OPTIONS", "-Dlanewise.vectorBits=128");
    assertThat(child(List.of(MODULE), environment, SmallRun.Extent.BRIEF))
        .contains(SmallRun.digestsOf(SmallRun.Extent.BRIEF, 1))
        .contains(SmallRun.BITS + 128);
  }

  @ParameterizedTest
  @EnumSource
  void evaluatingDuringTrainingDoesNotChangeTheWeights(RecurrentKind kind) {
    try (Model model = SmallRun.model(kind, 2)) {
      Callback watching =
          new Callback() {
            @Override
            public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
              model.evaluate(SmallRun.data(), batch == 0 ? 7 : 200); // above fit's batch of 64 too
            }
          };
      model.fit(SmallRun.data(), SmallRun.options(), watching);
      assertThat(SmallRun.digest(model)).isEqualTo(EXPECTED.get(kind));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLargerPlanTakesWeightsAndOptimizerStateAlong(RecurrentKind kind) {
    FitOptions one = FitOptions.epochs(1).withBatchSize(26);
    try (Model model = SmallRun.model(kind, 2);
        Model grown = SmallRun.model(kind, 2)) {
      model.fit(SmallRun.data(), one);
      model.fit(SmallRun.data(), one);
      grown.fit(SmallRun.data(), one);
      grown.predict(SmallRun.data(), 230);
      grown.fit(SmallRun.data(), one);
      assertThat(SmallRun.digest(grown)).isEqualTo(SmallRun.digest(model));
    }
  }

  @ParameterizedTest
  @EnumSource
  void earlierEvaluationsWithOtherBatchesDoNotChangeTheWeights(RecurrentKind kind) {
    try (Model model = SmallRun.model(kind, 2)) {
      model.evaluate(SmallRun.data(), 200);
      model.predict(SmallRun.data(), 7);
      model.fit(SmallRun.data(), SmallRun.options());
      assertThat(SmallRun.digest(model)).isEqualTo(EXPECTED.get(kind));
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchSizeChangesNeitherPredictionsNorEvaluations(RecurrentKind kind) {
    try (Model model = SmallRun.model(kind, 2)) {
      float[] predictions = model.predict(SmallRun.data(), 230);
      Evaluation evaluation = model.evaluate(SmallRun.data(), 230);
      for (int batch : new int[] {1, 7, 64}) {
        assertThat(model.predict(SmallRun.data(), batch)).isEqualTo(predictions);
        assertThat(model.evaluate(SmallRun.data(), batch)).isEqualTo(evaluation);
      }
    }
  }

  @Test
  void anotherSeedGivesOtherWeights() {
    try (Model model = SmallRun.model(1)) {
      model.fit(SmallRun.data(), SmallRun.options().withSeed(99));
      assertThat(SmallRun.digest(model)).isNotIn(EXPECTED.values());
    }
  }
}
