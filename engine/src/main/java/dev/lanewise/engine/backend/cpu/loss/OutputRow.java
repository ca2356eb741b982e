package dev.lanewise.engine.backend.cpu.loss;

/** One row of outputs, those of one step of a sample, beside its targets. */
interface OutputRow {
  int units();

  /** Returns which of the sample's steps it is, 0 for models without sequence output. */
  int position();

  /** Returns what the last layer gave: sums, where it leaves its activation to the loss. */
  double sum(int unit);

  /** Returns an output as the user sees it; while the loss is computed, what that applies to it. */
  double output(int unit);

  /** Returns the largest sum, where there is a softmax. */
  double softmaxMaximum();

  /** Returns the softmax's sum of e^(sum - maximum). */
  double softmaxSum();

  /** Returns an output's target: a label is one-hot, with a single unit the number itself. */
  double target(int unit);

  /** Returns the target of one class of several; of a single one too. */
  double classTarget(int unit);

  /** Returns the target's class: the label, or the first largest of float targets. */
  int targetClass();

  /** Returns by how much the row counts, 1 unless the data have weights. */
  double weight();
}
