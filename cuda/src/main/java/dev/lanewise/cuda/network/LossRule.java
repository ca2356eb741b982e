package dev.lanewise.cuda.network;

import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.layer.Activation;

/** What {@code struct LossRule} of loss_forms.cuh says of a form. */
final class LossRule {
  private LossRule() {}

  /** Returns the structure. */
  static Struct of(LossForm form) {
    return addTo(new Struct(), form);
  }

  /** Returns another structure with its fields behind the others. */
  static Struct addTo(Struct struct, LossForm form) {
    return switch (form) {
      case LossForm.SoftmaxCrossentropy f -> add(struct, form, 0, f.labelSmoothing(), 0);
      case LossForm.SquaredError _ -> add(struct, form, 1, 0, 0);
      case LossForm.ClippedCrossentropy f -> add(struct, form, 2, f.labelSmoothing(), 0);
      case LossForm.ClippedSparseCrossentropy _ -> add(struct, form, 3, 0, 0);
      case LossForm.SigmoidCrossentropy f -> add(struct, form, 4, f.labelSmoothing(), 0);
      case LossForm.ClippedBinaryCrossentropy f -> add(struct, form, 5, f.labelSmoothing(), 0);
      case LossForm.Divergence _ -> add(struct, form, 6, 0, 0);
      case LossForm.Cosine _ -> add(struct, form, 7, 0, 0);
      case LossForm.AbsoluteError _ -> add(struct, form, 8, 0, 0);
      case LossForm.HuberError f -> add(struct, form, 9, 0, f.delta());
      case LossForm.LogCoshError _ -> add(struct, form, 10, 0, 0);
      case LossForm.PercentageError _ -> add(struct, form, 11, 0, 0);
      case LossForm.LogarithmicError _ -> add(struct, form, 12, 0, 0);
      case LossForm.CountError _ -> add(struct, form, 13, 0, 0);
      case LossForm.Margin f -> add(struct, form, f.squared() ? 15 : 14, 0, 0);
      case LossForm.CategoricalMargin _ -> add(struct, form, 16, 0, 0);
      case LossForm.SigmoidFocal f -> add(struct, form, 17, f.focus());
      case LossForm.ClippedBinaryFocal f -> add(struct, form, 18, f.focus());
      case LossForm.SoftmaxFocal f -> add(struct, form, 19, f.focus());
      case LossForm.ClippedFocal f -> add(struct, form, 20, f.focus());
      case LossForm.SoftmaxCtc _ -> throw new IllegalArgumentException("ctc has no CUDA kernels");
    };
  }

  private static Struct add(Struct struct, LossForm form, int number, LossForm.Focus focus) {
    return common(struct, form, number, focus.labelSmoothing(), focus.gamma())
        .real(focus.yes())
        .real(focus.no());
  }

  private static Struct add(
      Struct struct, LossForm form, int number, double smoothing, double delta) {
    return common(struct, form, number, smoothing, delta).real(0).real(0);
  }

  private static Struct common(
      Struct struct, LossForm form, int number, double smoothing, double delta) {
    boolean logits = form.applied() != Activation.LINEAR && !form.takesLogits();
    return struct.integer(number).real(smoothing).real(delta).integer(logits ? 1 : 0);
  }
}
