package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/** What some columns of the weights were multiplied by at each step, for their gradient. */
interface Factor {
  List<WeightColumns> columns();

  /** Looks anew at the steps, which go by these groups. */
  void layOut(StepGroups groups);

  /** Returns [x | h] of all rows of a group's steps, from the last to the first. */
  Matrix ofGroup(int group);

  /** Returns [x | h] of a step, of {@code count} rows from row {@code first} on. */
  Matrix ofStep(int t, int first, int count);

  /**
   * Makes zeros of [x | h] in some rows of a step that no walk back looks at any more: whatever was
   * there, it then adds nothing.
   */
  void clear(int t, int first, int count);
}
