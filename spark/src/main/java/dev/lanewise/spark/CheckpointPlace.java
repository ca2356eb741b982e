package dev.lanewise.spark;

import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.DamagedFileException;
import dev.lanewise.engine.checkpoint.Reason;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.train.Checkpoint;
import dev.lanewise.engine.train.TrainingState;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a fit's checkpoints are, how often there is one, and of which fit they have to be. */
final class CheckpointPlace implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointPlace.class);

  private final String path;
  private final SerializableConfiguration configuration;
  private final int everySteps;
  private final TreeMap<String, String> settings;

  /**
   * Says where.
   *
   * @param path a folder that the executors see, too; without a scheme one of the default file
   *     system
   * @param configuration Hadoop's, which goes to the executors with it
   * @param settings what the fit's result depends on
   */
  CheckpointPlace(
      String path, Configuration configuration, int everySteps, Map<String, String> settings) {
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(path);
    try { // executors have working folders of their own
      this.path = folder.getFileSystem(configuration).makeQualified(folder).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + Reason.of(e), e);
    }
    this.configuration = new SerializableConfiguration(configuration);
    this.everySteps = everySteps;
    this.settings = new TreeMap<>(settings);
  }

  int everySteps() {
    return everySteps;
  }

  /**
   * Returns where an earlier fit, or an earlier attempt at this one, has come to; null if the
   * folder has no checkpoint yet.
   *
   * @throws IllegalArgumentException naming what differs, if it is another fit's
   * @throws DamagedFileException if there are checkpoints and none is whole
   */
  @Nullable TrainingState state() {
    try {
      Stored stored = stored();
      if (!stored.holdsAny()) {
        return null;
      }
      Checkpoint.Loaded loaded = Checkpoint.load(stored.folder());
      loaded.notes().forEach(note -> LOG.warn("checkpoints in {}: {}", path, note));
      loaded.checkpoint().requireSettings(settings);
      return loaded.checkpoint().state();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          path + ": " + e.getMessage() + "; name another folder to begin anew", e);
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + Reason.of(e), e);
    }
  }

  /**
   * Saves where this fit has come to.
   *
   * @throws IllegalArgumentException if a parameter is no number
   */
  void save(TrainingState state) {
    try {
      new Checkpoint(settings, state).save(stored().folder());
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": no checkpoint is saved: " + Reason.of(e), e);
    }
  }

  /** A disk's files need care that the engine knows; others are Hadoop's. */
  private Stored stored() throws IOException {
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(path);
    FileSystem files = folder.getFileSystem(configuration.value());
    return files.getScheme().equals("file")
        ? new Stored(Storage.disk(), Path.of(folder.toUri().getPath()))
        : new Stored(new HadoopStorage(files, folder), Path.of(folder.getName()));
  }

  private record Stored(Storage storage, Path path) {
    boolean holdsAny() {
      return storage.exists(path.resolve(CheckpointFolder.NEWEST))
          || storage.exists(path.resolve(CheckpointFolder.PREVIOUS));
    }

    CheckpointFolder folder() {
      return new CheckpointFolder(storage, path);
    }
  }
}
