package dev.lanewise.engine.event;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Begins events for a recording of JDK Flight Recorder, where one wants them. Each method returns
 * an event that has begun, or null: while nobody records, nothing is made and no clock is read, and
 * where module {@code jdk.jfr} is not there, no class of it is looked for.
 *
 * <p>Whoever has got an event sets its fields and ends it by {@code commit}. All names begin with
 * {@code dev.lanewise}, the category is Lanewise.
 */
public final class Events {
  private static final boolean THERE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private Events() {}

  /** Returns the event of an epoch that begins. */
  public static @Nullable EpochEvent epoch() {
    return isRecorded() ? WantedEvents.epoch() : null;
  }

  /** Returns the event of batches that are about to be trained on. */
  public static @Nullable BatchEvent batch() {
    return isRecorded() ? WantedEvents.batch() : null;
  }

  /** Returns the event of samples that are about to be answered. */
  public static @Nullable PredictEvent predict() {
    return isRecorded() ? WantedEvents.predict() : null;
  }

  /** Returns the event of a checkpoint that is about to be written. */
  public static @Nullable CheckpointEvent checkpoint() {
    return isRecorded() ? WantedEvents.checkpoint() : null;
  }

  /** Returns the event of a plan that is about to be made. */
  public static @Nullable PlanEvent plan() {
    return isRecorded() ? WantedEvents.plan() : null;
  }

  /** Asking costs a field's read; the recorder itself is started by whoever records. */
  private static boolean isRecorded() {
    return THERE && FlightRecorder.isInitialized();
  }
}
