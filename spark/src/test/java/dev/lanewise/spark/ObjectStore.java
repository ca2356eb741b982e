package dev.lanewise.spark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A store of objects on this machine's disk, as a file system of Hadoop: a file is there when it is
 * closed, a rename copies and then deletes, and does not replace what is there.
 */
public final class ObjectStore extends RawLocalFileSystem {
  static final String SCHEME = "object";

  /** Registers the scheme. */
  static String setting() {
    return "fs." + SCHEME + ".impl";
  }

  @Override
  public void initialize(URI uri, Configuration configuration) throws IOException {
    super.initialize(uri, configuration);
    setConf(configuration);
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (!overwrite && exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OutputStream put =
        new OutputStream() {
          private boolean closed;

          @Override
          public void write(int value) {
            bytes.write(value);
          }

          @Override
          public void write(byte[] all, int from, int count) {
            bytes.write(all, from, count);
          }

          @Override
          public void close() throws IOException {
            if (!closed) {
              closed = true;
              try (OutputStream out = superCreate(file)) {
                bytes.writeTo(out);
              }
            }
          }
        };
    return new FSDataOutputStream(put, null);
  }

  private OutputStream superCreate(Path file) throws IOException {
    return super.create(file, true, 1 << 12, (short) 1, 1 << 20, null);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return !exists(to) && FileUtil.copy(this, from, this, to, true, getConf());
  }
}
