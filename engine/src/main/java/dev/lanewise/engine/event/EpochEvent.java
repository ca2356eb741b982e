package dev.lanewise.engine.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** {@code dev.lanewise.Epoch}: one pass over the training samples, validation included. */
@Name("dev.lanewise.Epoch")
@Label("Epoch")
@Category("Lanewise")
@Description("One pass over the training samples, validation included")
@StackTrace(false)
public final class EpochEvent extends Event {
  EpochEvent() {}

  /** From 0. */
  @Label("Epoch")
  public int epoch;

  /** All that an epoch has, those that another process has done among them. */
  @Label("Batches")
  public int batches;

  /** The samples trained on. */
  @Label("Samples")
  public int samples;

  /** The mean over the epoch's batches, each before its update. */
  @Label("Loss")
  public double loss;

  /** NaN where nothing is held out. */
  @Label("Validation Loss")
  public double validationLoss;

  /** Nanoseconds of the duration that validation took. */
  @Label("Validation")
  @Timespan
  public long validation;
}
