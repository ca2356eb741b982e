package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.cuda.GeneralPath;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes at the kernels' edges and at random: two updates on both paths against the CPU's. */
@Tag("emulated")
class SizesTest {
  /** Two updates; the longest sum has 17 x 7 steps' products of 300 terms: sqrt(36,000) u. */
  private static final double TOLERANCE = 1.2e-5;

  record Sizes(int units, int features, int steps, int samples, int classes, String path) {}

  static Stream<Sizes> sizes() {
    Stream<Sizes> edges =
        Stream.of(
            new Sizes(64, 32, 3, 4, 10, "fused"),
            new Sizes(64, 33, 3, 4, 10, "fused"), // too many inputs for the smallest tile
            new Sizes(65, 31, 2, 3, 64, "fused"),
            new Sizes(65, 31, 2, 3, 65, "general"),
            new Sizes(96, 32, 2, 1, 2, "fused"),
            new Sizes(128, 32, 2, 5, 33, "fused"),
            new Sizes(160, 32, 2, 2, 3, "fused"),
            new Sizes(192, 32, 2, 2, 32, "fused"),
            new Sizes(192, 33, 2, 2, 3, "general"),
            new Sizes(193, 1, 2, 2, 3, "general"),
            new Sizes(185, 37, 2, 3, 2, "general"), // inputs begin and end at a four
            new Sizes(184, 37, 2, 3, 2, "fused"),
            new Sizes(3, 2, 2, 267, 2, "fused"), // gradients in two launches
            new Sizes(1, 192, 2, 2, 2, "fused"),
            new Sizes(1, 193, 2, 2, 2, "general"));
    Random random = new Random(7);
    Stream<Sizes> others =
        Stream.generate(
                () ->
                    new Sizes(
                        1 + random.nextInt(250),
                        1 + random.nextInt(50),
                        1 + random.nextInt(7),
                        1 + random.nextInt(17),
                        2 + random.nextInt(40),
                        ""))
            .limit(40);
    return Stream.concat(edges, others);
  }

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void bothPathsAgreeWithTheCpu(Sizes sizes) {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(sizes.steps(), sizes.features()),
            List.of(SimpleRnn.of(sizes.units()), Dense.of(sizes.classes(), Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Sgd.of(0.1));
    assertThat(new CudaBackend().pathOf(spec)).startsWith(sizes.path());
    List<float[]> expected = train(Backends.named("cpu"), spec, sizes);
    agree(train(new CudaBackend(), spec, sizes), expected);
    agree(train(new GeneralPath(), spec, sizes), expected);
    assertThat(Emulation.fault()).isEmpty();
    assertThat(Emulation.live()).isZero();
  }

  private static void agree(List<float[]> found, List<float[]> expected) {
    for (int i = 0; i < expected.size(); i++) {
      double difference = 0;
      double size = 0;
      for (int j = 0; j < expected.get(i).length; j++) {
        difference += Math.pow((double) found.get(i)[j] - expected.get(i)[j], 2);
        size += Math.pow(expected.get(i)[j], 2);
      }
      assertThat(Math.sqrt(difference / size)).as("array " + i).isLessThan(TOLERANCE);
    }
  }

  /** Returns the weights after two updates, and the outputs. */
  private static List<float[]> train(Backend backend, ModelSpec spec, Sizes sizes) {
    Random random = new Random(1);
    List<float[]> values = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      double scale = 1 / Math.sqrt(parameter.shape().size(0)); // states do not grow
      values.add(randoms(random, parameter.shape().elementCount(), scale));
    }
    int samples = sizes.samples();
    float[] inputs = randoms(random, samples * spec.input().elementCount(), 1);
    int[] labels = random.ints(samples, 0, sizes.classes()).toArray();
    Dataset data = Dataset.of(spec.input(), inputs, labels, sizes.classes());
    try (Plan plan = backend.compile(spec, new PlanOptions(samples, 1))) {
      plan.load(Parameters.initial(values));
      plan.bind(data);
      for (int i = 0; i < 2; i++) {
        plan.beginEpoch(IntStream.range(0, samples).toArray(), samples);
        plan.step(1, new Totals());
      }
      List<float[]> all = new ArrayList<>(plan.snapshot().values());
      float[] outputs = new float[samples * sizes.classes()];
      plan.predict(data, samples, outputs);
      all.add(outputs);
      return all;
    }
  }

  private static float[] randoms(Random random, long count, double scale) {
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * scale);
    }
    return values;
  }
}
