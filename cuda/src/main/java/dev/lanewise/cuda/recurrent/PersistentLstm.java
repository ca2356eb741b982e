package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.layer.WeightGradient;

/** The steps of an LSTM in one launch, and those back in another; see lstm_walk.cu. */
final class PersistentLstm implements Steps {
  private final Walk walk;
  private final PersistentTiles tiles;
  private final WalkWeights weights;
  private final long c;
  private final WeightGradient weightGradient;

  PersistentLstm(Walk walk, PersistentTiles tiles) {
    this.walk = walk;
    this.tiles = tiles;
    LayerMemory memory = walk.memory();
    weights = new WalkWeights(walk, tiles);
    c = memory.trainingFloats("cell states", walk.positions(), walk.units());
    weightGradient = walk.weightGradient(1);
  }

  @Override
  public long inputBias() {
    return walk.bias();
  }

  @Override
  public void forward(CudaPass pass) {
    int rows = pass.rows();
    weights.pack(pass);
    Struct steps =
        new Struct()
            .pointer(weights.forward())
            .pointer(walk.sums(0, rows))
            .pointer(pass.training() ? c : 0)
            .pointer(walk.after(0, rows))
            .integer(walk.stride())
            .integer(rows)
            .integer(walk.units())
            .integer(walk.positions());
    pass.calls()
        .walk(
            "lstm_walk_forward_" + tiles.tile(),
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
            .pointer(walk.sums(0, rows))
            .pointer(c)
            .pointer(walk.gradients(0, rows))
            .integer(walk.sequences() ? 1 : 0)
            .integer(rows)
            .integer(walk.units())
            .integer(walk.positions());
    pass.calls()
        .walk(
            "lstm_walk_backward_" + tiles.tile(),
            rows,
            tiles.addedBack(),
            new Arguments().struct(steps));
  }

  @Override
  public void weightGradients(CudaPass pass) {
    walk.weightGradients(pass, weightGradient);
  }
}
