package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.cuda.GeneralPath;
import dev.lanewise.cuda.driver.KernelModule;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.DeviceFailureException;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.Regularizers;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every barrier of the shipped kernels is needed, and the emulation notices when one is missing: it
 * is taken out of the PTX, and a short training has to end in a fault that is named: a race, or a
 * read of what is not written yet. All products are long enough to go round their loop twice.
 */
@Tag("emulated")
class BarrierMutationTest {
  private static final Shape INPUT = Shape.of(12, 20);
  private static final int SHARED = 232_448; // bytes, for the largest walks
  private static final String PROPERTY = "lanewise.cuda.ptx";
  private static final Pattern ENTRY = Pattern.compile("\\.entry (\\w+)\\(");
  private static final Pattern BARRIER = Pattern.compile("bar\\.sync\\s+0;");

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Emulation.require();
  }

  /** A barrier: the kernel that has it, and where in the text. */
  private record Barrier(String kernel, int begin, int end) {}

  private static List<Barrier> barriers(String ptx) {
    List<Barrier> found = new ArrayList<>();
    Matcher each = Pattern.compile(ENTRY + "|" + BARRIER).matcher(ptx);
    String kernel = "";
    while (each.find()) {
      if (each.group(1) != null) {
        kernel = each.group(1);
      } else {
        found.add(new Barrier(kernel, each.start(), each.end()));
      }
    }
    return found;
  }

  @Test
  void everyBarrierIsMissed() throws IOException {
    String ptx = KernelModule.ptx();
    List<Barrier> barriers = barriers(ptx);
    assertThat(barriers).hasSizeGreaterThan(20);
    List<String> unnoticed = new ArrayList<>();
    for (Barrier barrier : barriers) {
      String mutant = ptx.substring(0, barrier.begin()) + ptx.substring(barrier.end());
      String fault = faultOf(barrier.kernel(), mutant);
      if (fault.isEmpty()) {
        unnoticed.add(barrier.kernel() + " at " + barrier.begin());
      }
    }
    assertThat(unnoticed).isEmpty();
  }

  @Test
  void shippedKernelsHaveNoFault() throws IOException {
    String ptx = KernelModule.ptx();
    for (Barrier barrier : barriers(ptx)) {
      assertThat(faultOf(barrier.kernel(), ptx)).isEmpty();
    }
  }

  private String faultOf(String kernel, String ptx) throws IOException {
    Path file = Files.writeString(folder.resolve("mutant.ptx"), ptx);
    System.setProperty(PROPERTY, file.toString());
    Emulation.forget();
    Emulation.shared(SHARED);
    try {
      train(kernel);
    } catch (DeviceFailureException e) {
      assertThat(Emulation.fault()).isNotEmpty();
    } finally {
      System.clearProperty(PROPERTY);
    }
    return Emulation.fault();
  }

  /** Trains a model for which the kernel is used, in batches of 5 and then of 2. */
  private static void train(String kernel) {
    boolean walk = kernel.contains("_walk_");
    boolean parts = kernel.equals("sum_parts") || kernel.equals("update_fused");
    boolean fused = parts || kernel.startsWith("rnn_fused_");
    int tile = parts ? 2 : kernel.charAt(kernel.length() - 1) - '0';
    int units = fused || walk ? 32 * tile - 1 : 40;
    GradientClipping clipping =
        kernel.equals("update_fused") ? GradientClipping.none() : GradientClipping.globalNorm(1);
    Backend backend = fused || walk ? new CudaBackend() : new GeneralPath();
    Optimizer adam = Adam.withDefaults().withClipping(clipping);
    ModelSpec spec =
        kernel.equals("sample_products")
            ? new ModelSpec(attention(), Loss.CATEGORICAL_CROSSENTROPY, adam, List.of())
            : new ModelSpec(
                INPUT,
                fused ? fusedLayers(kernel, units) : layers(kernel, units),
                Loss.CATEGORICAL_CROSSENTROPY,
                adam);
    Random random = new Random(1);
    List<float[]> values =
        spec.parameters().stream()
            .map(
                parameter -> {
                  float[] value = new float[(int) parameter.shape().elementCount()];
                  for (int i = 0; i < value.length; i++) {
                    value[i] = random.nextFloat() * 0.2f - 0.1f;
                  }
                  return value;
                })
            .toList();
    int steps = spec.shapeOf(0).positions();
    float[] inputs = new float[7 * 240];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = random.nextFloat();
    }
    try (Plan plan = backend.compile(spec, new PlanOptions(5, 1))) {
      plan.load(Parameters.initial(values));
      plan.bind(Dataset.of(INPUT, inputs, random.ints(7L * steps, 0, 4).toArray(), 4));
      plan.beginEpoch(IntStream.range(0, 7).toArray(), 5);
      plan.step(2, new Totals());
    }
  }

  /** Returns a model in which steps look at one another. */
  private static Graph attention() {
    GraphBuilder graph = new GraphBuilder();
    GraphBuilder.Value x = graph.input("x", INPUT);
    GraphBuilder.Value seen = graph.apply(Attention.create(), graph.apply(Dense.of(20), x), x);
    GraphBuilder.Value last = graph.apply(SimpleRnn.of(4), seen);
    graph.output(graph.apply(Dense.of(4, Activation.SOFTMAX), last));
    return graph.build();
  }

  private static List<Layer> fusedLayers(String kernel, int units) {
    boolean any = kernel.matches("rnn_fused_\\d");
    SimpleRnn layer =
        SimpleRnn.of(units).withActivation(any ? Activation.SIGMOID : Activation.TANH);
    return List.of(layer, Dense.of(4, Activation.SOFTMAX));
  }

  private static List<Layer> layers(String kernel, int units) {
    if (kernel.equals("count_steps")) {
      return List.of(Masking.ofZeros(), Dense.of(4, Activation.SOFTMAX));
    }
    Layer cell =
        switch (kernel) {
          case "lstm_forward", "lstm_backward" -> Lstm.of(units);
          case "gate_products", "gate_gradients" -> Gru.of(units).withDropout(0.2, 0.3);
          case String walk when walk.startsWith("lstm_walk_") -> Lstm.of(units);
          case String walk when walk.startsWith("gru_walk_") -> Gru.of(units);
          case "gru_forward", "gru_backward" -> Gru.of(units);
          case "gru_reset_forward",
              "gru_reset_backward",
              "gru_candidate_forward",
              "gru_candidate_backward" ->
              Gru.of(units).resettingBefore();
          case "penalty" ->
              SimpleRnn.of(units)
                  .withRegularizers(Regularizers.NONE.withKernel(Regularizer.l2(0.1)));
          default -> SimpleRnn.of(units);
        };
    return List.of(Dense.of(20), cell, Dense.of(4, Activation.SOFTMAX));
  }
}
