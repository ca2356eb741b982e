package dev.lanewise.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How large a plan may be. */
class PlanOptionsTest {
  private static final int SAMPLES = 1 << 24;
  private static final int THREADS = 1024;

  @Test
  void theLeastAndTheMostAreTaken() {
    assertThat(new PlanOptions(1, 1).window()).isZero();
    PlanOptions most = new PlanOptions(SAMPLES, THREADS);
    assertThat(most.maximumBatch()).isEqualTo(SAMPLES);
    assertThat(most.threads()).isEqualTo(THREADS);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 0, batch size", "1, 0, 0, threads", "1, 1, -1, window"})
  void lessIsNamed(int batch, int threads, int window, String named) {
    assertThatThrownBy(() -> new PlanOptions(batch, threads, 0, window))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(named);
  }

  @Test
  void moreIsNamed() {
    assertThatThrownBy(() -> new PlanOptions(SAMPLES + 1, 1))
        .hasMessageContaining("found " + (SAMPLES + 1));
    assertThatThrownBy(() -> new PlanOptions(1, THREADS + 1))
        .hasMessageContaining("found " + (THREADS + 1));
  }
}
