package dev.lanewise.engine.backend;

import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalHinge;
import dev.lanewise.engine.loss.CosineSimilarity;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.Hinge;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.KlDivergence;
import dev.lanewise.engine.loss.LogCosh;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.MeanAbsoluteError;
import dev.lanewise.engine.loss.MeanAbsolutePercentageError;
import dev.lanewise.engine.loss.MeanSquaredError;
import dev.lanewise.engine.loss.MeanSquaredLogarithmicError;
import dev.lanewise.engine.loss.Poisson;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.loss.SquaredHinge;

/** What class indices may be, by the loss that takes them. */
final class LabelNumbers {
  private LabelNumbers() {}

  /**
   * Returns how many classes labels may tell apart: one an output unit. A single unit says yes or
   * no where the loss is made for that; where the loss compares numbers, a label is one.
   *
   * @param loss of the output
   * @param units of its last axis
   */
  static int mostClasses(Loss loss, int units) {
    if (units > 1) {
      return units;
    }
    return switch (loss) {
      case CategoricalCrossentropy _,
          SparseCategoricalCrossentropy _,
          CategoricalFocalCrossentropy _,
          Ctc _ ->
          1;
      case BinaryCrossentropy _, BinaryFocalCrossentropy _, KlDivergence _, CategoricalHinge _ -> 2;
      case MeanSquaredError _,
          MeanAbsoluteError _,
          MeanAbsolutePercentageError _,
          MeanSquaredLogarithmicError _,
          Poisson _,
          Hinge _,
          SquaredHinge _,
          Huber _,
          LogCosh _,
          CosineSimilarity _ ->
          Integer.MAX_VALUE;
    };
  }
}
