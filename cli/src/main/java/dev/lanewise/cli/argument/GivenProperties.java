package dev.lanewise.cli.argument;

import dev.lanewise.engine.property.JvmProperties;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The properties that the JVM was started with: one that is misspelt would do nothing, unseen. */
public final class GivenProperties {
  private static final String OURS = "lanewise.";
  private static final String RELAUNCH = "lanewise.relaunch";

  /** Read by the optional backend, which this program sees at run time alone. */
  private static final List<String> CUDA = List.of("lanewise.cuda.path", "lanewise.cuda.ptx");

  /** What the launcher is told by the user, and what it tells its child. */
  private static final List<String> LAUNCHER =
      List.of(RELAUNCH, "lanewise.relaunched", "lanewise.elapsed");

  private GivenProperties() {}

  /** Returns what is wrong with them, in one line, or null. */
  public static @Nullable String problem() {
    Set<String> given = new TreeSet<>(System.getProperties().stringPropertyNames());
    for (String name : given) {
      if (name.startsWith(OURS)
          && !CUDA.contains(name)
          && !LAUNCHER.contains(name)
          && !JvmProperties.NAMES.contains(name)) {
        return "-D"
            + name
            + " means nothing here; the properties are "
            + String.join(", ", JvmProperties.NAMES)
            + " and "
            + RELAUNCH;
      }
    }
    String relaunch = System.getProperty(RELAUNCH);
    if (relaunch != null && !relaunch.equals("never")) {
      return RELAUNCH + " must be never, found " + relaunch;
    }
    try {
      JvmProperties.get();
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }
}
