package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.cuda.GeneralPath;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.golden.Mnist;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a batch of the founding model asks of a device: counted, where no device is there to time.
 * The table of each kernel is left in {@code target/batch-counts}.
 */
@Tag("emulated")
class BatchCountsTest {
  private static final Path TABLES = Path.of("target", "batch-counts");

  @BeforeAll
  static void load() {
    Emulation.require();
  }

  /**
   * A way through a batch and what it may take: launches exactly, of the others at most so many.
   */
  private record Way(
      String name, Backend backend, int rows, GradientClipping clipping, KernelCounts recorded) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Way> ways() {
    GradientClipping none = GradientClipping.none();
    return Stream.of(
        new Way(
            "fused",
            new CudaBackend(),
            150,
            none,
            new KernelCounts(2, 18_900_000, 44_400_000, 19_200_000, 850_000, 310_000, 71_000)),
        new Way(
            "fused-clipped",
            new CudaBackend(),
            2, // launches alone
            GradientClipping.globalNorm(1),
            new KernelCounts(4, 760_000, 1_500_000, 1_700_000, 18_000, 4_400, 4_600)),
        new Way(
            "general",
            new GeneralPath(),
            150,
            none,
            new KernelCounts(68, 26_400_000, 112_000_000, 22_900_000, 2_600_000, 6_100, 56_000)));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aBatchTakesNoMoreThanIsRecorded(Way way) throws IOException {
    SortedMap<String, KernelCounts> kernels = batch(way);
    KernelCounts all = new KernelCounts(0, 0, 0, 0, 0, 0, 0);
    List<String> table = new ArrayList<>(List.of(KernelCounts.HEADER));
    for (var each : kernels.entrySet()) {
      table.add(each.getValue().row(each.getKey()));
      all = all.plus(each.getValue());
    }
    table.add(all.row("all"));
    Files.createDirectories(TABLES);
    Files.write(TABLES.resolve(way.name() + ".csv"), table);
    String found = String.join("\n", table);
    KernelCounts recorded = way.recorded();
    assertThat(all.launches()).as(found).isEqualTo(recorded.launches());
    assertThat(all.instructions()).as(found).isLessThanOrEqualTo(recorded.instructions());
    assertThat(all.loaded()).as(found).isLessThanOrEqualTo(recorded.loaded());
    assertThat(all.stored()).as(found).isLessThanOrEqualTo(recorded.stored());
    assertThat(all.shared()).as(found).isLessThanOrEqualTo(recorded.shared());
    assertThat(all.shuffles()).as(found).isLessThanOrEqualTo(recorded.shuffles());
    assertThat(all.barriers()).as(found).isLessThanOrEqualTo(recorded.barriers());
  }

  /** Returns what a batch did. */
  private static SortedMap<String, KernelCounts> batch(Way way) {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(28, 28),
            List.of(SimpleRnn.of(150), Dense.of(10, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Adam.withDefaults().withClipping(way.clipping()));
    Emulation.forget();
    try (Plan plan = way.backend().compile(spec, new PlanOptions(way.rows(), 1))) {
      plan.load(
          Parameters.initial(
              Stream.of("kernel", "recurrent_kernel", "bias", "dense_kernel", "dense_bias")
                  .map(name -> Npy.read("mnist_simple_rnn/init_" + name).floats())
                  .toList()));
      plan.bind(Mnist.digits().train().slice(0, way.rows()));
      plan.beginEpoch(IntStream.range(0, way.rows()).toArray(), way.rows());
      plan.step(1, new Totals());
      SortedMap<String, KernelCounts> counts = KernelCounts.now();
      counts.remove("pack_weights"); // of loading the weights
      return counts;
    }
  }
}
