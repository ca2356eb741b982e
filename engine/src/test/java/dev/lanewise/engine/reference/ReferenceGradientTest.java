package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Masking;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration's gradients, see {@link CentralDifferences}. */
class ReferenceGradientTest {
  private static final long SEED = 7;

  static Stream<Configurations> configurations() {
    return Configurations.all();
  }

  static Stream<GraphConfigurations> graphs() {
    return GraphConfigurations.all();
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void gradientsOfGraphsAgreeWithCentralDifferences(GraphConfigurations c) {
    CentralDifferences.assertAgree(c, SEED, 3);
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void gradientsAgreeWithCentralDifferences(Configurations c) {
    boolean masks = c.stack().getFirst() instanceof Masking;
    for (int samples : masks ? new int[] {1, 3, 6} : new int[] {1, 3}) {
      Random random = new Random(SEED);
      List<double[]> weights = c.weights(random);
      double[] x = c.inputs(random, samples);
      double[] upstream = Configurations.randoms(random, samples * c.output().elementCount(), 1);
      ReferenceModel model = new ReferenceModel(c.input(), c.stack(), weights);
      model.train(SEED, 1);
      new CentralDifferences(model, x, upstream, maskValue(c))
          .assertAgree(weights, samples, "seed " + SEED);
    }
  }

  private static double maskValue(Configurations c) {
    return c.stack().getFirst() instanceof Masking masking ? masking.maskValue() : Double.NaN;
  }
}
