package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.data.Dataset;
import java.util.List;

/**
 * What counts the steps of samples that nothing need be computed for. Samples are put together by
 * the first; the loss of each output divides by what is left of those that its own mask masks.
 *
 * @param counts what counts, each once
 * @param ofOutput which of them counts the masked steps of each output, {@link #NONE} where its
 *     mask masks none
 */
public record IdleCounts(List<IdleSteps> counts, List<Integer> ofOutput) {
  /** Stands for no mask. */
  public static final int NONE = -1;

  /** Makes the lists unmodifiable. */
  public IdleCounts {
    counts = List.copyOf(counts);
    ofOutput = List.copyOf(ofOutput);
  }

  /** Returns those of each sample of a data set, one array for each that counts. */
  public int[][] ofAll(Dataset data) {
    return counts.stream().map(idle -> idle.ofAll(data)).toArray(int[][]::new);
  }
}
