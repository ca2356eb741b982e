package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.contract.NumericsContract;
import dev.lanewise.engine.contract.PlanContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The shipped PTX, interpreted, keeps the contract of every backend on both of its paths. */
@Tag("emulated")
class EmulatedContractTest {
  @BeforeAll
  static void load() {
    Emulation.require();
  }

  @AfterEach
  void nothingIsWrongOrLeftBehind() {
    assertThat(Emulation.fault()).isEmpty();
    assertThat(Emulation.live()).isZero();
    assertThat(Emulation.leaked()).isZero();
  }

  @Nested
  class FusedNumerics extends NumericsContract {
    @Override
    protected Backend backend() {
      return new CudaBackend();
    }
  }

  @Nested
  class FusedPlans extends PlanContract {
    @Override
    protected Backend backend() {
      return new CudaBackend();
    }
  }

  @Nested
  class GeneralNumerics extends NumericsContract {
    @Override
    protected Backend backend() {
      return new GeneralPath();
    }
  }

  @Nested
  class GeneralPlans extends PlanContract {
    @Override
    protected Backend backend() {
      return new GeneralPath();
    }
  }
}
