package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.metric.Selection;

/**
 * A selection at work.
 *
 * @param largest how many of the largest outputs are what they are, 0 if all are
 * @param only the unit that is looked at, -1 if all are
 */
record RowSelection(int largest, int only) {
  static final RowSelection ALL = of(Selection.ALL);

  static RowSelection of(Selection selection) {
    Integer largest = selection.topK();
    Integer only = selection.classId();
    return new RowSelection(largest == null ? 0 : largest, only == null ? -1 : only);
  }

  int first() {
    return Math.max(0, only);
  }

  /** Returns the unit after the last. */
  int end(OutputRow row) {
    return only < 0 ? row.units() : only + 1;
  }

  /** Returns an output of a row, or what stands for one that is not among the largest. */
  double output(OutputRow row, int unit) {
    double own = row.output(unit);
    int before = 0;
    for (int c = 0; c < row.units() && before < largest; c++) {
      double other = row.output(c);
      before += other > own || (other == own && c < unit) ? 1 : 0;
    }
    return largest > 0 && before == largest ? Selection.NOT_AMONG_LARGEST : own;
  }
}
