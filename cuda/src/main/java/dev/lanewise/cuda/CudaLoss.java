package dev.lanewise.cuda;

import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.tensor.Shape;

/**
 * The loss, with the metrics beside it.
 *
 * @param rule its number in loss.cuh
 * @param takesLogits whether the last layer leaves its function to it
 * @param positions the steps of a sample's output
 * @param units the values of a step
 */
record CudaLoss(int rule, boolean takesLogits, int positions, int units) {
  static CudaLoss of(ModelSpec spec) {
    LossForm form = spec.lossForm();
    Shape output = spec.output();
    return new CudaLoss(rule(form), form.takesLogits(), output.positions(), output.size(-1));
  }

  private static int rule(LossForm form) {
    return switch (form) {
      case LossForm.SoftmaxCrossentropy _ -> 0;
      case LossForm.SquaredError _ -> 1;
      case LossForm.ClippedCrossentropy _ -> 2;
      default -> throw new IllegalStateException(form + " has passed the gate of CudaSupport");
    };
  }

  /** Leaves each sample's loss and metrics, and the gradients by the outputs. */
  void compute(CudaPass pass, CudaSource last) {
    pass.calls()
        .lossRows(
            pass.batch(),
            last.outputs(pass.rows()),
            last.outputGradients(),
            pass.rows(),
            positions,
            units,
            rule);
  }

  /** Turns the last layer's outputs into those that a user sees. */
  void finish(CudaPass pass, Signal outputs) {
    if (takesLogits) {
      pass.calls().softmaxRows(outputs.address(), outputs.address(), pass.rows(positions), units);
    }
  }
}
