package dev.lanewise.spark;

import dev.lanewise.engine.keras.ModelFormatException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder with a saved model, on any of Hadoop's file systems: {@code metadata/part-00000}, one
 * line of JSON as Spark ML's transformers have it, and the model as a Keras file.
 *
 * <p>A folder is written beside its place and renamed into it. One that is there already is renamed
 * out of the way just before, and removed just after: a process that dies in between leaves both,
 * under names that {@link #read} tells.
 */
final class ModelFolder {
  private static final String METADATA = "metadata";
  private static final String METADATA_FILE = "metadata/part-00000";
  private static final String MODEL_FILE = "model.keras";

  private final FileSystem files;
  private final Path folder;

  private ModelFolder(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Returns the folder at a path, which need not be there. */
  static ModelFolder at(String path, Configuration configuration) throws IOException {
    FileSystem files = new Path(path).getFileSystem(configuration);
    return new ModelFolder(files, files.makeQualified(new Path(path)));
  }

  /** What a folder holds. */
  static final class Content {
    final String metadata;
    final byte[] model;

    Content(String metadata, byte[] model) {
      this.metadata = metadata;
      this.model = model;
    }
  }

  /**
   * Puts a model in the folder's place, in one step.
   *
   * @param overwrite whether a saved model may be there, which is replaced
   * @throws IOException if it cannot be written, or the place is taken; what was there still is
   */
  void save(Content content, boolean overwrite) throws IOException {
    boolean replaces = files.exists(folder);
    if (replaces && !overwrite) {
      throw new IOException(folder + " is there already; write().overwrite() replaces it");
    }
    if (replaces && !files.exists(new Path(folder, METADATA))) {
      throw new IOException(
          folder + " is there already and no saved model, so it is not replaced; remove it first");
    }
    Path made = beside("saving");
    try {
      new ModelFolder(files, made).write(content);
      if (replaces) {
        replaceBy(made);
      } else {
        rename(made, folder);
      }
    } catch (IOException e) {
      removeAfter(e, made);
      throw e;
    }
  }

  private void removeAfter(IOException failure, Path made) {
    try {
      files.delete(made, true);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void replaceBy(Path made) throws IOException {
    Path old = beside("replaced");
    rename(folder, old);
    try {
      rename(made, folder);
    } catch (IOException e) {
      rename(old, folder);
      throw e;
    }
    files.delete(old, true);
  }

  private Path beside(String why) {
    String name = "." + folder.getName() + "." + why + "-" + UUID.randomUUID();
    return new Path(folder.getParent(), name);
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException(from + " cannot be renamed to " + to);
    }
  }

  /** Writes the folder where it is. */
  void write(Content content) throws IOException {
    write(MODEL_FILE, content.model);
    write(METADATA_FILE, (content.metadata + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = files.create(new Path(folder, name), false)) {
      out.write(bytes);
      out.hsync();
    }
  }

  /**
   * Reads the folder.
   *
   * @throws ModelFormatException if it or something in it is missing
   */
  Content read() throws IOException {
    if (!files.exists(folder)) {
      throw new ModelFormatException(folder + ": there is no saved model" + leftBehind());
    }
    String metadata = new String(read(METADATA_FILE), StandardCharsets.UTF_8);
    return new Content(metadata, read(MODEL_FILE));
  }

  private byte[] read(String name) throws IOException {
    return read(files, new Path(folder, name));
  }

  /**
   * Reads a file.
   *
   * @throws ModelFormatException if it is missing
   */
  static byte[] read(FileSystem files, Path file) throws IOException {
    try (FSDataInputStream in = files.open(file)) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      throw new ModelFormatException(file + ": is missing; save the model again", e);
    }
  }

  /** Returns what a save that was cut off while it replaced a model has left of it. */
  private String leftBehind() throws IOException {
    Path parent = folder.getParent();
    FileStatus[] left =
        files.exists(parent)
            ? files.globStatus(new Path(parent, "." + folder.getName() + ".replaced-*"))
            : new FileStatus[0];
    return left.length == 0
        ? ""
        : "; a save that was cut off left it as " + left[0].getPath() + ", rename that";
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
