package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;

/**
 * The outputs of a walk that are zero where a step is masked, while its states stay: {@code
 * zero_output_for_mask}.
 */
final class ZeroedSteps {
  private final Walk walk;
  private final long outputs;

  /**
   * Takes the memory.
   *
   * @param walk what has a mask
   */
  ZeroedSteps(Walk walk) {
    this.walk = walk;
    outputs = walk.memory().floats("outputs without masked steps", given(), walk.units());
  }

  private int given() {
    return walk.sequences() ? walk.positions() : 1;
  }

  Signal outputs() {
    return new Signal(outputs, walk.units());
  }

  void forward(CudaPass pass) {
    zero(pass, walk.outputs(pass.rows()), outputs);
  }

  /** Clears the gradients by what was cleared. */
  void backward(CudaPass pass) {
    zero(pass, new Signal(walk.outputGradients(), walk.units()), walk.outputGradients());
  }

  private void zero(CudaPass pass, Signal from, long to) {
    int rows = pass.rows();
    boolean all = walk.sequences();
    pass.calls()
        .rows(
            "zero_masked",
            pass.rows(given()),
            new Arguments()
                .pointer(from.address())
                .integer(from.stride())
                .pointer(all ? walk.memory().mask() : walk.mask(walk.positions() - 1, rows))
                .pointer(to)
                .integer(given())
                .integer(rows)
                .integer(walk.units())
                .integer(all && walk.maskBackwards() ? 1 : 0));
  }
}
