package dev.lanewise.spark;

import dev.lanewise.engine.keras.ModelFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.ml.util.MLReader;

/** Loads what {@link ModelWriter} saves. */
final class ModelReader extends MLReader<LanewiseModel> {
  /**
   * Loads a model.
   *
   * @throws ModelFormatException if it is missing, damaged, or of a later version
   */
  @Override
  public LanewiseModel load(String path) {
    try {
      ModelFolder folder = ModelFolder.at(path, sc().hadoopConfiguration());
      ModelFolder.Content content = folder.read();
      try {
        return ModelMetadata.read(content);
      } catch (IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
        throw new ModelFormatException(folder + ": the metadata is damaged: " + e.getMessage(), e);
      } catch (ModelFormatException e) {
        throw new ModelFormatException(folder + ": " + e.getMessage(), e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
