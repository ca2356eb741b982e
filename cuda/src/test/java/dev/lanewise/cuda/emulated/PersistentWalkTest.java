package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Walks in one launch beside the CPU, in sizes at the edges of a block: 2 rows, 8 lanes, 32 groups
 * of lanes, and the units that each kernel takes.
 */
@Tag("emulated")
class PersistentWalkTest {
  /** Two updates of sums of up to 4 x 160 products and 3 rows of 5 steps: sqrt(3,000) u. */
  private static final double TOLERANCE = 6e-6;

  private static final int HOPPER = 232_448; // shared bytes of a block of compute capability 9.0

  /**
   * A case.
   *
   * @param shared the bytes that a block can have
   * @param kernel what of the kernels' names tells which ones run
   */
  record Walks(Layer layer, int steps, int samples, int shared, String kernel) {}

  static Stream<Walks> walks() {
    return Stream.of(
        new Walks(Lstm.of(1), 3, 1, 65_536, "lstm_walk_*_2"),
        new Walks(Lstm.of(7).returningSequences(), 4, 3, 65_536, "lstm_walk_*_2"),
        new Walks(Lstm.of(8), 1, 2, 65_536, "lstm_walk_*_2"),
        new Walks(Lstm.of(31), 2, 2, 65_536, "lstm_walk_*_2"),
        new Walks(Lstm.of(33).withoutBias(), 3, 5, 65_536, "lstm_walk_*_2"),
        new Walks(Bidirectional.of(Lstm.of(40)), 3, 3, 49_152, "lstm_walk_*_2"),
        new Walks(Lstm.of(65).returningSequences(), 3, 3, 65_536, "lstm_walk_*_4"),
        new Walks(Lstm.of(128), 2, 2, 65_536, "lstm_walk_*_4"),
        new Walks(Lstm.of(129), 3, 3, HOPPER, "lstm_walk_*_5"),
        new Walks(Lstm.of(65), 2, 1, 61_695, "lstm_*"), // a byte less than the kernel needs
        new Walks(Lstm.of(161), 1, 1, HOPPER, "lstm_*"),
        new Walks(Lstm.of(9).withActivation(Activation.RELU), 2, 2, HOPPER, "lstm_*"),
        new Walks(Gru.of(1).returningSequences(), 3, 3, 49_152, "gru_walk_*_2"),
        new Walks(Gru.of(33).withoutBias(), 3, 2, 65_536, "gru_walk_*_2"),
        new Walks(Bidirectional.of(Gru.of(7)), 4, 3, 65_536, "gru_walk_*_2"),
        new Walks(Gru.of(128), 3, 3, 65_536, "gru_walk_*_4"),
        new Walks(Gru.of(160).returningSequences(), 3, 1, HOPPER, "gru_walk_*_5"),
        new Walks(Gru.of(160), 2, 1, 65_536, "gru_*"));
  }

  @BeforeEach
  void load() {
    Emulation.require();
    Emulation.forget();
  }

  @AfterEach
  void forget() {
    Emulation.forget();
  }

  @ParameterizedTest
  @MethodSource("walks")
  void updatesAgreeWithTheCpus(Walks walks) {
    Emulation.shared(walks.shared());
    Shape input = Shape.of(walks.steps(), 4);
    List<Layer> layers = List.of(Dense.of(5), walks.layer(), Dense.of(3));
    ModelSpec spec = new ModelSpec(input, layers, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
    Random random = new Random(1);
    long targets = spec.output().elementCount() * walks.samples();
    Dataset data =
        Dataset.of(
            input,
            Floats.of(Configurations.randoms(random, walks.samples() * input.elementCount(), 1)),
            Floats.of(Configurations.randoms(random, targets, 1)),
            Math.toIntExact(spec.output().elementCount()));
    boolean whole = walks.kernel().contains("_walk_");
    int count = walks.layer() instanceof Bidirectional ? 2 : 1;
    assertThat(new CudaBackend().pathOf(spec))
        .endsWith("; " + (whole ? count : 0) + " of " + count + " walks over time in one launch");
    TwoBackends.agree(spec, data, walks.samples(), TOLERANCE);
    String forward = walks.kernel().replace("*", "forward");
    String backward = walks.kernel().replace("*", "backward");
    Set<String> run = KernelCounts.now().keySet();
    assertThat(run).contains(forward, backward);
    String cell = walks.kernel().replaceFirst("_.*", "_");
    assertThat(run.stream().filter(kernel -> kernel.startsWith(cell))).hasSize(2);
  }
}
