package dev.lanewise.engine.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What masks become where several values meet, which Keras 3 has changed. */
public enum MaskRule {
  /**
   * Keras 3's: a step counts that counts in any of the values, and all do if one is unmasked. What
   * is masked is no factor, and no largest or smallest.
   */
  KERAS_3,
  /**
   * That of Keras 1 and 2: a step counts that counts in all of the values that are masked. Elements
   * are made of all, masked or not. No file of Keras 3 can say so, so that one says it by a key
   * that only Lanewise reads.
   */
  KERAS_2;

  /**
   * {@return what counts of a sequence of several values, absent where all steps do}
   *
   * @param masks one of each value, absent where all its steps count
   */
  @SuppressWarnings("exports") // of @Nullable
  public @Nullable Mask of(List<@Nullable Mask> masks) {
    return switch (this) {
      case KERAS_3 -> Mask.either(masks);
      case KERAS_2 -> Mask.all(masks);
    };
  }
}
