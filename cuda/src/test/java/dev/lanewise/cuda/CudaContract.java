package dev.lanewise.cuda;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.contract.NumericsContract;
import dev.lanewise.engine.contract.PlanContract;
import dev.lanewise.engine.layer.CellLayer;
import org.jspecify.annotations.Nullable;
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

  /** Without sizes that are here what their neighbours are; CellSizesTest has the tiles' edges. */
  @Nested
  class GeneralNumerics extends NumericsContract {
    @Override
    protected Backend backend() {
      return new GeneralPath() {
        @Override
        @SuppressWarnings("exports") // the annotation is for compilers alone
        public @Nullable String refusal(ModelSpec model) {
          return model.layers().getFirst() instanceof CellLayer cell
                  && model.layers().size() == 1
                  && (cell.units() == 15 || cell.units() == 16)
              ? "17 units are the same here"
              : super.refusal(model);
        }
      };
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
