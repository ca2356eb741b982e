package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.tensor.Matrix;
import java.util.BitSet;
import java.util.List;

/**
 * Which steps of the value the steps of a query take, of the sample and head at hand: what is left
 * of causality, of the masks of what is read, and of what a value tells. It is the same for several
 * matrices of scores, each of which is gone over by runs of steps that are not taken.
 */
final class SeenSteps {
  private final CpuHeads layer;
  private final List<StepMask> ofQuery;
  private final List<StepMask> ofValue;
  private final Matrix[] told;
  private final boolean byHead;

  /** Not masked, whichever step of the query looks. */
  private final BitSet counting;

  /** By step of the query; none where each takes all. */
  private final BitSet[] taken;

  private int row = -1;

  /**
   * Makes room.
   *
   * @param ofQuery masks of the query
   * @param ofValue masks of value and key
   * @param told tells which steps are taken, at each position of its first two sizes; empty if
   *     nothing does
   */
  SeenSteps(CpuHeads layer, List<StepMask> ofQuery, List<StepMask> ofValue, Matrix[] told) {
    this.layer = layer;
    this.ofQuery = ofQuery;
    this.ofValue = ofValue;
    this.told = told;
    byHead = told.length > 0 && layer.told[0] > 1;
    boolean all =
        !layer.layer.causal() && ofQuery.isEmpty() && ofValue.isEmpty() && told.length == 0;
    counting = new BitSet(layer.valueSteps);
    taken = new BitSet[all ? 0 : layer.querySteps];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = new BitSet(layer.valueSteps);
    }
  }

  /** Begins with other samples. */
  void begin() {
    row = -1;
  }

  /** Looks at a head of a sample. */
  void look(int sample, int head) {
    if (taken.length == 0 || (sample == row && !byHead)) {
      return;
    }
    row = sample;
    counting.clear();
    for (int j = 0; j < layer.valueSteps; j++) {
      counting.set(j, uses(ofValue, j));
    }
    for (int i = 0; i < taken.length; i++) {
      taken[i].clear();
      if (uses(ofQuery, i)) {
        enter(head, i, taken[i]);
      }
    }
  }

  private boolean uses(List<StepMask> masks, int step) {
    boolean used = true;
    for (int m = 0; m < masks.size(); m++) {
      used &= masks.get(m).uses(step, row);
    }
    return used;
  }

  private void enter(int head, int i, BitSet steps) {
    steps.or(counting);
    if (layer.layer.causal() && i + 1 < layer.valueSteps) {
      steps.clear(i + 1, layer.valueSteps);
    }
    if (told.length > 0) {
      int first = layer.told[0] == 1 ? 0 : head;
      int second = layer.told[1] == 1 ? 0 : i;
      Matrix tells = told[first * layer.told[1] + second];
      boolean alike = layer.told[2] == 1;
      for (int j = steps.nextSetBit(0); j >= 0; j = steps.nextSetBit(j + 1)) {
        steps.set(j, tells.get(row, alike ? 0 : j) != 0);
      }
    }
  }

  /** Sets what belongs to steps that are not taken. */
  void hide(Matrix x, float to) {
    for (int i = 0; i < taken.length; i++) {
      BitSet steps = taken[i];
      int end = 0;
      for (int from = steps.nextClearBit(0); from < x.columns(); from = steps.nextClearBit(end)) {
        int next = steps.nextSetBit(from);
        end = next < 0 ? x.columns() : next;
        for (int j = from; j < end; j++) {
          x.set(i, j, to);
        }
      }
    }
  }
}
