package dev.lanewise.engine.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * {@code dev.lanewise.Predict}: one call of a predictor or of a model. A recording has those from
 * 20 ms on unless it sets another threshold. Steps of streams are too short to be events.
 */
@Name("dev.lanewise.Predict")
@Label("Predict")
@Category("Lanewise")
@Description("One call of a predictor or of a model")
@StackTrace(false)
@Threshold("20 ms")
public final class PredictEvent extends Event {
  PredictEvent() {}

  /** The samples of the call. */
  @Label("Samples")
  public int samples;
}
