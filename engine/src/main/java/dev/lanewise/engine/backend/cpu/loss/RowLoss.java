package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.LossForm;

/**
 * A loss of one row, the loop over rows being {@link CpuLoss}'s: plain code in double precision,
 * since a row of outputs is short.
 */
interface RowLoss {
  /**
   * Returns the loss of a row and leaves its gradient by the outputs (by the logits where the loss
   * works on them) times {@code scale}, unit by unit: it may take the outputs' place.
   */
  double of(OutputRow row, RowGradient gradient, float scale);

  /** Returns the rule of a form, which is not one of whole sequences. */
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
      case LossForm.PercentageError f -> new RowUnits.Percentage();
      case LossForm.LogarithmicError f -> new RowUnits.Logarithmic();
      case LossForm.CountError f -> new RowUnits.Count();
      case LossForm.Margin f -> new RowUnits.Margin(f.squared());
      case LossForm.CategoricalMargin f -> new RowCategoricalMargin();
      case LossForm.SigmoidFocal f -> new RowFocal.Sigmoid(f.focus());
      case LossForm.ClippedBinaryFocal f -> new RowFocal.ClippedBinary(f.focus());
      case LossForm.SoftmaxFocal f -> new RowFocal.Softmax(f.focus());
      case LossForm.ClippedFocal f -> new RowFocal.Clipped(f.focus());
      case LossForm.SoftmaxCtc _ ->
          throw new IllegalArgumentException("ctc is of no row by itself");
    };
  }
}
