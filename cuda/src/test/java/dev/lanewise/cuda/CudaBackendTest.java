package dev.lanewise.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class CudaBackendTest {
  private final Backend backend = new CudaBackend();

  @Test
  void serviceLoaderFindsIt() {
    assertThat(Backends.all()).anyMatch(CudaBackend.class::isInstance);
  }

  @Test
  void probeGivesOneLine() {
    assertThat(backend.probe().description()).isNotBlank().doesNotContain("\n");
  }

  @Test
  void askingForItByNameFailsWithTheProbesReason() {
    assertThatThrownBy(() -> Backends.named("cuda"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("backend cuda is not available: ")
        .hasMessageContaining(backend.probe().description());
  }

  private String refusal(Optimizer optimizer) {
    return backend.refusal(
        new ModelSpec(Shape.of(3), List.of(Dense.of(2)), Loss.MEAN_SQUARED_ERROR, optimizer));
  }

  @Test
  void optimizersWithoutKernelsAreRefusedByNameAndOption() {
    assertThat(refusal(Adam.withDefaults())).isNull();
    assertThat(refusal(Sgd.of(0.1, 0.9).withNesterov())).isNull();
    assertThat(refusal(Adam.withDefaults().withAmsgrad()))
        .isEqualTo("optimizer adam: amsgrad has no CUDA kernels yet");
    assertThat(refusal(Sgd.of(0.1).withWeightDecay(0.1)))
        .isEqualTo("optimizer SGD: weight_decay has no CUDA kernels yet");
    for (Optimizer optimizer :
        List.of(
            AdamW.of(0.1, 0),
            RmsProp.withDefaults(),
            Nadam.withDefaults(),
            Adagrad.withDefaults(),
            Adadelta.withDefaults(),
            Lion.withDefaults())) {
      assertThat(refusal(optimizer))
          .isEqualTo("optimizer " + optimizer.kerasName() + ": has no CUDA kernels yet");
    }
  }
}
