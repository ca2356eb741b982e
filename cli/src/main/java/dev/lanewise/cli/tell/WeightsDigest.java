package dev.lanewise.cli.tell;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 over parameters as little-endian float32, one after the other. */
public final class WeightsDigest {
  private WeightsDigest() {}

  public static String sha256(List<float[]> parameters) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (float[] parameter : parameters) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(parameter.length, Float.BYTES));
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(parameter);
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
