package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/** Steps that were multiplied by as they are. */
final class StepsFactor implements Factor {
  private final Steps steps;
  private final List<WeightColumns> columns;
  private Matrix[] groups = {};

  StepsFactor(Steps steps, List<WeightColumns> columns) {
    this.steps = steps;
    this.columns = columns;
  }

  @Override
  public List<WeightColumns> columns() {
    return columns;
  }

  @Override
  public void layOut(StepGroups by) {
    groups = new Matrix[by.count()];
    for (int g = 0; g < groups.length; g++) {
      groups[g] = steps.joined(by.last(g), by.tall(g));
    }
  }

  @Override
  public Matrix ofGroup(int group) {
    return groups[group];
  }

  @Override
  public Matrix ofStep(int t, int first, int count) {
    return steps.joined(t);
  }

  @Override
  public void clear(int t, int first, int count) {
    steps.clear(t, first, count);
  }
}
