package dev.lanewise.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.util.MLWriter;

/** Saves a model in one step, where Spark's own writers remove what was there first. */
final class ModelWriter extends MLWriter {
  private final LanewiseModel model;

  ModelWriter(LanewiseModel model) {
    this.model = model;
  }

  @Override
  public void save(String path) throws IOException {
    ModelFolder.at(path, configuration()).save(content(), shouldOverwrite());
  }

  @Override
  public void saveImpl(String path) {
    try {
      ModelFolder.at(path, configuration()).write(content());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Configuration configuration() {
    return sc().hadoopConfiguration();
  }

  private ModelFolder.Content content() {
    return ModelMetadata.of(model, sc().version());
  }
}
