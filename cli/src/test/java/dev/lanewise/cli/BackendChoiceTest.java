package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.Probe;
import org.junit.jupiter.api.Test;

class BackendChoiceTest {
  @Test
  void automaticChoiceSaysWhichBackendAndWhyNoOther() {
    Probe cuda =
        Backends.all().stream()
            .filter(backend -> backend.name().equals("cuda"))
            .findAny()
            .orElseThrow()
            .probe();
    assumeFalse(cuda.available(), "this machine has a GPU");
    BackendChoice choice = BackendChoice.of(BackendChoice.Wanted.auto);
    assertThat(choice.backend().name()).isEqualTo("cpu");
    assertThat(choice.reason()).isEqualTo("cpu, as cuda is not available: " + cuda.description());
  }
}
