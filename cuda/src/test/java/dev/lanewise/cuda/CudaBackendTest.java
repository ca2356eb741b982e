package dev.lanewise.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
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
}
