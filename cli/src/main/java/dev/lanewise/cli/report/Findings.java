package dev.lanewise.cli.report;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.train.Model;
import java.util.Map;

/**
 * What a model's answers to the test set show: those parts of a report that depend on whether it
 * tells classes or numbers.
 */
sealed interface Findings permits ClassFindings, LabelFindings, NumberFindings, SeveralFindings {
  /** Asks a model. */
  static Findings of(Model model, Dataset test) {
    if (model.spec().outputs().size() > 1) {
      return new SeveralFindings();
    }
    if (model.spec().loss() instanceof Ctc) {
      return LabelFindings.of(model, test);
    }
    return Answers.areClasses(model.spec(), test)
        ? new ClassFindings(Answers.of(model, test))
        : new NumberFindings(Predictions.of(model, test));
  }

  /** Returns what belongs beside the test set's loss and metrics, by name. */
  Map<String, String> figures();

  /** Adds sections of the page. */
  void appendTo(StringBuilder page);

  /** Returns what a sample's target is, in a word. */
  String target(Dataset data, int sample);
}
