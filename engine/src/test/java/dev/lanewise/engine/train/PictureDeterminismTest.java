package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.kernel.ChildJvm;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The weights of a run on pictures are the same bits, whatever computes them. */
class PictureDeterminismTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final String EXPECTED = PictureRun.digest(1);

  @Test
  void threadsDoNotChangeTheWeights() {
    assertThat(PictureRun.digest(2)).isEqualTo(EXPECTED);
    assertThat(PictureRun.digest(3)).isEqualTo(EXPECTED);
  }

  /** An answer has the same bits alone, in company, and from the model that trains. */
  @Test
  void companyDoesNotChangeAnswers() {
    try (Model model = PictureRun.model(2);
        Predictor predictor = model.predictor()) {
      float[] of = model.predict(PictureRun.data(), 26);
      float[] x = PictureRun.data().floatFeatures();
      float[] all = new float[of.length];
      predictor.predict(x, all);
      assertThat(all).isEqualTo(of);
      int each = x.length / PictureRun.data().size();
      float[] one = new float[4];
      predictor.predict(Arrays.copyOfRange(x, 7 * each, 8 * each), one);
      assertThat(one).isEqualTo(Arrays.copyOfRange(of, 28, 32));
    }
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
    ChildJvm.Result child = ChildJvm.run(options, PictureRun.class, "2");
    assertThat(child.exitCode()).as(child.output()).isZero();
    assertThat(child.output()).contains(SmallRun.DIGEST + EXPECTED);
  }
}
