package dev.lanewise.engine.golden;

import dev.lanewise.engine.data.IdxFolder;
import java.nio.file.Path;

/** The digits that the application bundles. */
public final class Mnist {
  /** The folder of the four files, seen from this module. */
  public static final Path FOLDER = Path.of("../cli/src/main/resources/dev/lanewise/cli/mnist");

  private static final class Holder {
    static final IdxFolder DIGITS = IdxFolder.load(FOLDER);
  }

  private Mnist() {}

  /** Returns both sets, read once. */
  public static IdxFolder digits() {
    return Holder.DIGITS;
  }
}
