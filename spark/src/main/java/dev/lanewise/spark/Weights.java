package dev.lanewise.spark;

import dev.lanewise.engine.backend.Parameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digest of weights that the program prints as {@code weights_sha256}. */
final class Weights {
  private Weights() {}

  static String sha256(Parameters parameters) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (float[] values : parameters.values()) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
