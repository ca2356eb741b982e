package dev.lanewise.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.Regularizers;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has no kernels is named, on any machine. */
class CudaSupportTest {
  private static ModelSpec model(int units, Activation last, Loss loss, Metric... metrics) {
    return new ModelSpec(
        Shape.of(3), List.of(Dense.of(units, last)), loss, Sgd.of(0.1), List.of(metrics));
  }

  private static void refused(String reason, ModelSpec model) {
    assertThat(new CudaBackend().refusal(model)).isEqualTo(reason);
    assertThatThrownBy(() -> CudaSupport.require(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("backend cuda: " + reason + "; the backend cpu runs this model");
  }

  @Test
  void whatTheKernelsComputeIsTaken() {
    Metric[] both = {Metric.ACCURACY, Metric.MEAN_ABSOLUTE_ERROR};
    for (Loss loss : List.of(Loss.CATEGORICAL_CROSSENTROPY, Loss.SPARSE_CATEGORICAL_CROSSENTROPY)) {
      assertThat(CudaSupport.refusal(model(4, Activation.SOFTMAX, loss, both))).isNull();
    }
    Loss squares = Loss.MEAN_SQUARED_ERROR;
    assertThat(
            CudaSupport.refusal(model(1, Activation.LINEAR, squares, Metric.MEAN_ABSOLUTE_ERROR)))
        .isNull();
  }

  @Test
  void lossesWithoutKernelsAreNamed() {
    refused("loss huber: has no kernel", model(1, Activation.LINEAR, new Huber(2)));
    refused(
        "loss binary_crossentropy: has no kernel",
        model(1, Activation.SIGMOID, Loss.BINARY_CROSSENTROPY));
    refused(
        "loss categorical_crossentropy: label_smoothing has no kernel",
        model(4, Activation.SOFTMAX, new CategoricalCrossentropy(false, 0.1)));
    refused(
        "loss categorical_crossentropy: from_logits has no kernel",
        model(4, Activation.LINEAR, new CategoricalCrossentropy(true, 0)));
    refused(
        "loss sparse_categorical_crossentropy: only a softmax below it has a kernel",
        model(4, Activation.SIGMOID, Loss.SPARSE_CATEGORICAL_CROSSENTROPY));
  }

  @Test
  void metricsWithoutKernelsAreNamed() {
    Loss loss = Loss.MEAN_SQUARED_ERROR;
    refused("metric auc: has no kernel", model(1, Activation.SIGMOID, loss, Metric.AUC));
    refused(
        "metric accuracy: of a single output has no kernel",
        model(1, Activation.SIGMOID, loss, Metric.ACCURACY));
    refused(
        "metric mae: weights of samples have no kernel",
        model(2, Activation.LINEAR, loss, Metric.MEAN_ABSOLUTE_ERROR.byWeight()));
  }

  @Test
  void dataWithoutKernelsAreNamed() {
    ModelSpec one = model(1, Activation.LINEAR, Loss.MEAN_SQUARED_ERROR);
    Dataset weighted =
        Dataset.of(Shape.of(3), new float[6], new float[2], 1)
            .withSampleWeights(new float[] {1, 2});
    assertThatThrownBy(() -> CudaSupport.require(one, weighted))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backend cuda: weights of samples have no kernel");
    Dataset labels = Dataset.of(Shape.of(3), new float[6], new int[] {0, 1}, 2);
    assertThatThrownBy(() -> CudaSupport.require(one, labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backend cuda: labels of a single output have no kernel");
  }

  @Test
  void windowsHaveNoKernels() {
    CudaSupport.requireWhole(new PlanOptions(4, 1));
    assertThatThrownBy(() -> CudaSupport.requireWhole(new PlanOptions(4, 1, 0, 50)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backend cuda: truncated backprop has no CUDA kernels yet");
  }

  @Test
  void layersWithoutKernelsAreNamed() {
    refused("layer 0 (LSTM) has no CUDA kernels yet", stack(Lstm.of(4)));
    refused("layer 1 (GRU) has no CUDA kernels yet", stack(Dense.of(3), Gru.of(4)));
    refused("layer 0 (Conv1D) has no CUDA kernels yet", stack(Conv1D.of(4, 1)));
    refused(
        "layer 1 (GlobalMaxPooling1D) has no CUDA kernels yet",
        stack(Dense.of(3), GlobalMaxPooling1D.withDefaults()));
    refused(
        "layer 1 (SimpleRNN) has no CUDA kernel of activation gelu yet",
        stack(Dense.of(3), SimpleRnn.of(4).withActivation(Activation.GELU)));
    String drops = "layer 0 (SimpleRNN) has no CUDA kernel of its dropout yet";
    refused(drops, stack(SimpleRnn.of(4).withDropout(0.5, 0)));
    refused(drops, stack(SimpleRnn.of(4).withDropout(0, 0.5)));
  }

  private static ModelSpec stack(Layer... layers) {
    return new ModelSpec(Shape.of(3, 2), List.of(layers), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
  }

  @Test
  void penaltiesAreNamed() {
    Regularizers recurrent = Regularizers.NONE.withRecurrent(Regularizer.l1(0.1));
    refused(
        "layer 1 (SimpleRNN) has no CUDA kernel of a regularizer of its recurrent_kernel yet",
        stack(Dense.of(3), SimpleRnn.of(4).withRegularizers(recurrent)));
  }
}
