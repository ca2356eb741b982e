package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.PrimaryContext;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer: a walk over time that knows no cell. One product gives the inputs' part of the
 * sums of all steps; then come the steps, each a launch of its cell's or all in one, and so it is
 * on the way back.
 */
public final class CudaRecurrent implements CudaLayer {
  private final CudaSource below;
  private final Walk walk;
  private final Steps steps;
  private final boolean backwards;
  private final long reversed;
  private final @Nullable ZeroedSteps zeroed;

  private CudaRecurrent(CudaSource below, Walk walk, Steps steps, CellLayer layer) {
    this.below = below;
    this.walk = walk;
    this.steps = steps;
    backwards = layer.goBackwards();
    reversed =
        backwards && below.outputGradients() != 0
            ? walk.memory()
                .trainingFloats("gradients in reverse", walk.positions(), walk.features())
            : 0;
    boolean zeroes = walk.memory().mask() != 0 && layer.zeroOutputForMask();
    zeroed = zeroes ? new ZeroedSteps(walk) : null;
  }

  /**
   * Builds a layer.
   *
   * @param below the sequence, and behind it the states that it begins with, or none
   * @param maskBackwards whether the mask is walked from its end, be it that what the layer reads
   *     lies in the order walked
   */
  public static CudaRecurrent of(
      LayerMemory memory,
      CellLayer layer,
      Shape input,
      List<CudaSource> below,
      boolean maskBackwards) {
    List<CudaSource> given = below.subList(1, below.size());
    Walk walk = new Walk(memory, layer, input, gates(layer), !given.isEmpty(), maskBackwards);
    boolean gatesDrop = memory.training() && layer.recurrentDropout() > 0;
    boolean stepByStep = memory.mask() != 0 || walk.beginsWithStates() || gatesDrop;
    PersistentTiles tiles =
        stepByStep ? null : PersistentTiles.of(layer, PrimaryContext.sharedBytes());
    Steps steps = tiles == null ? stepByStep(walk, layer, given) : inOneLaunch(walk, layer, tiles);
    return new CudaRecurrent(below.getFirst(), walk, steps, layer);
  }

  private static Steps stepByStep(Walk walk, CellLayer layer, List<CudaSource> given) {
    CudaCell cell = cell(walk, layer);
    return new StepByStep(walk, cell, new WalkStates(walk, cell, layer.states(), given));
  }

  private static Steps inOneLaunch(Walk walk, CellLayer layer, PersistentTiles tiles) {
    return switch (layer) {
      case Lstm _ -> new PersistentLstm(walk, tiles);
      case Gru _ -> new PersistentGru(walk, tiles);
      case SimpleRnn _ -> throw new IllegalStateException("no such kernel of " + layer);
    };
  }

  private static CudaCell cell(Walk walk, CellLayer layer) {
    return switch (layer) {
      case SimpleRnn rnn -> new SimpleCell(walk, rnn);
      case Lstm lstm -> new LstmCell(walk, lstm);
      case Gru gru when gru.resetAfter() -> new GruCell(walk, gru);
      case Gru gru -> new GruResetBeforeCell(walk, gru);
    };
  }

  private static int gates(CellLayer layer) {
    return switch (layer) {
      case SimpleRnn _ -> 1;
      case Lstm _ -> 4;
      case Gru _ -> 3;
    };
  }

  @Override
  public Signal outputs(int rows) {
    return zeroed == null ? walk.outputs(rows) : zeroed.outputs();
  }

  @Override
  public long outputGradients() {
    return walk.outputGradients();
  }

  @Override
  public List<? extends CudaSource> others() {
    return steps.lastStates();
  }

  @Override
  public List<Signal> keptStates() {
    return steps.keptStates();
  }

  @Override
  public void forward(CudaPass pass) {
    int rows = pass.rows();
    Signal inputs = walk.steps();
    pass.calls()
        .feedOutputs(
            below.outputs(rows),
            inputs.address(),
            inputs.stride(),
            rows,
            walk.positions(),
            walk.features(),
            walk.units(),
            backwards);
    GateDrops drops = walk.drops(pass);
    if (drops == null) {
      pass.calls()
          .gemmForward(
              inputs,
              walk.kernel(),
              steps.inputBias(),
              new Signal(walk.sums(0, rows), walk.width()),
              pass.rows(walk.positions()),
              walk.width(),
              walk.features(),
              Activation.LINEAR);
    } else {
      drops.draw(pass);
      drops.inputSums(pass);
    }
    steps.forward(pass);
    if (zeroed != null) {
      zeroed.forward(pass);
    }
  }

  @Override
  public void backward(CudaPass pass) {
    if (zeroed != null) {
      zeroed.backward(pass);
    }
    steps.backward(pass);
    if (below.outputGradients() != 0) {
      inputGradients(pass);
    }
    steps.weightGradients(pass);
  }

  private void inputGradients(CudaPass pass) {
    KernelCalls calls = pass.calls();
    int rows = pass.rows();
    long target = backwards ? reversed : below.outputGradients();
    GateDrops drops = walk.drops(pass);
    if (drops == null) {
      calls.inputGradients(
          walk.gradients(0, rows),
          walk.kernel(),
          0,
          target,
          pass.rows(walk.positions()),
          walk.features(),
          walk.width());
    } else {
      drops.inputGradients(pass, target);
    }
    if (backwards) {
      int features = walk.features();
      Signal from = new Signal(reversed, features);
      long to = below.outputGradients();
      calls.feedOutputs(from, to, features, rows, walk.positions(), features, 0, true);
    }
  }
}
