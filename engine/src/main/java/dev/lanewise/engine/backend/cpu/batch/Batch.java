package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.data.Dataset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The batch at hand: which samples it has, and in what order they are worked on. Where the first
 * layer can pass over a blank lead, samples with leads of like length are put together, the
 * shortest first, so that a shard's rows share theirs. What is reported keeps the order in which
 * the samples came.
 */
public final class Batch {
  private final @Nullable BlankLead lead;
  private final int[] samples;
  private final int[] places;
  private final int[] leads;
  private final int[] unsorted;
  private final int[] starts;
  private @Nullable Dataset data;
  private int size;

  /**
   * Makes room.
   *
   * @param mostSamples the samples of the largest batch
   * @param lead what counts blank steps, absent where nobody makes use of them
   */
  public Batch(int mostSamples, @Nullable BlankLead lead) {
    this.lead = lead;
    samples = new int[mostSamples];
    places = new int[mostSamples];
    leads = new int[mostSamples];
    unsorted = new int[mostSamples];
    starts = new int[lead == null ? 0 : lead.steps() + 1];
  }

  /**
   * Takes samples {@code order[from]} to {@code order[from + count - 1]}.
   *
   * @param known the blank steps of all samples of {@code source}, or null if they are not known
   */
  public void take(Dataset source, int @Nullable [] known, int[] order, int from, int count) {
    data = source;
    size = count;
    if (lead == null) {
      for (int i = 0; i < count; i++) {
        samples[i] = order[from + i];
        places[i] = i;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int sample = order[from + i];
        unsorted[i] = known == null ? lead.of(source, sample) : known[sample];
      }
      sortByLead(order, from, count);
    }
  }

  /** A counting sort, which keeps the order of equals: the result is a function of the batch. */
  private void sortByLead(int[] order, int from, int count) {
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
      leads[row] = unsorted[i];
    }
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
    return leads[row];
  }
}
