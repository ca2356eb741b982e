package dev.lanewise.cuda;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.contract.NumericsContract;
import dev.lanewise.engine.contract.PlanContract;
import org.junit.jupiter.api.Nested;

/** The contract of every backend, on both paths of this one. */
public abstract class CudaContract {
  @Nested
  class FusedNumerics extends NumericsContract {
    @Override
    protected Backend backend() {
      return new FusedPath();
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
