package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Windows;
import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.backend.cpu.batch.IdleCounts;
import dev.lanewise.engine.backend.cpu.batch.StepWindow;
import dev.lanewise.engine.backend.cpu.loss.CpuLosses;
import dev.lanewise.engine.backend.cpu.team.Shards;
import dev.lanewise.engine.kernel.CheckedKernels;
import java.util.Arrays;
import java.util.List;

/**
 * The batch that a plan is at, the cut into shards, and the stretch that its window goes through:
 * written before the team begins.
 */
final class BatchAtHand {
  private static final StepWindow[] WHOLE = {StepWindow.WHOLE};

  private final Batch batch;
  private final boolean windowed;
  private final StepWindow[] windows;
  private final Stretch[] stretches; // of each window
  private Stretch stretch;
  private Shards shards = Shards.of(1);
  private int shardsOf;

  /**
   * Makes room for the batches of a plan.
   *
   * @param models what windows go through: all but the last, and the last; or whole samples
   * @param memories theirs
   * @param losses judge whole samples
   */
  BatchAtHand(
      CheckedKernels kernels,
      PlanOptions options,
      ModelSpec spec,
      List<ModelSpec> models,
      List<PlanMemory> memories,
      CpuLosses losses,
      IdleCounts idle) {
    int most = options.maximumBatch();
    windowed = options.window() > 0;
    batch = new Batch(most, idle);
    windows = windowed ? StepWindow.all(new Windows(spec, options.window())) : WHOLE;
    stretches = new Stretch[windows.length];
    for (int m = 0; m < memories.size(); m++) {
      CpuLosses own = windowed ? new CpuLosses(kernels, models.get(m), most) : losses;
      Stretch made = Stretch.of(memories.get(m), batch, own);
      Arrays.fill(stretches, m == 0 ? 0 : stretches.length - 1, stretches.length, made);
    }
    stretch = stretches[0];
    cutFor(most);
  }

  Batch batch() {
    return batch;
  }

  Shards shards() {
    return shards;
  }

  /** Returns what the window at hand goes through. */
  Stretch stretch() {
    return stretch;
  }

  /** Returns whether samples may be cut into windows, which hand states on. */
  boolean windowed() {
    return windowed;
  }

  /** Returns how many windows samples are cut into, 1 if they stay whole. */
  int windows() {
    return windows.length;
  }

  /** Goes through the stretch of a window from here on; returns the window. */
  StepWindow enter(int window) {
    stretch = stretches[window];
    return windows[window];
  }

  /** Cuts batches into shards as one of so many samples is cut. */
  void cutFor(int fullBatch) {
    if (fullBatch != shardsOf) {
      shards = Shards.of(fullBatch);
      shardsOf = fullBatch;
      stretches[0].layOut(shards.rows());
      stretches[stretches.length - 1].layOut(shards.rows());
    }
  }
}
