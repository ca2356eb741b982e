package dev.lanewise.spark;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What a task brings back to the driver. */
final class TaskReport implements Serializable {
  private static final long serialVersionUID = 1L;

  int rank;
  String digest = "";
  long steps;
  double computing;
  double exchanging;
  double applying;
  long bytesSent;
  String address = "";

  /** Which attempt of the stage this was, from 0, and the steps that were done before it began. */
  int attempt;

  long resumedAt;

  /** Why the fit was given up, which no other attempt would change. */
  @Nullable RuntimeException refusal;

  /** Of the first task alone, as the history. */
  @Nullable PackedParameters parameters;

  @Nullable PackedHistory history;
}
