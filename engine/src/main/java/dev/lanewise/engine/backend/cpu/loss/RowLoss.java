package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.LossForm;

/**
 * A loss of one row, the loop over rows being {@link CpuLoss}'s: plain code in double precision,
 * since a row of outputs is short.
 */
interface RowLoss {
  /**
   * Returns the loss of a row and replaces its outputs (probabilities where the loss works on
   * logits) with the loss's gradient times {@code scale}.
   */
  double of(OutputRow row, float scale);

  /** Returns the rule of a form. */
  static RowLoss of(LossForm form) {
    return switch (form) {
      case LossForm.SoftmaxCrossentropy f -> new RowCrossentropy.Softmax(f.labelSmoothing());
      case LossForm.ClippedCrossentropy f -> new RowCrossentropy.Clipped(f.labelSmoothing());
      case LossForm.ClippedSparseCrossentropy f -> new RowCrossentropy.ClippedSparse();
      case LossForm.SigmoidCrossentropy f -> new RowCrossentropy.Sigmoid(f.labelSmoothing());
      case LossForm.ClippedBinaryCrossentropy f ->
          new RowCrossentropy.ClippedBinary(f.labelSmoothing());
      case LossForm.Divergence f -> new RowCrossentropy.Divergence();
      case LossForm.Cosine f -> new RowCosine();
      case LossForm.SquaredError f -> new RowError.Squared();
      case LossForm.AbsoluteError f -> new RowError.Absolute();
      case LossForm.HuberError f -> new RowError.Huber(f.delta());
      case LossForm.LogCoshError f -> new RowError.LogCosh();
    };
  }
}
