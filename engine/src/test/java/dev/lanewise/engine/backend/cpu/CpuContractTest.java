package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.contract.NumericsContract;
import dev.lanewise.engine.contract.PlanContract;
import org.junit.jupiter.api.Nested;

/** The processor's cores keep the contract of every backend. */
class CpuContractTest {
  @Nested
  class Numerics extends NumericsContract {
    @Override
    protected Backend backend() {
      return new CpuBackend();
    }
  }

  @Nested
  class Plans extends PlanContract {
    @Override
    protected Backend backend() {
      return new CpuBackend();
    }
  }
}
