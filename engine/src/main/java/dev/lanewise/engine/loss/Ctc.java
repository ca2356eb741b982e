package dev.lanewise.engine.loss;

/**
 * Connectionist temporal classification: -ln of the probability that a sequence of logits spells a
 * shorter one of labels, over all ways to spread those over the steps with blanks, class 0, between
 * them (Graves et al. 2006, "Connectionist temporal classification: labelling unsegmented sequence
 * data with recurrent neural networks", equations 1 to 16). Outputs are logits [steps, classes];
 * targets are class indices of any number up to the steps, filled with 0 behind. No metric looks at
 * it, since metrics go step by step.
 */
public record Ctc() implements Loss {
  /** The class between labels, and what shorter targets are filled with. */
  public static final int BLANK = 0;

  @Override
  public String kerasName() {
    return "ctc";
  }
}
