package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.StepMask;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The masks of the values that a run reads that makes one of several, and what they become. */
final class MergedMasks {
  private final @Nullable StepMask[] masks;
  private final int[] positions;

  /** Looks at what other runs have. */
  MergedMasks(List<LayerRun> below) {
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

  boolean all() {
    return Arrays.stream(masks).allMatch(Objects::nonNull);
  }

  /** Returns whether an input's row counts at a position, of one that is repeated at its only. */
  boolean uses(int input, int position, int row) {
    StepMask mask = masks[input];
    return mask == null || mask.uses(positions[input] == 1 ? 0 : position, row);
  }

  /** Sets a mask that counts what counts in any of the inputs, all of which are masked. */
  void unite(StepMask united, int rows) {
    united.begin(rows);
    for (StepMask mask : masks) {
      if (mask != null) {
        united.use(0, mask);
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
