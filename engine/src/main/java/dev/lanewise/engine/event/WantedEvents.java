package dev.lanewise.engine.event;

import jdk.jfr.Event;
import jdk.jfr.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events that a running recording wants. A class apart, since whoever verifies it looks
 * for the recorder's classes, and these need not be there; and the types are asked, since an event
 * that is asked is an object already, at every answer of a predictor that allocates nothing.
 */
final class WantedEvents {
  private static final EventType EPOCH = EventType.getEventType(EpochEvent.class);
  private static final EventType BATCH = EventType.getEventType(BatchEvent.class);
  private static final EventType PREDICT = EventType.getEventType(PredictEvent.class);
  private static final EventType CHECKPOINT = EventType.getEventType(CheckpointEvent.class);
  private static final EventType PLAN = EventType.getEventType(PlanEvent.class);

  private WantedEvents() {}

  static @Nullable EpochEvent epoch() {
    return EPOCH.isEnabled() ? begun(new EpochEvent()) : null;
  }

  static @Nullable BatchEvent batch() {
    return BATCH.isEnabled() ? begun(new BatchEvent()) : null;
  }

  static @Nullable PredictEvent predict() {
    return PREDICT.isEnabled() ? begun(new PredictEvent()) : null;
  }

  static @Nullable CheckpointEvent checkpoint() {
    return CHECKPOINT.isEnabled() ? begun(new CheckpointEvent()) : null;
  }

  static @Nullable PlanEvent plan() {
    return PLAN.isEnabled() ? begun(new PlanEvent()) : null;
  }

  private static <E extends Event> E begun(E event) {
    event.begin();
    return event;
  }
}
