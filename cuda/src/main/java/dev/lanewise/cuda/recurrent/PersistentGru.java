package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.layer.CudaPass;

/**
 * The steps of a GRU with reset after in one launch, and those back in another; see gru_walk.cu.
 */
final class PersistentGru implements Steps {
  private final Walk walk;
  private final PersistentTiles tiles;
  private final WalkWeights weights;
  private final long b;
  private final GruGradients gradients;

  PersistentGru(Walk walk, PersistentTiles tiles) {
    this.walk = walk;
    this.tiles = tiles;
    weights = new WalkWeights(walk, tiles);
    b = walk.memory().trainingFloats("states' sums of a candidate", walk.positions(), walk.units());
    gradients = new GruGradients(walk);
  }

  @Override
  public long inputBias() {
    return walk.bias();
  }

  /** Returns the address of the second biases, those of the states' sums. */
  private long stateBias() {
    return walk.biased() ? walk.bias() + (long) walk.width() * Float.BYTES : 0;
  }

  @Override
  public void forward(CudaPass pass) {
    int rows = pass.rows();
    weights.pack(pass);
    Struct steps =
        new Struct()
            .pointer(weights.forward())
            .pointer(stateBias())
            .pointer(walk.sums(0, rows))
            .pointer(pass.training() ? b : 0)
            .pointer(walk.after(0, rows))
            .integer(walk.stride())
            .integer(rows)
            .integer(walk.units())
            .integer(walk.positions());
    pass.calls()
        .walk(
            "gru_walk_forward_" + tiles.tile(),
            rows,
            tiles.addedForward(),
            new Arguments().struct(steps));
  }

  @Override
  public void backward(CudaPass pass) {
    int rows = pass.rows();
    Struct steps =
        new Struct()
            .pointer(weights.back())
            .pointer(walk.outputGradients())
            .pointer(walk.before(0, rows))
            .pointer(walk.sums(0, rows))
            .pointer(b)
            .pointer(walk.gradients(0, rows))
            .pointer(gradients.byStates(0, rows))
            .integer(walk.sequences() ? 1 : 0)
            .integer(walk.stride())
            .integer(rows)
            .integer(walk.units())
            .integer(walk.positions());
    pass.calls()
        .walk(
            "gru_walk_backward_" + tiles.tile(),
            rows,
            tiles.addedBack(),
            new Arguments().struct(steps));
  }

  @Override
  public void weightGradients(CudaPass pass) {
    gradients.launch(pass);
  }
}
