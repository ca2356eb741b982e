package dev.lanewise.engine.data;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * IDX files as they are, raw or gzipped: images, or labels where the magic number says so. Raw ones
 * that are refused are tried with as many bytes as their header claims, too.
 */
public final class IdxTarget {
  /** Buffers, and what deflate may unpack to, once in chunks and once whole. */
  public static final FuzzTarget<IdxFile> TARGET =
      new FuzzTarget<>(
          "idx",
          file -> readSized(file),
          List.of(FormatException.class),
          1 << 20,
          3 * 1032,
          file -> file.sizes().length == 3 && file.sizes()[1] == 5 && file.sizes()[2] == 7);

  private static final int MOST_SIZE = 1 << 12;
  private static final long MOST_BYTES = 1 << 12;

  private IdxTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, IdxTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static IdxFile readSized(byte[] file) throws IOException {
    try {
      return read(file);
    } catch (FormatException e) {
      return read(sized(file));
    }
  }

  /** Returns a raw file with as many bytes as its header claims, if it claims few. */
  static byte[] sized(byte[] file) {
    int rank = file.length > 3 && file[3] == 1 ? 1 : 3;
    int header = 4 + 4 * rank;
    if (file.length < header || file[0] != 0) {
      return file;
    }
    long count = 1;
    for (int at = 4; at < header; at += 4) {
      int size = ByteBuffer.wrap(file).getInt(at);
      count = size < 1 || size > MOST_SIZE ? Integer.MAX_VALUE : Math.min(count * size, MOST_BYTES);
      if (count >= MOST_BYTES) {
        return file;
      }
    }
    return Arrays.copyOf(file, header + (int) count);
  }

  static IdxFile read(byte[] file) throws IOException {
    boolean known = IdxFile.isOne(file);
    boolean labels = file.length > 3 && file[3] == 1;
    IdxFile read =
        IdxFile.read(
            new ByteArrayInputStream(file),
            file.length,
            "some.idx",
            labels ? 1 : 3,
            labels ? "labels" : "images");
    if (!known) {
      throw new AssertionError("a file is read that is not known as one");
    }
    return read;
  }
}
