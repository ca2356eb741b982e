package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.WeightGradient;

/**
 * The gradients of a GRU with reset after, whose sums of inputs and of states have gradients that
 * differ in the third, and so has each its own product.
 */
final class GruGradients {
  private final Walk walk;
  private final long byStates;
  private final WeightGradient weightGradient;

  GruGradients(Walk walk) {
    this.walk = walk;
    byStates =
        walk.memory()
            .trainingFloats("gradients by the states' sums", walk.positions(), walk.width());
    weightGradient = walk.weightGradient(2);
  }

  /** Returns the address of the gradients by the states' sums of step t, [rows][width]. */
  long byStates(int t, int rows) {
    return Walk.step(byStates, t, rows, walk.width());
  }

  /** Launches the gradients of the weights, after all steps. */
  void launch(CudaPass pass) {
    int all = pass.rows(walk.positions());
    int width = walk.width();
    int bias = walk.stride(); // rows of the kernels, behind which the two biases lie
    GateDrops drops = walk.drops(pass);
    if (drops != null) {
      for (int gate = 0; gate < walk.gates(); gate++) {
        int features = walk.features();
        long inputs = walk.gradients(0, pass.rows());
        drops.weightGradient(pass, weightGradient, gate, 0, features, inputs, bias);
        drops.weightGradient(
            pass, weightGradient, gate, features, walk.units(), byStates, bias + 1);
      }
      weightGradient.sum(pass.calls(), all);
      return;
    }
    Signal byInputs = new Signal(walk.gradients(0, pass.rows()), width);
    Signal states = new Signal(byStates, width);
    weightGradient.product(
        pass.calls(), walk.steps(), walk.features(), byInputs, width, 0, bias, all);
    weightGradient.product(
        pass.calls(),
        walk.states(),
        walk.units(),
        states,
        width,
        walk.features() * width,
        bias + 1,
        all);
    weightGradient.sum(pass.calls(), all);
  }
}
