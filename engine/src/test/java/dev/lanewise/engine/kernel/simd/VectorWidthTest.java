package dev.lanewise.engine.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VectorWidthTest {
  @Test
  void takesTheMachinesWidthUpToThePadding() {
    assertThat(VectorWidth.bits(0, 128)).isEqualTo(128);
    assertThat(VectorWidth.bits(0, 256)).isEqualTo(256);
    assertThat(VectorWidth.bits(0, 2048)).isEqualTo(512);
  }

  @Test
  void rejectsAWidthThatTheMachineLacks() {
    assertThatThrownBy(() -> VectorWidth.bits(512, 256))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("lanewise.vectorBits=512: this machine's vectors have 256 bits");
  }

  @Test
  void rejectsAMachineWithoutVectors() {
    assertThatThrownBy(() -> VectorWidth.bits(0, 64))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("-Dlanewise.kernels=scalar");
  }
}
