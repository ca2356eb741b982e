package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;

/**
 * Counts the time steps at a sample's beginning that are all zeros: the rows above a digit, the
 * padding before a short sequence.
 */
public final class BlankLead {
  private final int steps;
  private final int features;
  private final byte[] noBytes;
  private final float[] noFloats;

  /**
   * Makes one for samples [steps, features].
   *
   * @param input the shape of one sample
   */
  public BlankLead(Shape input) {
    steps = input.size(0);
    features = input.size(1);
    noBytes = new byte[steps * features];
    noFloats = new float[steps * features];
  }

  /** Returns the time steps of a sample. */
  int steps() {
    return steps;
  }

  /** Returns the blank steps of each sample of a data set. */
  public int[] ofAll(Dataset data) {
    int[] leads = new int[data.size()];
    for (int i = 0; i < leads.length; i++) {
      leads[i] = of(data, i);
    }
    return leads;
  }

  /** Returns the blank steps of a sample; all but the last step can be. */
  int of(Dataset data, int sample) {
    int place = data.firstSample() + sample;
    return data.hasBytes() ? of(data.byteFeatures(), place) : of(data.floatFeatures(), place);
  }

  /** Returns the blank steps of a sample of bytes. */
  public int of(byte[] values, int sample) {
    int from = sample * noBytes.length;
    return whole(Arrays.mismatch(values, from, from + noBytes.length, noBytes, 0, noBytes.length));
  }

  /** Returns the blank steps of a sample of floats, where -0 is not blank. */
  public int of(float[] values, int sample) {
    int from = sample * noFloats.length;
    return whole(
        Arrays.mismatch(values, from, from + noFloats.length, noFloats, 0, noFloats.length));
  }

  private int whole(int firstInk) {
    return firstInk < 0 ? steps - 1 : Math.min(firstInk / features, steps - 1);
  }
}
