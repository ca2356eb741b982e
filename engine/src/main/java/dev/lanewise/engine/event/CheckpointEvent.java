package dev.lanewise.engine.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** {@code dev.lanewise.Checkpoint}: a fit's state, put together and brought to the disk. */
@Name("dev.lanewise.Checkpoint")
@Label("Checkpoint")
@Category("Lanewise")
@Description("A fit's state, put together and brought to the disk")
@StackTrace(false)
public final class CheckpointEvent extends Event {
  CheckpointEvent() {}

  /** The epoch that the fit is in, from 0. */
  @Label("Epoch")
  public int epoch;

  /** The epoch's batches done. */
  @Label("Batch")
  public int batch;

  /** The bytes of the content. */
  @Label("Bytes")
  @DataAmount
  public long bytes;
}
