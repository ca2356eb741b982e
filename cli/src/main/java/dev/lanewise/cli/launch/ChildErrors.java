package dev.lanewise.cli.launch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Passes on what the child writes to its standard error, but for the JVM's line on the incubator
 * module, which this JVM has written itself. No option keeps a JVM from writing it.
 *
 * <p>Like {@link Main} this is Java 8 code.
 */
final class ChildErrors {
  private static final byte[] WARNING =
      ("WARNING: Using incubator modules: " + JavaHomes.VECTOR_MODULE)
          .getBytes(StandardCharsets.US_ASCII);

  private static final int ELSEWHERE = -1;

  /** How much of the warning has been met and is held back; {@link #ELSEWHERE} within a line. */
  private int matched;

  private boolean met;

  /** Copies to the end; what cannot be written any more is read all the same. */
  void copy(InputStream from, OutputStream to) {
    byte[] buffer = new byte[8192];
    try {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        to.write(left(buffer, count));
        to.flush();
      }
      if (matched > 0) {
        to.write(WARNING, 0, matched);
        to.flush();
      }
    } catch (IOException e) {
      // The child is gone, or whoever reads this JVM's errors: nobody is left to be told.
      return;
    }
  }

  private byte[] left(byte[] bytes, int count) {
    ByteArrayOutputStream left = new ByteArrayOutputStream(count);
    for (int i = 0; i < count; i++) {
      byte next = bytes[i];
      if (isHeldBack(next)) {
        continue;
      }
      if (matched > 0) {
        left.write(WARNING, 0, matched);
      }
      left.write(next);
      matched = next == '\n' && !met ? 0 : ELSEWHERE;
    }
    return left.toByteArray();
  }

  private boolean isHeldBack(byte next) {
    if (matched == ELSEWHERE) {
      return false;
    }
    if (matched < WARNING.length) {
      boolean same = next == WARNING[matched];
      matched += same ? 1 : 0;
      return same;
    }
    if (next == '\n') {
      met = true;
      matched = ELSEWHERE;
    }
    return next == '\n' || next == '\r';
  }
}
