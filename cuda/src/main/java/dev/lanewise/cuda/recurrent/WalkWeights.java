package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.LayerMemory;

/**
 * A recurrent kernel in the order in which a walk in one launch loads it, and transposed for the
 * way back; see pack_walk.cu.
 */
final class WalkWeights {
  private final Walk walk;
  private final PersistentTiles tiles;
  private final long forward;
  private final long back;

  WalkWeights(Walk walk, PersistentTiles tiles) {
    this.walk = walk;
    this.tiles = tiles;
    LayerMemory memory = walk.memory();
    forward = memory.arena().allocate("a walk's weights", tiles.packed());
    back =
        memory.goesBack()
            ? memory.arena().allocate("a walk's transposed weights", tiles.packed())
            : 0;
  }

  /** Launches what copies the weights as they are now. */
  void pack(CudaPass pass) {
    Struct packing =
        new Struct()
            .pointer(walk.recurrentKernel())
            .pointer(forward)
            .pointer(pass.training() ? back : 0)
            .integer(walk.units())
            .integer(walk.gates())
            .integer(tiles.tile());
    pass.calls().elements("pack_walk", tiles.packed(), new Arguments().struct(packing));
  }

  long forward() {
    return forward;
  }

  long back() {
    return back;
  }
}
