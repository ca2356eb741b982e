package dev.lanewise.engine.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The content of an IDX file of unsigned bytes, the format of MNIST: a magic number {@code 00 00 08
 * rank}, one big-endian size a dimension, then the bytes in row-major order. Gzipped files are
 * known by their first two bytes, not by their names.
 *
 * @param name names the file in messages
 * @param sizes the dimensions, outermost first
 * @param bytes the elements
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within this package, never compared
record IdxFile(String name, int[] sizes, byte[] bytes) {
  private static final int BUFFER = 1 << 16;
  private static final int UNSIGNED_BYTE = 0x08;
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  /** Deflate's best ratio: a header that claims more than this is a lie. */
  private static final long MOST_EXPANSION = 1032;

  /** What any file is given at once; beyond, memory grows with what is really there. */
  private static final int CHUNK = 1 << 24;

  /** Returns whether a file begins as one of these, raw or gzipped, sound or not. */
  static boolean isOne(byte[] file) {
    return file.length > 2
        && (((file[0] & 0xFF) == GZIP_FIRST && (file[1] & 0xFF) == GZIP_SECOND)
            || (file[0] == 0 && file[1] == 0 && file[2] >= UNSIGNED_BYTE));
  }

  /**
   * Images unpack to about five times their size, never less room than which is taken at once: a
   * second array to grow into is what a small heap lacks.
   */
  private static final int USUAL_EXPANSION = 6;

  /**
   * Reads a whole file.
   *
   * @param in the raw or gzipped bytes; closed by the caller
   * @param length how many bytes {@code in} has: what the header claims is held against it before
   *     anything is allocated
   * @param name names the file in messages
   * @param rank the expected number of dimensions
   * @param content what the file should hold, for messages: images or labels
   * @throws FormatException if the file is not such a file
   */
  static IdxFile read(InputStream in, long length, String name, int rank, String content)
      throws IOException {
    BufferedInputStream raw = new BufferedInputStream(in, BUFFER);
    raw.mark(2);
    boolean gzipped = raw.read() == GZIP_FIRST && raw.read() == GZIP_SECOND;
    raw.reset();
    try {
      InputStream source = gzipped ? new GZIPInputStream(raw, BUFFER) : raw;
      long most = gzipped ? length * MOST_EXPANSION : Integer.MAX_VALUE;
      int[] sizes = header(source, name, rank, content);
      long count = elementCount(sizes, name, most);
      long present = length - 4 - 4L * rank;
      if (!gzipped && count > present) {
        throw truncated(name, present, count);
      }
      long atOnce = gzipped ? Math.max(CHUNK, length * USUAL_EXPANSION) : count;
      return new IdxFile(
          name, sizes, elements(source, name, (int) count, (int) Math.min(count, atOnce)));
    } catch (ZipException e) {
      throw new FormatException(name + ": the gzip data is damaged (" + e.getMessage() + ")");
    } catch (EOFException e) {
      throw new FormatException(name + ": the gzip data ends in its header");
    }
  }

  private static int[] header(InputStream in, String name, int rank, String content)
      throws IOException {
    byte[] magic = new byte[4];
    if (in.readNBytes(magic, 0, 4) < 4) {
      throw new FormatException(
          name + ": expected an IDX file of " + content + ", it ends at once");
    }
    checkMagic(magic, name, rank, content);
    byte[] header = new byte[4 * rank];
    int found = in.readNBytes(header, 0, header.length);
    if (found < header.length) {
      throw new FormatException(name + ": ends after " + (4 + found) + " bytes, in its header");
    }
    int[] sizes = new int[rank];
    for (int i = 0; i < rank; i++) {
      sizes[i] = bigEndian(header, 4 * i);
      if (sizes[i] < 1) {
        throw new FormatException(
            name + ": size " + i + " must be at least 1, found " + sizes[i] + "; an empty set?");
      }
    }
    return sizes;
  }

  private static void checkMagic(byte[] magic, String name, int rank, String content) {
    int found = bigEndian(magic, 0);
    int expected = (UNSIGNED_BYTE << 8) | rank;
    if (found == expected) {
      return;
    }
    String start = name + ": expected an IDX file of " + content + " (magic " + expected + "), ";
    if ((magic[0] & 0xFF) == GZIP_FIRST && (magic[1] & 0xFF) == GZIP_SECOND) {
      throw new FormatException(start + "found gzip inside gzip; unpack it once");
    }
    if (magic[2] == 0 && magic[3] == 0 && (magic[0] != 0 || magic[1] != 0)) {
      throw new FormatException(start + "found little-endian order, which IDX does not have");
    }
    if (magic[0] != 0 || magic[1] != 0) {
      throw new FormatException(start + "found " + Signature.of(magic));
    }
    if (magic[2] != UNSIGNED_BYTE) {
      throw new FormatException(
          start + "found element type 0x" + Integer.toHexString(magic[2] & 0xFF) + ", not bytes");
    }
    String other = magic[3] == 1 ? "labels" : magic[3] == 3 ? "images" : "another kind";
    throw new FormatException(start + "found magic " + found + ": a file of " + other);
  }

  private static long elementCount(int[] sizes, String name, long most) {
    long count = 1;
    for (int size : sizes) {
      count = count > Integer.MAX_VALUE ? count : count * size;
    }
    if (count > most || count > Integer.MAX_VALUE - 8) {
      throw new FormatException(
          name + ": its header claims " + count + " bytes or more, it can hold at most " + most);
    }
    return count;
  }

  private static byte[] elements(InputStream in, String name, int count, int atOnce)
      throws IOException {
    byte[] bytes = new byte[atOnce];
    int found = 0;
    try {
      while (found < count) {
        if (found == bytes.length) {
          bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * found));
        }
        int read = in.read(bytes, found, bytes.length - found);
        if (read < 0) {
          throw truncated(name, found, count);
        }
        found += read;
      }
      if (in.read() >= 0) {
        throw new FormatException(name + ": has more than the " + count + " bytes it declares");
      }
    } catch (EOFException e) {
      if (found == count) {
        throw new FormatException(name + ": the gzip data ends before its checksum");
      }
      throw truncated(name, found, count);
    }
    return bytes;
  }

  private static FormatException truncated(String name, long found, long count) {
    return new FormatException(name + ": ends after " + found + " of " + count + " bytes");
  }

  private static int bigEndian(byte[] bytes, int at) {
    return ((bytes[at] & 0xFF) << 24)
        | ((bytes[at + 1] & 0xFF) << 16)
        | ((bytes[at + 2] & 0xFF) << 8)
        | (bytes[at + 3] & 0xFF);
  }
}
