package dev.lanewise.cuda;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.contract.NumericsContract;
import dev.lanewise.engine.contract.PlanContract;
import dev.lanewise.engine.layer.CellLayer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/**
 * The contract of every backend, on both paths of this one, without sizes of cells that are here
 * what their neighbours are; CellSizesTest has the tiles' edges.
 */
public abstract class CudaContract {
  private static boolean isCellOf(ModelSpec model, int units) {
    return model.layers().size() == 1
        && model.layers().getFirst() instanceof CellLayer cell
        && cell.units() == units;
  }

  /** Few, as kernels that are interpreted take their time; SizesTest has the tiles' edges. */
  private abstract static class FewBatches extends NumericsContract {
    @Override
    protected int[] batches() {
      return new int[] {1, 19, 32};
    }
  }

  @Nested
  class FusedNumerics extends FewBatches {
    @Override
    protected Backend backend() {
      return new FusedPath() {
        @Override
        @SuppressWarnings("exports") // the annotation is for compilers alone
        public @Nullable String refusal(ModelSpec model) {
          return isCellOf(model, 15) ? "17 units are the same here" : super.refusal(model);
        }
      };
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
  class GeneralNumerics extends FewBatches {
    @Override
    protected Backend backend() {
      return new GeneralPath() {
        @Override
        @SuppressWarnings("exports") // the annotation is for compilers alone
        public @Nullable String refusal(ModelSpec model) {
          return isCellOf(model, 15) || isCellOf(model, 16)
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
