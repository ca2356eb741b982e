package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The shipped PTX, interpreted, keeps the contract, without a fault and leaving nothing behind. */
@Tag("emulated")
class EmulatedContractTest extends CudaContract {
  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  @AfterEach
  void nothingIsWrongOrLeftBehind() {
    assertThat(Emulation.fault()).isEmpty();
    assertThat(Emulation.live()).isZero();
    assertThat(Emulation.leaked()).isZero();
  }
}
