package dev.lanewise.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InitializerTest {
  @Test
  void glorotUniformFillsItsRangeEvenly() {
    float[] values = Initializer.GLOROT_UNIFORM.values(Shape.of(28, 150), new SplitMix64(1));
    double limit = Math.sqrt(6.0 / (28 + 150));
    double squares = 0;
    for (float value : values) {
      assertThat((double) value).isBetween(-limit, limit);
      squares += value * value;
    }
    // The variance of a uniform distribution is limit^2 / 3; 4,200 draws give it to a few percent.
    assertThat(squares / values.length / (limit * limit / 3)).isBetween(0.93, 1.07);
  }

  @ParameterizedTest
  @CsvSource({"150, 150", "20, 7", "7, 20", "1, 1"})
  void orthogonalHasOrthonormalVectorsAlongItsShorterSide(int rows, int columns) {
    float[] q = Initializer.ORTHOGONAL.values(Shape.of(rows, columns), new SplitMix64(2));
    boolean tall = rows >= columns;
    int count = Math.min(rows, columns);
    for (int a = 0; a < count; a++) {
      for (int b = 0; b <= a; b++) {
        double dot = 0;
        for (int i = 0; i < Math.max(rows, columns); i++) {
          dot +=
              tall
                  ? (double) q[i * columns + a] * q[i * columns + b]
                  : (double) q[a * columns + i] * q[b * columns + i];
        }
        assertThat(dot).isCloseTo(a == b ? 1 : 0, org.assertj.core.data.Offset.offset(1e-6));
      }
    }
  }

  /** Of [size, in, out] the fans are size * in and size * out; orthogonal are its steps' rows. */
  @Test
  void theKernelOfAConvolutionHasTheFansOfItsWindow() {
    Shape kernel = Shape.of(5, 4, 60);
    double glorot = Math.sqrt(6.0 / (5 * 4 + 5 * 60));
    assertThat(largest(Initializer.GLOROT_UNIFORM, kernel)).isBetween(0.98 * glorot, glorot);
    double he = Math.sqrt(6.0 / (5 * 4));
    assertThat(largest(Initializer.HE_UNIFORM, kernel)).isBetween(0.98 * he, he);
    assertThat(Initializer.ORTHOGONAL.values(kernel, new SplitMix64(2)))
        .isEqualTo(Initializer.ORTHOGONAL.values(Shape.of(20, 60), new SplitMix64(2)));
  }

  private static double largest(Initializer initializer, Shape shape) {
    double largest = 0;
    for (float value : initializer.values(shape, new SplitMix64(1))) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** Distribution by distribution: mean, standard deviation, and the largest magnitude possible. */
  static Stream<Arguments> distributions() {
    double truncated = 2 / 0.8796256610342398; // two deviations of what is then cut
    double uniform = Math.sqrt(3);
    return Stream.of(
        arguments(Initializer.RANDOM_NORMAL, 0, 0.05, 1),
        arguments(new Initializer.RandomNormal(0.3, 2), 0.3, 2, 20),
        arguments(Initializer.TRUNCATED_NORMAL, 0, 0.05 * 0.8796256610342398, 0.1),
        arguments(Initializer.RANDOM_UNIFORM, 0, 0.05 / uniform, 0.05),
        arguments(new Initializer.RandomUniform(1, 3), 2, 1 / uniform, 3),
        arguments(Initializer.GLOROT_UNIFORM, 0, Math.sqrt(1 / 225.0), uniform / 15),
        arguments(Initializer.GLOROT_NORMAL, 0, Math.sqrt(1 / 225.0), truncated / 15),
        arguments(Initializer.HE_UNIFORM, 0, Math.sqrt(2 / 150.0), Math.sqrt(6 / 150.0)),
        arguments(Initializer.HE_NORMAL, 0, Math.sqrt(2 / 150.0), truncated * Math.sqrt(2 / 150.0)),
        arguments(Initializer.LECUN_UNIFORM, 0, Math.sqrt(1 / 150.0), Math.sqrt(3 / 150.0)),
        arguments(Initializer.LECUN_NORMAL, 0, Math.sqrt(1 / 150.0), truncated / Math.sqrt(150)),
        arguments(
            new Initializer.VarianceScaling(
                3, Initializer.FanMode.FAN_OUT, Initializer.Distribution.UNTRUNCATED_NORMAL),
            0,
            0.1,
            1));
  }

  /** 45,000 draws give mean and deviation to a few thousandths of the deviation. */
  @ParameterizedTest
  @MethodSource("distributions")
  void valuesAreDistributedAsTheirNameSays(
      Initializer initializer, double mean, double deviation, double limit) {
    float[] values = initializer.values(Shape.of(150, 300), new SplitMix64(5));
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (float value : values) {
      sum += value;
      squares += (value - mean) * (value - mean);
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(sum / values.length).isCloseTo(mean, within(0.02 * deviation));
    assertThat(Math.sqrt(squares / values.length)).isCloseTo(deviation, within(0.02 * deviation));
    assertThat(largest).isBetween(2 * deviation < limit ? deviation : 0.99 * limit, limit * 1.0001);
  }

  /** A run of old begins with the bits that it began with. */
  @Test
  void theDefaultsGiveTheBitsOfTheirFormulas() {
    SplitMix64 random = new SplitMix64(3);
    double limit = StrictMath.sqrt(6.0 / (28 + 151));
    for (float value : Initializer.GLOROT_UNIFORM.values(Shape.of(28, 151), new SplitMix64(3))) {
      assertThat(value).isEqualTo((float) (limit * (2 * random.nextDouble() - 1)));
    }
    float[] q = Initializer.ORTHOGONAL.values(Shape.of(3, 3), new SplitMix64(3));
    float[] doubled = new Initializer.Orthogonal(2).values(Shape.of(3, 3), new SplitMix64(3));
    for (int i = 0; i < q.length; i++) {
      assertThat(doubled[i]).isEqualTo(2 * q[i]);
    }
  }

  @Test
  void identityAndConstantAreWhatTheySay() {
    assertThat(new Initializer.Identity(2).values(Shape.of(2, 3), new SplitMix64(1)))
        .containsExactly(2, 0, 0, 0, 2, 0);
    assertThat(Initializer.ONES.values(Shape.of(3), new SplitMix64(1))).containsOnly(1f);
    assertThatThrownBy(() -> Initializer.ORTHOGONAL.values(Shape.of(3), new SplitMix64(1)))
        .hasMessageContaining("orthogonal fills matrices, found shape [3]");
    assertThatThrownBy(() -> new Initializer.RandomNormal(0, -1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new Initializer.RandomUniform(2, 1)).hasMessageContaining("above");
  }

  @Test
  void layersTakeTheirs() {
    Initializers all =
        Initializers.DEFAULT
            .withKernel(Initializer.HE_NORMAL)
            .withRecurrent(Initializer.IDENTITY)
            .withBias(Initializer.ONES);
    assertThat(SimpleRnn.of(3).withInitializers(all).parameters(Shape.of(2, 4)))
        .extracting(ParameterSpec::initializer)
        .containsExactly(Initializer.HE_NORMAL, Initializer.IDENTITY, Initializer.ONES);
    assertThat(Dense.of(3).withInitializers(all).parameters(Shape.of(4)))
        .extracting(ParameterSpec::initializer)
        .containsExactly(Initializer.HE_NORMAL, Initializer.ONES);
    SeparableConv separable =
        SeparableConv.of(3, SlidingWindow.of(2))
            .withInitializers(all)
            .withDepthwiseRule(ParameterRule.of(Initializer.HE_UNIFORM));
    assertThat(separable.parameters(Shape.of(4, 5)))
        .extracting(ParameterSpec::initializer)
        .containsExactly(Initializer.HE_UNIFORM, Initializer.HE_NORMAL, Initializer.ONES);
  }

  @Test
  void aForgetGatesStartIsAnOptionOfTheLayer() {
    Initializer gate = new Initializer.UnitForgetBias(Initializer.ZEROS);
    assertThatThrownBy(() -> Lstm.of(3).withInitializers(Initializers.DEFAULT.withBias(gate)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is an option of Lstm, unitForgetBias");
  }

  @Test
  void zerosAreZero() {
    assertThat(Initializer.ZEROS.values(Shape.of(4), new SplitMix64(1))).containsOnly(0f);
  }

  @Test
  void layersRefuseWhatMakesNoSense() {
    assertThatThrownBy(() -> Dense.of(0)).hasMessageContaining("units").hasMessageContaining("0");
    assertThatThrownBy(() -> SimpleRnn.of((1 << 24) + 1)).hasMessageContaining("16777217");
    assertThatThrownBy(() -> SimpleRnn.of(3).withActivation(Activation.SOFTMAX))
        .hasMessageContaining("softmax");
    assertThatThrownBy(() -> SimpleRnn.of(3).outputShape(Shape.of(4)))
        .hasMessageContaining("[steps, features]");
  }
}
