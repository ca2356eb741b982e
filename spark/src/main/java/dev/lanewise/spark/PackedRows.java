package dev.lanewise.spark;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A partition's rows as samples, or why one of them is none. */
final class PackedRows implements Serializable {
  private static final long serialVersionUID = 1L;

  /** In which the samples of all partitions are ordered. */
  byte[][] keys = {};

  /** The steps of the inputs that the model leaves open, as those of all other rows. */
  int[] steps = {};

  float[] features = {};
  float[] targets = {};
  @Nullable String refusal;
}
