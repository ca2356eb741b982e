package dev.lanewise.spark;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;

/** Keras files that are never files: models on their way from one process to another. */
final class KerasBytes {
  /** That of all such files, so that the same model is the same bytes. */
  private static final LocalDateTime SAVED = LocalDateTime.of(2000, 1, 1, 0, 0);

  private KerasBytes() {}

  /** Returns a model with all that it needs to learn on. */
  static byte[] of(Model model) {
    return KerasFile.bytes(SavedModel.of(model, SAVED));
  }

  /**
   * Returns a model without its optimizer's state, which no answer needs.
   *
   * @throws IllegalArgumentException if a Keras file cannot say what it is
   */
  static byte[] ofWeights(Model model) {
    Parameters weights = new Parameters(model.parameters().values(), List.of(), 0);
    byte[] file = KerasFile.bytes(SavedModel.of(model, SAVED, null, weights));
    SavedModel read = read(file);
    if (!read.graph().equals(model.spec().graph())) {
      throw new IllegalArgumentException(
          "the model cannot be sent to executors: as a Keras file it would be "
              + read.graph()
              + ", not "
              + model.spec().graph());
    }
    return file;
  }

  /**
   * Reads such a file again.
   *
   * @throws dev.lanewise.engine.keras.ModelFormatException if it is none
   */
  static SavedModel read(byte[] file) {
    try {
      Path path = Files.createTempFile("lanewise", ".keras");
      try {
        Files.write(path, file);
        return KerasFile.read(path);
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
