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
  private final @Nullable IdleSteps idle;
  private final int[] samples;
  private final int[] places;
  private final int[] idles;
  private final int[] unsorted;
  private final int[] starts;
  private @Nullable Dataset data;
  private int size;
  private int wholeSize;
  private long wholeIdle;

  /**
   * Makes room.
   *
   * @param mostSamples the samples of the largest batch
   * @param idle what counts steps that are passed over, absent where none are
   */
  public Batch(int mostSamples, @Nullable IdleSteps idle) {
    this.idle = idle;
    samples = new int[mostSamples];
    places = new int[mostSamples];
    idles = new int[mostSamples];
    unsorted = new int[mostSamples];
    starts = new int[idle == null ? 0 : idle.most() + 2];
  }

  /**
   * Takes samples {@code order[from]} to {@code order[from + count - 1]}.
   *
   * @param known the idle steps of all samples of {@code source}, or null if they are not known
   */
  public void take(Dataset source, int @Nullable [] known, int[] order, int from, int count) {
    data = source;
    size = count;
    wholeSize = count;
    wholeIdle = 0;
    if (idle == null) {
      for (int i = 0; i < count; i++) {
        samples[i] = order[from + i];
        places[i] = i;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int sample = order[from + i];
        unsorted[i] = known == null ? idle.of(source, sample) : known[sample];
        wholeIdle += unsorted[i];
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
   * whole} samples that they are a part of, and whose steps their loss is a mean over.
   */
  public void takePart(Dataset source, int[] order, int from, int most, int whole) {
    int begin = from - from % whole;
    int count = Math.min(whole, order.length - begin);
    take(source, null, order, from, Math.min(most, begin + count - from));
    if (size < count) {
      wholeSize = count;
      wholeIdle = 0;
      for (int i = begin; idle != null && i < begin + count; i++) {
        wholeIdle += idle.of(source, order[i]);
      }
    }
  }

  /** Returns the samples of the whole batch that this is, or is a part of. */
  public int wholeSize() {
    return wholeSize;
  }

  /** Returns how many steps of the whole batch are idle. */
  public long wholeIdle() {
    return wholeIdle;
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
    return idle != null && idle.areLeads() ? idles[row] : 0;
  }
}
