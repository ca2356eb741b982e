package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.layer.MaskRule;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The masks of the values that a run reads that makes one of several, and what they become. */
final class MergedMasks {
  private final MaskRule rule;
  private final @Nullable StepMask[] masks;
  private final int[] positions;

  /** Looks at what other runs have. */
  MergedMasks(MaskRule rule, List<LayerRun> below) {
    this.rule = rule;
    masks = below.stream().map(LayerRun::mask).toArray(StepMask[]::new);
    positions = below.stream().mapToInt(run -> run.outputs().length).toArray();
  }

  /** Returns whether an input is masked. */
  boolean masks(int input) {
    return masks[input] != null;
  }

  boolean any() {
    return Arrays.stream(masks).anyMatch(Objects::nonNull);
  }

  /** Returns whether what they become is masked, where they meet step by step. */
  boolean meet() {
    return switch (rule) {
      case KERAS_3 -> Arrays.stream(masks).allMatch(Objects::nonNull);
      case KERAS_2 -> any();
    };
  }

  /** Returns whether an input's row counts at a position, of one that is repeated at its only. */
  boolean uses(int input, int position, int row) {
    StepMask mask = masks[input];
    return mask == null || mask.uses(positions[input] == 1 ? 0 : position, row);
  }

  /** Sets the mask that they become where they meet step by step. */
  void unite(StepMask united, int rows) {
    united.begin(rows);
    boolean begun = false;
    for (StepMask mask : masks) {
      if (mask != null && begun && rule == MaskRule.KERAS_2) {
        united.keep(mask);
      } else if (mask != null) {
        united.use(0, mask);
        begun = true;
      }
    }
  }

  /** Sets the mask of the inputs one after another. */
  void join(StepMask joined, int rows) {
    joined.begin(rows);
    int from = 0;
    for (int i = 0; i < masks.length; i++) {
      StepMask mask = masks[i];
      if (mask != null) {
        joined.use(from, mask);
      }
      for (int t = 0; mask == null && t < positions[i]; t++) {
        joined.useAll(from + t);
      }
      from += positions[i];
    }
  }
}
