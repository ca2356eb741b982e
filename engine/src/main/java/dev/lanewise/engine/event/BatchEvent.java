package dev.lanewise.engine.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * {@code dev.lanewise.Batch}: forward, loss, backward, update of a batch, or of as many as a device
 * was asked for at once. A recording has those from 20 ms on unless it sets another threshold.
 */
@Name("dev.lanewise.Batch")
@Label("Batch")
@Category("Lanewise")
@Description("Forward, loss, backward and update of a batch, or of those asked for at once")
@StackTrace(false)
@Threshold("20 ms")
public final class BatchEvent extends Event {
  BatchEvent() {}

  /** From 0. */
  @Label("Epoch")
  public int epoch;

  /** The first batch's number in its epoch, from 0. */
  @Label("Batch")
  public int batch;

  /** How many were asked for at once: 1 on the CPU. */
  @Label("Batches")
  public int batches;

  /** The mean loss of the first, before its update. */
  @Label("Loss")
  public double loss;
}
