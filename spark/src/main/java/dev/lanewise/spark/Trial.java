package dev.lanewise.spark;

import dev.lanewise.engine.train.History;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a setting.
 *
 * @param number its place among the settings, from 0
 * @param setting numbers by name
 * @param history what was reported, epoch by epoch
 * @param weightsSha256 the digest of the weights after the last of its epochs, empty if it failed
 * @param failure why the fit was given up, absent if it was not: a loss that is no number, or a
 *     model that cannot be
 */
@SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
public record Trial(
    int number,
    Map<String, Double> setting,
    History history,
    String weightsSha256,
    @Nullable String failure) {
  /** Makes the setting unmodifiable. */
  public Trial {
    setting = Collections.unmodifiableMap(new LinkedHashMap<>(setting));
  }

  /** {@return how many epochs it was trained} */
  public int epochs() {
    return history.epoch().size();
  }

  /**
   * {@return a value after the last epoch}
   *
   * @param name as in a history, such as {@code val_loss}
   * @throws IllegalArgumentException if none of that name is reported
   */
  public double last(String name) {
    Double value = epochs() == 0 ? null : history.logs(epochs() - 1).get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "search: trial "
              + number
              + " reports no "
              + name
              + "; it reports "
              + history.history().keySet());
    }
    return value;
  }
}
