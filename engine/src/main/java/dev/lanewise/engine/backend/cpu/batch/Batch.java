package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.data.Dataset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The batch at hand: which samples it has, and in what order they are worked on. Where samples have
 * steps that nothing is computed for, a blank lead or masked steps, those with about as many are
 * put together, the longest work first, so that a shard's rows share theirs. What is reported keeps
 * the order in which the samples came.
 */
public final class Batch {
  private final IdleSteps[] counts;
  private final int[] ofOutput;
  private final boolean areLeads;
  private final int[] samples;
  private final int[] places;
  private final int[] idles;
  private final int[] unsorted;
  private final int[] starts;
  private @Nullable Dataset data;
  private StepWindow window = StepWindow.WHOLE;
  private boolean judgedWhole;
  private int size;
  private int wholeSize;
  private final long[] wholeIdles;

  /**
   * Makes room.
   *
   * @param mostSamples the samples of the largest batch
   * @param idle what counts steps that are passed over
   */
  public Batch(int mostSamples, IdleCounts idle) {
    counts = idle.counts().toArray(IdleSteps[]::new);
    ofOutput = idle.ofOutput().stream().mapToInt(Integer::intValue).toArray();
    areLeads = counts.length > 0 && counts[0].areLeads();
    wholeIdles = new long[counts.length];
    samples = new int[mostSamples];
    places = new int[mostSamples];
    idles = new int[mostSamples];
    unsorted = new int[mostSamples];
    starts = new int[counts.length == 0 ? 0 : counts[0].most() + 2];
  }

  /**
   * Takes a part of samples {@code order[from]} to {@code order[from + count - 1]}, which their
   * loss is a mean over.
   *
   * @param known the idle steps of all samples of {@code source}, or null if they are not known
   */
  public void take(
      Dataset source,
      int @Nullable [][] known,
      int[] order,
      int from,
      int count,
      StepWindow steps) {
    data = source;
    window = steps;
    judgedWhole = false;
    size = count;
    wholeSize = count;
    Arrays.fill(wholeIdles, 0);
    if (counts.length == 0) {
      for (int i = 0; i < count; i++) {
        samples[i] = order[from + i];
        places[i] = i;
      }
    } else {
      for (int c = counts.length - 1; c >= 0; c--) { // the first, by which they are sorted, last
        for (int i = 0; i < count; i++) {
          int sample = order[from + i];
          unsorted[i] = known == null ? counts[c].of(source, sample, steps) : known[c][sample];
          wholeIdles[c] += unsorted[i];
        }
      }
      sortByIdle(order, from, count);
    }
  }

  /** A counting sort, which keeps the order of equals: the result is a function of the batch. */
  private void sortByIdle(int[] order, int from, int count) {
    Arrays.fill(starts, 0);
    for (int i = 0; i < count; i++) {
      starts[unsorted[i] + 1]++;
    }
    for (int i = 1; i < starts.length; i++) {
      starts[i] += starts[i - 1];
    }
    for (int i = 0; i < count; i++) {
      int row = starts[unsorted[i]]++;
      samples[row] = order[from + i];
      places[row] = i;
      idles[row] = unsorted[i];
    }
  }

  /**
   * Takes at most {@code most} samples from {@code order[from]} on, none beyond the batch of {@code
   * whole} samples that they are a part of, and whose steps their loss is a mean over: all of them,
   * whichever are {@link #enter}ed.
   */
  public void takePart(Dataset source, int[] order, int from, int most, int whole) {
    int begin = from - from % whole;
    int count = Math.min(whole, order.length - begin);
    take(source, null, order, from, Math.min(most, begin + count - from), StepWindow.WHOLE);
    judgedWhole = true;
    if (size < count) {
      wholeSize = count;
      Arrays.fill(wholeIdles, 0);
      for (int c = 0; c < counts.length; c++) {
        for (int i = begin; i < begin + count; i++) {
          wholeIdles[c] += counts[c].of(source, order[i], window);
        }
      }
    }
  }

  /** Goes on to a part of the same samples, the next of the sequences that are judged whole. */
  public void enter(StepWindow steps) {
    window = steps;
  }

  /** Returns the part of the samples that is at hand. */
  public StepWindow window() {
    return window;
  }

  /**
   * Returns how many positions of an output a sample's loss is a mean over.
   *
   * @param positions those at hand
   */
  public int judgedPositions(int positions) {
    return judgedWhole ? window.whole(positions) : positions;
  }

  /** Returns how many steps of what the loss is a mean over have gone before. */
  public int judgedBefore() {
    return judgedWhole ? window.first() : 0;
  }

  /** Returns the samples of the whole batch that this is, or is a part of. */
  public int wholeSize() {
    return wholeSize;
  }

  /** Returns how many steps of one of the outputs are masked in the whole batch. */
  public long wholeMasked(int output) {
    int count = ofOutput[output];
    return count == IdleCounts.NONE ? 0 : wholeIdles[count];
  }

  public Dataset data() {
    if (data == null) {
      throw new IllegalStateException("no batch has been taken");
    }
    return data;
  }

  public int size() {
    return size;
  }

  /** Returns the sample that is worked on as row {@code row}. */
  public int sample(int row) {
    return samples[row];
  }

  /** Returns where in the batch, as it came, row {@code row} was. */
  public int place(int row) {
    return places[row];
  }

  /** Returns how many steps are blank at the beginning of row {@code row} and all behind it. */
  int lead(int row) {
    return areLeads ? idles[row] : 0;
  }
}
