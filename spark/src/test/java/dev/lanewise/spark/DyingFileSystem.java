package dev.lanewise.spark;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/** The local disk as a process sees it that dies after some changes: no other is done. */
public final class DyingFileSystem extends RawLocalFileSystem {
  static int changesLeft;

  @Override
  public URI getUri() {
    return URI.create("dying:///");
  }

  @Override
  public String getScheme() {
    return "dying";
  }

  private static void change() throws IOException {
    if (changesLeft-- <= 0) {
      throw new IOException("the process is dead");
    }
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    change();
    return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    change();
    return super.rename(from, to);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    change();
    return super.delete(path, recursive);
  }
}
