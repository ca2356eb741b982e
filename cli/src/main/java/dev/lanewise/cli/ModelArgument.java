package dev.lanewise.cli;

import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The model file that a command works on. */
final class ModelArgument {
  @Parameters(index = "0", paramLabel = "MODEL", description = "a .keras file, or a legacy .h5")
  Path file = Path.of("");

  /** Reads it. */
  SavedModel read() {
    return KerasFile.read(file);
  }
}
