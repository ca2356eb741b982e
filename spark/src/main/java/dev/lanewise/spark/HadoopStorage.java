package dev.lanewise.spark;

import dev.lanewise.engine.checkpoint.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A folder of one of Hadoop's file systems: HDFS, or an object store, where a file is there when it
 * is closed and a rename is a copy. Of a path the name alone counts, all files being in the one
 * folder.
 *
 * <p>A rename over a file that is there removes that one first. Two generations allow for it: what
 * is replaced is the previous one, while the newest is whole.
 */
final class HadoopStorage implements Storage {
  /** No save takes as long; whatever is older was left by a task that is gone. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final FileSystem files;
  private final org.apache.hadoop.fs.Path folder;

  HadoopStorage(FileSystem files, org.apache.hadoop.fs.Path folder) {
    this.files = files;
    this.folder = folder;
  }

  private org.apache.hadoop.fs.Path place(Path file) {
    return new org.apache.hadoop.fs.Path(folder, file.getFileName().toString());
  }

  @Override
  public void createFolder(Path any) throws IOException {
    makeFolder(any);
  }

  @Override
  public boolean isFolder(Path any) {
    try {
      return files.getFileStatus(folder).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void makeFolder(Path any) throws IOException {
    if (!files.mkdirs(folder)) {
      throw new IOException("the folder cannot be made");
    }
  }

  @Override
  public Output create(Path file) throws IOException {
    try {
      return new Written(files.create(place(file), false));
    } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
      FileAlreadyExistsException taken = new FileAlreadyExistsException(file.toString());
      taken.initCause(e);
      throw taken;
    }
  }

  @Override
  public Path behindLink(Path target) {
    return target;
  }

  @Override
  public byte[] read(Path file) throws IOException {
    FileStatus status = files.getFileStatus(place(file));
    if (!status.isFile()) {
      throw new IOException("expected a file, found a folder");
    }
    if (status.getLen() > Integer.MAX_VALUE - 8) {
      throw new IOException("has " + status.getLen() + " bytes, at most 2 GiB are read");
    }
    byte[] content = new byte[(int) status.getLen()];
    try (FSDataInputStream in = files.open(place(file))) {
      in.readFully(0, content);
    }
    return content;
  }

  @Override
  public boolean exists(Path file) {
    try {
      return files.exists(place(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    files.delete(place(to), false);
    if (!files.rename(place(from), place(to))) {
      throw new IOException(from.getFileName() + " cannot be renamed to " + to.getFileName());
    }
  }

  /** These file systems have no names in a buffer. */
  @Override
  public void forceFolder(Path any) {}

  @Override
  public void delete(Path file) throws IOException {
    files.delete(place(file), false);
  }

  @Override
  public boolean deleteAbandoned(Path file) throws IOException {
    long age = System.currentTimeMillis() - files.getFileStatus(place(file)).getModificationTime();
    return age > ABANDONED.toMillis() && files.delete(place(file), false);
  }

  @Override
  public List<Path> list(Path any) throws IOException {
    List<Path> names = new ArrayList<>();
    try {
      for (FileStatus each : files.listStatus(folder)) {
        names.add(any.resolve(each.getPath().getName()));
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    names.sort(null);
    return names;
  }

  /** A file that is closed when it is forced: an object store has none before. */
  private static final class Written implements Output {
    private final FSDataOutputStream out;

    Written(FSDataOutputStream out) {
      this.out = out;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      bytes.position(bytes.limit());
    }

    @Override
    public void force() throws IOException {
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
      out.close();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
