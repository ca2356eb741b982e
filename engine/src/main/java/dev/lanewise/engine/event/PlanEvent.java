package dev.lanewise.engine.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** {@code dev.lanewise.Plan}: a model compiled for one machine, with all its memory. */
@Name("dev.lanewise.Plan")
@Label("Plan")
@Category("Lanewise")
@Description("A model compiled for one machine, with all its memory")
@StackTrace(false)
public final class PlanEvent extends Event {
  PlanEvent() {}

  /** Whose plan it is. */
  @Label("Backend")
  public @Nullable String backend;

  /** The shapes of the model's inputs and outputs. */
  @Label("Model")
  public @Nullable String model;

  /** The elements of its parameters. */
  @Label("Parameters")
  public long parameters;

  /** The most samples of a batch. */
  @Label("Maximum Batch")
  public int maximumBatch;

  /** The bytes that it holds, off-heap or on the device. */
  @Label("Bytes")
  @DataAmount
  public long bytes;
}
