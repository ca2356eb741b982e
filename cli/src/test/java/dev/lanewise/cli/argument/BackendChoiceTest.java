package dev.lanewise.cli.argument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lanewise.cli.argument.BackendChoice.Wanted;
import dev.lanewise.cli.tell.BackendUnavailableException;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.DeviceFailureException;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BackendChoiceTest {
  private static Backend cuda() {
    return Backends.all().stream()
        .filter(backend -> backend.name().equals("cuda"))
        .findAny()
        .orElseThrow();
  }

  private static ModelSpec model(Layer... layers) {
    return new ModelSpec(
        Shape.of(28, 28),
        Stream.concat(Stream.of(layers), Stream.of(Dense.of(10, Activation.SOFTMAX))).toList(),
        Loss.CATEGORICAL_CROSSENTROPY,
        Adam.withDefaults());
  }

  /** What a backend lacks is known without a device. */
  @Test
  void aModelWithoutKernelsRunsOnTheCpuUnlessTheGpuWasAskedFor() {
    Backend cuda = cuda();
    BackendChoice gpu = new BackendChoice(cuda, cuda.probe(), "cuda is available");
    GraphBuilder graph = new GraphBuilder();
    GraphBuilder.Value value = graph.input("values", Shape.of(1, 1, 28, 28));
    for (int i = 0; i < 3; i++) {
      value = graph.apply(new Joined(1, true), value, value);
    }
    graph.output(graph.apply(new Flatten(), value));
    ModelSpec stacked =
        new ModelSpec(graph.build(), Loss.MEAN_SQUARED_ERROR, Adam.withDefaults(), List.of());
    String missing = "layer 2 (Stack) has CUDA kernels for samples of 6 sizes, found more";
    for (@Nullable Wanted wanted : Arrays.asList(null, Wanted.auto)) {
      BackendChoice choice = gpu.forModel(wanted, stacked);
      assertThat(choice.backend().name()).isEqualTo("cpu");
      assertThat(choice.reason()).isEqualTo("cpu, as cuda: " + missing);
    }
    assertThatThrownBy(() -> gpu.forModel(Wanted.cuda, stacked))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage("backend cuda: " + missing + "; --backend cpu runs it");
  }

  /** A backend whose probe says yes, and whose first use says what it is told to. */
  private record Device(@Nullable RuntimeException failure) implements Backend {
    @Override
    public String name() {
      return "cuda";
    }

    @Override
    public Probe probe() {
      return new Probe(true, "a device");
    }

    @Override
    public String warmUp(ModelSpec model) {
      if (failure != null) {
        throw failure;
      }
      return "ready";
    }

    @Override
    public Predictor predictor(ModelSpec model, Parameters parameters, int threads) {
      throw new AssertionError("only chosen");
    }

    @Override
    public Plan compile(ModelSpec model, PlanOptions options) {
      throw new AssertionError("only chosen");
    }
  }

  private static BackendChoice device(@Nullable RuntimeException failure) {
    Device device = new Device(failure);
    return new BackendChoice(device, device.probe(), "cuda is available");
  }

  @Test
  void aDeviceThatRefusesItsFirstUseIsNotChosenUnlessAskedFor() {
    ModelSpec model = model(SimpleRnn.of(8));
    for (RuntimeException failure :
        List.of(
            new DeviceFailureException("CUDA: cannot make a context: 46"),
            new InsufficientMemoryException("CUDA: cannot make a context: 46"),
            new UnsupportedOperationException("CUDA: cannot make a context: 46"))) {
      BackendChoice gpu = device(failure);
      BackendChoice choice = gpu.forModel(Wanted.auto, model);
      assertThat(choice.backend().name()).isEqualTo("cpu");
      assertThat(choice.reason()).isEqualTo("cpu, as cuda: CUDA: cannot make a context: 46");
      assertThatThrownBy(() -> gpu.forModel(Wanted.cuda, model))
          .isInstanceOf(BackendUnavailableException.class)
          .hasMessage("backend cuda: CUDA: cannot make a context: 46; --backend cpu runs it");
    }
    BackendChoice good = device(null);
    assertThat(good.forModel(Wanted.auto, model)).isSameAs(good);
    assertThat(good.forModel(Wanted.cuda, model)).isSameAs(good);
  }

  @Test
  void automaticChoiceSaysWhichBackendAndWhyNoOther() {
    Probe cuda = cuda().probe();
    assumeFalse(cuda.available(), "this machine has a GPU");
    BackendChoice choice = BackendChoice.of(Wanted.auto);
    assertThat(choice.backend().name()).isEqualTo("cpu");
    assertThat(choice.reason()).isEqualTo("cpu, as cuda is not available: " + cuda.description());
  }
}
