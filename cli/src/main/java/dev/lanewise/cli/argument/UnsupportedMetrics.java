package dev.lanewise.cli.argument;

import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.text.Printable;
import java.nio.file.Path;

/** Metrics that a model was compiled with and that are not supported. */
public final class UnsupportedMetrics {
  private UnsupportedMetrics() {}

  /**
   * Says on stderr which they are, if there are any.
   *
   * @param consequence what becomes of them
   */
  public static void tell(SavedModel saved, Path file, String consequence) {
    SavedModel.Objective objective = saved.objective();
    if (objective != null && !objective.omitted().isEmpty()) {
      String names = String.join(", ", objective.omitted());
      System.err.println(
          "note: "
              + Printable.of(file + ": metrics not supported and " + consequence + ": " + names));
    }
  }
}
