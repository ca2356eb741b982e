package dev.lanewise.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has no kernels is named, on any machine. */
class CudaSupportTest {
  private static void refused(String reason, ModelSpec model) {
    assertThat(new CudaBackend().refusal(model)).isEqualTo(reason);
    assertThatThrownBy(() -> CudaSupport.require(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("backend cuda: " + reason + "; the backend cpu runs this model");
  }

  @Test
  void theRecurrentFamilyIsTaken() {
    ModelSpec model =
        stack(
            Dropout.of(0.5),
            Bidirectional.of(Lstm.of(4).returningSequences()),
            Gru.of(5).resettingBefore().withActivation(Activation.GELU),
            new RepeatVector(3),
            SimpleRnn.of(4).goingBackwards());
    assertThat(CudaSupport.refusal(model)).isNull();
  }

  @Test
  void windowsHaveNoKernels() {
    CudaSupport.requireWhole(new PlanOptions(4, 1));
    assertThatThrownBy(() -> CudaSupport.requireWhole(new PlanOptions(4, 1, 0, 50)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backend cuda: truncated backprop has no CUDA kernels yet");
  }

  private static ModelSpec stack(Layer... layers) {
    return new ModelSpec(Shape.of(3, 2), List.of(layers), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
  }

  @Test
  void aFrozenLayerNeedsTheKernelsOfTheLayer() {
    assertThat(CudaSupport.refusal(stack(Dense.of(3).frozen(), Lstm.of(4).frozen()))).isNull();
    refused(
        "layer 0 (Sin) has no CUDA kernels yet",
        stack(new Elements(Elements.Function.SIN).frozen()));
  }

  @Test
  void wiringWithoutKernelsIsNamed() {
    GraphBuilder dot = new GraphBuilder();
    GraphBuilder.Value picture = dot.input("picture", Shape.of(3, 2, 4));
    dot.output(dot.apply(Dot.of(3), picture, picture));
    refused(
        "layer 0 (Dot) has CUDA kernels for vectors and sequences, found samples of more sizes",
        of(dot));
    refused("layer 0 (Sin) has no CUDA kernels yet", stack(new Elements(Elements.Function.SIN)));
  }

  private static ModelSpec of(GraphBuilder graph) {
    return new ModelSpec(graph.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
  }
}
